import { Flags } from '@oclif/core'
import type { Assumption, LivePage } from '../app/examine-live.ts'
import { HarnessCommand } from '../cli/base-command.ts'
import {
  broken,
  examineClock,
  examineConfig,
  examineDatabase,
  examineNode,
  type Finding,
} from '../cli/examine.ts'
import type { Context } from '../cli/context.ts'
import { safeJson, safeText } from '../cli/safe-text.ts'

export default class Doctor extends HarnessCommand<typeof Doctor> {
  static override summary = 'look for what is wrong and say what to do about it'
  static override description = 'Exit code 1 when something is broken, 0 with warnings alone.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --live',
  ]
  static override flags = {
    live: Flags.boolean({
      summary:
        'Fetch one page of each kind that HRNZ has, and hold it against what is believed of it.',
    }),
  }

  protected readonly stopsAtOnce = true

  async #live(context: Context): Promise<Finding[]> {
    await context.openForWriting(null)
    const { examineLive } = await import('../app/examine-live.ts')
    const pages = await examineLive({
      ...context.deps,
      hrnz: await context.hrnzPages(),
      fetcher: await context.fetcher('hrnz'),
    })
    return pages.flatMap(ofLivePage)
  }

  async run(): Promise<void> {
    const findings = await this.#examine()
    const isBroken = findings.some(({ state }) => state === 'broken')
    if (this.flags.json) this.writeData(`${safeJson({ broken: isBroken, findings }, 2)}\n`)
    else this.writeData(safeText(findings.map(inWords).join('')))
    process.exitCode = isBroken ? 1 : 0
  }

  /** Goes on as far as it can: a bad setting must not hide a module that does not load. */
  async #examine(): Promise<Finding[]> {
    const { version, pjson } = this.config
    const findings = [examineNode(process.versions.node, String(pjson.engines?.['node'] ?? '>=20'))]
    try {
      const context = await this.context()
      findings.push(...examineConfig(context))
      findings.push(examineClock(context.clock.now(), context.config.settings.clock))
      findings.push(...(await examineDatabase(context, version)))
      if (this.flags.live) findings.push(...(await this.#live(context)))
    } catch (error) {
      findings.push(broken('start', error, version))
    }
    return findings
  }
}

/** A page that is not as expected is a warning: its bytes are kept, and nothing is lost by it. */
function ofLivePage({
  page,
  url,
  expected,
  found,
  isAsExpected,
  assumptions,
}: LivePage): Finding[] {
  const state = isAsExpected ? 'ok' : 'warning'
  const where = url === null ? '' : ` (${url})`
  const message = `expected ${expected}; found ${found}${where}`
  const next = isAsExpected ? null : 'Look at the page in a browser, and report the difference.'
  return [
    { check: page, state, message, next },
    ...assumptions.map((one) => ofAssumption(page, one)),
  ]
}

const ofAssumption = (page: string, { grade, text, holds }: Assumption): Finding => ({
  check: page,
  state: holds ? 'ok' : 'warning',
  message: `${holds ? 'holds' : 'does not hold'} (graded ${grade}): ${text}`,
  next: null,
})

function inWords({ check, state, message, next }: Finding): string {
  const label = { ok: 'ok      ', warning: 'warning ', broken: 'BROKEN  ' }[state]
  return `${label} ${check}: ${message}\n${next === null ? '' : `          ${next}\n`}`
}
