import { Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { formatFlag, limitFlag } from '../../cli/command/flags.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'
import type { Format } from '../../cli/text/render.ts'
import { safeJson } from '../../cli/text/safe-text.ts'
import { qualityRules } from '../../domain/quality/quality-rules.ts'

export default class ReportQuality extends ReadingCommand<typeof ReportQuality> {
  static override summary = 'measure what is missing, impossible or in doubt'
  static override description =
    'Each rule counts what it finds among what it looks at; what cannot be there yet (a race has 48 hours for its result) is counted apart. Seasons, venues and sources are shown with --by; --json holds them all. --rule lists what one rule finds, newest first, and names the command that mends it.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --rule winner-missing',
    '<%= config.bin %> <%= command.id %> --by season --format csv',
    '<%= config.bin %> <%= command.id %> --fail-on error --quiet',
  ]
  static override flags = {
    ...formatFlag,
    ...limitFlag,
    by: Flags.option({
      options: ['season', 'venue', 'source'] as const,
      multiple: true,
      summary: 'Break the counts down as well.',
    })(),
    'fail-on': Flags.option({
      options: ['warn', 'error'] as const,
      summary: 'Leave with 1 when a rule over everything is that bad.',
    })(),
    rule: Flags.option({
      // Every runner is without a rating so far.
      options: qualityRules.map(({ id }) => id).filter((id) => id !== 'rating-missing'),
      helpValue: 'RULE',
      summary: 'List what this rule finds: the newest 20, or --limit of them.',
      exclusive: ['by', 'fail-on'],
    })(),
  }

  protected async read(context: Context): Promise<Answer> {
    const { reports } = await context.openForReading()
    const { by, json, rule, limit, 'fail-on': failOn } = this.flags
    const format = this.flags.format ?? 'table'
    const { findingsText, metricsText } = await import('../../cli/text/quality-text.ts')
    const deps = { ...context.deps, reports }
    if (rule !== undefined) {
      const { findByRule } = await import('../../app/report/quality-findings.ts')
      const found = await findByRule(deps, rule, limit ?? 20)
      if (found.findings.length === 0) this.say('This rule finds nothing.')
      return answer({ rule, ...found }, await findingsText(found, format), format)
    }
    const { reportQuality } = await import('../../app/report/report-quality.ts')
    const { worstStatus } = await import('../../domain/quality/quality-metrics.ts')
    const isWhole = json || format !== 'table'
    const breakdown = by ?? (isWhole ? (['season', 'venue', 'source'] as const) : [])
    const metrics = await reportQuality(deps, ['all', ...breakdown])
    const worst = worstStatus(metrics.filter(({ scope }) => scope === 'all'))
    const isBad = worst === 'error' || (worst === 'warn' && failOn === 'warn')
    return {
      ...answer({ metrics }, await metricsText(metrics, format), format),
      exitCode: failOn !== undefined && isBad ? 1 : 0,
    }
  }
}

/** `--format json` writes the same object as `--json`. */
function answer(object: unknown, text: string, format: Format): Answer {
  return { object, text: format === 'json' ? `${safeJson(object, 2)}\n` : text }
}
