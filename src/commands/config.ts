import { shownValue } from '../cli/context/config.ts'
import type { Context } from '../cli/context/context.ts'
import { type Listing, ListingCommand } from '../cli/command/reading-command.ts'

export default class ConfigCommand extends ListingCommand<typeof ConfigCommand> {
  static override summary = 'show each setting and where it came from'
  static override description =
    'Flags win over the environment, the environment over the config file, the file over the default. Passwords and ping addresses are masked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format csv',
  ]

  protected async list(context: Context): Promise<Listing> {
    const { entries, file, fileExists } = context.config
    return {
      rows: entries.map(({ name, value, origin, where }) => ({
        setting: name,
        value: shownValue(name, value),
        origin,
        where: origin === 'default' ? null : where,
      })),
      columns: [
        { key: 'setting', title: 'SETTING' },
        { key: 'value', title: 'VALUE', wraps: true },
        { key: 'origin', title: 'FROM' },
        { key: 'where', title: 'WHERE', wraps: true },
      ],
      empty: 'no settings',
      note: fileExists
        ? `config file: ${file}`
        : `no config file at ${file}; \`harness init\` writes one`,
    }
  }
}
