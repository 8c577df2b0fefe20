import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context.ts'
import { formatFlag } from '../../cli/flags.ts'
import { type Answer, ReadingCommand } from '../../cli/reading-command.ts'
import { renderRows } from '../../cli/render.ts'
import { safeJson } from '../../cli/safe-text.ts'

const columns = [
  { key: 'status', title: 'STATUS' },
  { key: 'id', title: 'RULE' },
  { key: 'scope', title: 'SCOPE' },
  { key: 'numerator', title: 'FOUND', align: 'right' },
  { key: 'denominator', title: 'OF', align: 'right' },
  { key: 'notYet', title: 'NOT YET', align: 'right' },
  { key: 'next', title: 'NEXT' },
] as const

export default class ReportQuality extends ReadingCommand<typeof ReportQuality> {
  static override summary = 'measure what is missing, impossible or in doubt'
  static override description =
    'Each rule counts what it finds among what it looks at; what cannot be there yet (a race has 48 hours for its result) is counted apart. Seasons, venues and sources are shown with --by; --json holds them all.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --by season --format csv',
    '<%= config.bin %> <%= command.id %> --fail-on error --quiet',
  ]
  static override flags = {
    ...formatFlag,
    by: Flags.option({
      options: ['season', 'venue', 'source'] as const,
      multiple: true,
      summary: 'Break the counts down as well.',
    })(),
    'fail-on': Flags.option({
      options: ['warn', 'error'] as const,
      summary: 'Leave with 1 when a rule over everything is that bad.',
    })(),
  }

  protected async read(context: Context): Promise<Answer> {
    const { reports } = await context.openForReading()
    const [{ reportQuality }, { worstStatus }] = await Promise.all([
      import('../../app/report-quality.ts'),
      import('../../domain/quality/quality-metrics.ts'),
    ])
    const { by, format, json } = this.flags
    const whole = json || (format !== undefined && format !== 'table')
    const breakdown = by ?? (whole ? (['season', 'venue', 'source'] as const) : [])
    const metrics = await reportQuality({ ...context.deps, reports }, ['all', ...breakdown])
    const worst = worstStatus(metrics.filter(({ scope }) => scope === 'all'))
    const failOn = this.flags['fail-on']
    const fails =
      worst === 'error' || worst === 'warn' ? failOn === 'warn' || worst === failOn : false
    const rows = metrics.map((metric) => ({
      ...metric,
      next: metric.status === 'ok' ? '' : metric.next,
    }))
    return {
      object: { metrics },
      text:
        format === 'json'
          ? `${safeJson({ metrics }, 2)}\n`
          : await renderRows(rows, columns, format ?? 'table'),
      exitCode: fails ? 1 : 0,
    }
  }
}
