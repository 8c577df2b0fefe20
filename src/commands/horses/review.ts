import { counted } from '../../domain/counted.ts'
import { noCounts } from '../../app/counts.ts'
import type { Context } from '../../cli/context/context.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import type { Finished } from '../../cli/command/write-summary.ts'

export default class HorsesReview extends WritingCommand<typeof HorsesReview> {
  static override summary = 'answer the open questions about horses'
  static override description =
    'One question a screen, those with most starts behind them first: y same, n different, u unsure, s snooze, p previous, e why, m more candidates, o pages, a all with the same evidence, q quit. What is answered is kept at once; the next review goes on from there. --json lists the questions, so that a script can answer them with `horses merge` and `horses split`.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  // No lock: a person thinks for minutes, and each answer is a unit of work of its own.

  protected async work(context: Context): Promise<Finished> {
    const counts = noCounts()
    const { horseReviewDesk } = await import('../../cli/review/horse-review-desk.ts')
    const { actorName } = await import('../../cli/text/decision-words.ts')
    const desk = await horseReviewDesk(context.deps, actorName())
    const { items } = desk
    counts.horses.review = items.length
    if (this.flags.json) {
      const questions = items.map((item) => ({
        code: item.code,
        question: item.question,
        horse: item.subjectId,
        other_horse: item.otherId,
        subject: item.subject,
        other: item.other,
        priority: item.priority,
        evidence: JSON.parse(item.evidence) as unknown,
      }))
      return {
        counts,
        warnings: [],
        partial: false,
        outcome: `${items.length} open questions listed`,
        json: { counts, warnings: [], questions },
      }
    }
    if (items.length === 0) {
      return {
        counts,
        warnings: [],
        partial: false,
        outcome:
          'no open questions; `harness horses match --all` decides every horse anew, `harness report quality` shows what else is doubtful',
        lines: [],
      }
    }
    const { review, reviewTerminal } = await import('../../cli/review/review-session.ts')
    const terminal = reviewTerminal('`harness horses review --json` lists the questions.')
    const { answered, left } = await review(desk, terminal, context.signal)
    return {
      counts,
      warnings: [],
      partial: false,
      outcome: `${counted(answered, 'question')} answered, ${left} left; \`harness horses history\` lists the answers`,
      lines: [],
    }
  }
}
