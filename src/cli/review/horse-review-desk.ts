import { counted } from '../../domain/counted.ts'
import {
  openHorseQuestions,
  answerQuestions,
  evidencePattern,
} from '../../app/horses/horse-questions.ts'
import { undoDecision } from '../../app/horses/horse-decisions.ts'
import type { AppDeps } from '../../app/ports.ts'
import { showQuestion, type ShownSide } from '../../app/horses/show-question.ts'
import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import type { ReviewItem } from '../../domain/masters.ts'
import type { ReviewQuestion, ReviewSide } from './review-screen.ts'
import type { ReviewDesk } from './review-session.ts'
import { formWords } from '../text/form-words.ts'

const snoozeDays = 7

/** The open questions about horses, for the review screen. */
export async function horseReviewDesk(
  deps: AppDeps,
  actor: string,
): Promise<ReviewDesk<ReviewItem>> {
  const items = await openHorseQuestions(deps)
  const patterns = new Map(items.map((item) => [item, evidencePattern(item)]))
  const done = new Map<ReviewItem, number | 'snoozed'>()
  const evidence = new Map<ReviewItem, string>()
  const alike = (item: ReviewItem): ReviewItem[] =>
    items.filter((other) => patterns.get(other) === patterns.get(item) && !done.has(other))
  return {
    items,
    show: async (item) => {
      const shown = await deps.unitOfWork.read((repositories) => showQuestion(repositories, item))
      if (shown === null) return null
      evidence.set(item, shown.evidence.join(' '))
      const question: ReviewQuestion = {
        title: `${item.code} · ${counted(item.priority % 1000, 'start')}`,
        question: item.question,
        left: sideOf(shown.left),
        right: sideOf(shown.right),
        evidence: shown.evidence,
        why: shown.why,
        candidates: shown.candidates,
        pages: shown.pages,
        alike: alike(item).length,
        remember: 'keep the evidence as it stands now with the decision',
      }
      return question
    },
    answer: async (item, { verdict, all, remember }) => {
      const answering = all ? alike(item) : [item]
      if (verdict === 'snooze') {
        const until = isoInstant(
          Date.parse(`${addDays(racingDate(deps.clock.now()), snoozeDays)}T00:00:00Z`),
        )
        await deps.unitOfWork.run(async ({ reviews }) => {
          for (const one of answering) await reviews.snooze(one, until)
        })
        for (const one of answering) done.set(one, 'snoozed')
        return `put off until ${until.slice(0, 10)}`
      }
      const outcome = await answerQuestions(deps, {
        items: answering,
        answer: verdict,
        actor,
        reason: remember ? (evidence.get(item) ?? null) : null,
      })
      if (outcome === null) return 'it had been settled meanwhile'
      for (const one of answering) done.set(one, outcome.number)
      const moved = outcome.moves.reduce((sum, move) => sum + move.starts, 0)
      return `decision ${outcome.number}: ${outcome.words}; ${counted(moved, 'start')} moved`
    },
    takeBack: async (item) => {
      const answer = done.get(item)
      if (answer === undefined) return
      if (answer === 'snoozed') await deps.unitOfWork.run(({ reviews }) => reviews.wake(item))
      else await undoDecision(deps, { number: answer, dryRun: false })
      for (const [one, same] of done) if (same === answer) done.delete(one)
    },
  }
}

const sideOf = ({ heading, fields, lines }: ShownSide): ReviewSide => ({
  heading,
  fields,
  events: lines.map((line) => ({ date: line.date, text: formWords(line) })),
})
