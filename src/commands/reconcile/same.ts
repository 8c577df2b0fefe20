import { JudgingCommand } from '../../cli/command/judging-command.ts'

export default class ReconcileSame extends JudgingCommand<typeof ReconcileSame> {
  static override summary = 'say that two meetings are one'
  static override description =
    'The two become one meeting with one set of races. A name that the match confirms is learned as an alias.'

  protected readonly verdict = 'same'
}
