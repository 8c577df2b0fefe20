import type { Context } from '../../cli/context/context.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'

export default class DbCheck extends ReadingCommand<typeof DbCheck> {
  static override summary = 'look for damage, and for rows that do not fit to each other'
  static override description =
    'Reads everything and changes nothing. Leaves with 1 when something is found, and says what to do about it.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected async read(context: Context): Promise<Answer> {
    const { care } = await context.openForReading()
    const { checkDatabase } = await import('../../app/care/check-database.ts')
    const findings = await checkDatabase({ ...context.deps, care })
    const lines = findings.flatMap(({ check, message, count, examples, next }) => [
      `${count} ${message} [${check}]`,
      ...examples.map((example) => `  ${example}`),
      ...(count > examples.length ? [`  and ${count - examples.length} more`] : []),
      `  next: ${next}`,
    ])
    if (findings.length === 0) lines.push(`${context.databaseName}: nothing is wrong`)
    return {
      object: { database: context.databaseName, ok: findings.length === 0, findings },
      text: `${lines.join('\n')}\n`,
      exitCode: findings.length === 0 ? 0 : 1,
    }
  }
}
