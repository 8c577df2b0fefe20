import { counted } from '../../domain/counted.ts'
import { noCounts } from '../../app/counts.ts'
import type { Context } from '../../cli/context/context.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import type { Finished } from '../../cli/command/write-summary.ts'

export default class ReconcileReview extends WritingCommand<typeof ReconcileReview> {
  static override summary = 'answer the open questions about meetings'
  static override description =
    'One question a screen, the likeliest first: y same, n different, u unsure, s snooze, p previous, e why, o pages, a all with the same reason, q quit. What is answered is kept at once and never asked again. --json lists the questions, so that a script can answer them with `reconcile same` and `reconcile different`.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  // No lock: a person thinks for minutes, and each answer is a unit of work of its own.

  protected async work(context: Context): Promise<Finished> {
    const { meetingReviewDesk } = await import('../../cli/review/meeting-review-desk.ts')
    const { actorName } = await import('../../cli/text/decision-words.ts')
    const desk = await meetingReviewDesk(context.deps, actorName())
    const { items } = desk
    const finished = { counts: noCounts(), warnings: [], partial: false }
    if (this.flags.json) {
      const questions = items.map((item) => ({
        code: item.code,
        question: item.question,
        meeting: item.subjectId,
        other_meeting: item.otherId,
        subject: item.subject,
        other: item.other,
        priority: item.priority,
        evidence: JSON.parse(item.evidence) as unknown,
      }))
      return {
        ...finished,
        outcome: `${items.length} open questions listed`,
        json: { counts: finished.counts, warnings: [], questions },
      }
    }
    if (items.length === 0) {
      return {
        ...finished,
        outcome: 'no open questions; `harness reconcile list` shows what was brought together',
        lines: [],
      }
    }
    const { review, reviewTerminal } = await import('../../cli/review/review-session.ts')
    const terminal = reviewTerminal('`harness reconcile review --json` lists the questions.')
    const { answered, left } = await review(desk, terminal, context.signal)
    return {
      ...finished,
      outcome: `${counted(answered, 'question')} answered, ${left} left; \`harness reconcile list --decisions\` shows the answers`,
      lines: [],
    }
  }
}
