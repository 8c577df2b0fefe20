import { JudgingCommand } from '../../cli/command/judging-command.ts'

export default class ReconcileDifferent extends JudgingCommand<typeof ReconcileDifferent> {
  static override summary = 'say that two meetings are two'
  static override description = 'They are not matched, and not asked about again.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 31 --reason "two days of one carnival" --dry-run',
    '<%= config.bin %> <%= command.id %> "2026-03-06 addington" 31',
  ]

  protected readonly verdict = 'different'
}
