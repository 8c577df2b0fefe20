import { Flags } from '@oclif/core'
import { HarnessCommand } from '../cli/command/base-command.ts'
import {
  broken,
  examineClock,
  examineConfig,
  examineDatabase,
  examineNode,
  type Finding,
} from '../cli/doctor/examine.ts'
import { examineLiveSite } from '../cli/doctor/examine-live-site.ts'
import { safeJson, safeText } from '../cli/text/safe-text.ts'

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
        'Fetch one page of each kind that HRNZ has (of its database with HARNESS_CONTACT alone), and hold it against what is believed of it.',
    }),
  }

  protected readonly stopsAtOnce = true

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
      // First, since it writes: a database that was opened for reading stays so.
      const live = this.flags.live ? await examineLiveSite(context, version) : []
      findings.push(...(await examineDatabase(context, version)), ...live)
    } catch (error) {
      findings.push(broken('start', error, version))
    }
    return findings
  }
}

function inWords({ check, state, message, next }: Finding): string {
  const label = { ok: 'ok      ', warning: 'warning ', broken: 'BROKEN  ' }[state]
  return `${label} ${check}: ${message}\n${next === null ? '' : `          ${next}\n`}`
}
