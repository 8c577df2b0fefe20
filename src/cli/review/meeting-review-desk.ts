import { counted } from '../../domain/counted.ts'
import { meetingWords } from '../../app/reconcile/find-meeting.ts'
import {
  meetingSides,
  type MeetingSide,
  openMeetingQuestions,
} from '../../app/reconcile/meeting-questions.ts'
import type { AppDeps } from '../../app/ports.ts'
import { judgeMeetings, undoMeetingDecision } from '../../app/reconcile/reconcile-decisions.ts'
import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import type { ReviewItem } from '../../domain/masters.ts'
import type { ReviewQuestion, ReviewSide } from './review-screen.ts'
import type { ReviewDesk } from './review-session.ts'

const snoozeDays = 7

/** The open questions about meetings, for the review screen. */
export async function meetingReviewDesk(
  deps: AppDeps,
  actor: string,
): Promise<ReviewDesk<ReviewItem>> {
  const items = await openMeetingQuestions(deps)
  const done = new Map<ReviewItem, number[] | 'snoozed'>()
  const alike = (item: ReviewItem): ReviewItem[] =>
    items.filter((other) => reasonOf(other) === reasonOf(item) && !done.has(other))
  return {
    items,
    show: async (item) => {
      const sides = await deps.unitOfWork.read((repositories) => meetingSides(repositories, item))
      return sides === null ? null : questionOf(item, sides, alike(item).length)
    },
    answer: async (item, { verdict, all }) => {
      const answering = all ? alike(item) : [item]
      if (verdict === 'snooze') {
        const date = addDays(racingDate(deps.clock.now()), snoozeDays)
        const until = isoInstant(Date.parse(`${date}T00:00:00Z`))
        await deps.unitOfWork.run(async ({ reviews }) => {
          for (const one of answering) await reviews.snooze(one, until)
        })
        for (const one of answering) done.set(one, 'snoozed')
        return `put off until ${date}`
      }
      const numbers: number[] = []
      let words = 'it had been settled meanwhile'
      for (const one of answering) {
        // An answer before this one can have settled it.
        const sides = await deps.unitOfWork.read((repositories) => meetingSides(repositories, one))
        if (sides === null) continue
        const decided = await judgeMeetings(deps, {
          a: one.subject,
          b: one.other ?? '',
          verdict,
          actor,
          reason: null,
          dryRun: false,
        })
        numbers.push(decided.number)
        done.set(one, numbers)
        words = `decision ${decided.number}: ${decided.words}`
      }
      return words
    },
    takeBack: async (item) => {
      const answer = done.get(item)
      if (answer === undefined) return
      if (answer === 'snoozed') {
        await deps.unitOfWork.run(({ reviews }) => reviews.wake(item))
        done.delete(item)
        return
      }
      for (const number of answer) await undoMeetingDecision(deps, { number, dryRun: false })
      for (const [one, same] of done) if (same === answer) done.delete(one)
    },
  }
}

function questionOf(
  item: ReviewItem,
  [left, right]: readonly [MeetingSide, MeetingSide],
  alike: number,
): ReviewQuestion {
  const { venue, overlap } = JSON.parse(item.evidence) as { venue: number; overlap: number | null }
  const common = left.horses.filter((horse) => right.horses.includes(horse)).length
  return {
    title: `${reasonOf(item)} · ${meetingWords(left.card.meeting)}`,
    question: item.question,
    left: sideOf(left),
    right: sideOf(right),
    evidence: [
      `${counted(common, 'horse')} on both cards`,
      `places ${Math.round(venue * 100)} % alike${overlap === null ? ', a card is not known yet' : ''}`,
    ],
    why: [
      'Meetings of two sources on one day are one when the place is the same, when a source’s own id is on both, or when places or cards are alike enough and nothing else fits as well.',
      `Here: ${reasonOf(item)}.`,
    ],
    candidates: [],
    pages: [...left.pages, ...right.pages],
    alike,
    remember: null,
  }
}

function sideOf({ card, headers, horses }: MeetingSide): ReviewSide {
  const { meeting, races } = card
  const numbers = races.map(({ race }) => race.raceNumber)
  const first = races.map(({ race }) => race.startTime ?? '').sort()[0] ?? ''
  return {
    heading: meetingWords(meeting),
    fields: [
      { label: 'venue', value: meeting.venue },
      { label: 'club', value: meeting.club ?? '' },
      { label: 'sources', value: [...new Set(headers.map(({ source }) => source))].join(', ') },
      { label: 'status', value: meeting.status },
      { label: 'races', value: numbers.join(' ') },
      { label: 'first start', value: first },
      { label: 'starters', value: String(horses.length) },
      { label: 'weather', value: meeting.weather ?? '' },
    ],
    events: [],
  }
}

function reasonOf({ evidence }: ReviewItem): string {
  return (JSON.parse(evidence) as { reason: string }).reason
}
