import { realpathSync } from 'node:fs'
import { Flags } from '@oclif/core'
import { configFile } from '../cli/context/config.ts'
import type { Context } from '../cli/context/context.ts'
import { ask, canAsk } from '../cli/review/prompt.ts'
import { rangeFlagsOf } from '../cli/text/seasons.ts'
import { cronLines, systemdUnit } from '../cli/text/schedule-lines.ts'
import { type Answer, UnrecordedCommand } from '../cli/command/unrecorded-command.ts'
import { writeConfig } from '../cli/context/write-config.ts'

export default class Init extends UnrecordedCommand<typeof Init> {
  static override summary = 'write the config file and show how to run harness by itself'
  static override description =
    'Asks for what is not given when there is a terminal. Settings that are there already stay.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --contact you@example.org --seasons 2019..2024 --yes',
  ]

  static override flags = {
    contact: Flags.string({
      helpValue: 'E-MAIL',
      summary: 'Where the sources can reach you; sent with every request.',
    }),
    seasons: Flags.string({
      helpValue: 'YEARS',
      summary: 'Seasons that you want to have: 2023, or 2019..2024.',
    }),
  }

  protected override readonly configFileMayBeMissing = true

  protected async act(context: Context): Promise<Answer> {
    const { settings, file } = context.config
    const asking = canAsk() && !this.flags.yes
    const question = async (text: string, now: string | null): Promise<string | undefined> =>
      asking ? (await ask(text, now ?? '', context.signal)) || undefined : undefined
    const answers = {
      contact:
        this.flags.contact ??
        (await question('Your e-mail address, for the sources:', settings.contact)),
      db: this.flags.db ?? (await question('Where to keep the database:', settings.db)),
      seasons:
        this.flags.seasons ??
        (await question('Seasons wanted (2023 or 2019..2024):', settings.seasons)),
    }
    const changes = Object.fromEntries(
      Object.entries(answers).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
    await writeConfig(file, changes)
    const installation = {
      node: process.execPath,
      script: realpathSync(process.argv[1] ?? 'harness'),
      configFile: configFile(process.env).named ? file : null,
    }
    const [cron, systemd] = [cronLines(installation), systemdUnit(installation)]
    const seasons = answers.seasons ?? settings.seasons
    const next = `harness discover ${seasons === null ? '--days 7' : rangeFlagsOf(seasons)}`
    const lines = [
      `wrote ${file}`,
      ...(changes['contact'] === undefined && settings.contact === null
        ? ['no contact address yet: set one with `harness init --contact you@example.org`']
        : []),
      '',
      'For cron (crontab -e):',
      ...cron,
      '',
      'Or, in place of the second line, ~/.config/systemd/user/harness-capture.service:',
      ...systemd,
      '',
      `next: ${next}`,
    ]
    return {
      object: { file, settings: changes, cron, systemd, next },
      text: `${lines.join('\n')}\n`,
    }
  }
}
