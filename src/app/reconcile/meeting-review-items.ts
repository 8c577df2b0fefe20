import type { ReviewItem } from '../../domain/masters.ts'
import type { MeetingQuestion } from '../../domain/reconcile/group-meetings.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** Puts the questions about the meetings of some dates in place of those that stood. */
export async function replaceMeetingQuestions(
  { reviews }: Repositories,
  questions: readonly MeetingQuestion[],
  meetingOf: ReadonlyMap<string, number>,
  retired: readonly number[],
): Promise<void> {
  const ids = [...new Set([...meetingOf.values(), ...retired])]
  const open = await reviews.ofSubjects('meeting', ids)
  if (open.length === 0 && questions.length === 0) return
  const items = questions.map((question): ReviewItem => {
    const [subject, other] = question.keys
    return {
      kind: 'meeting',
      code: 'possible-same-meeting',
      subject,
      other,
      subjectId: meetingOf.get(subject)!,
      otherId: meetingOf.get(other)!,
      question: questionText(question),
      evidence: JSON.stringify(question),
      priority: Math.round(100 * Math.max(question.venue, question.overlap ?? 0)),
    }
  })
  await reviews.replace('meeting', ids, items)
}

function questionText({ reason, venue, overlap }: MeetingQuestion): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  const horses =
    overlap === null ? 'a card is not known yet' : `${percent(overlap)} of horses in common`
  const why = {
    'two-candidates': 'More than one meeting of the day fits',
    'near-the-line': 'Near enough to ask',
    'same-venue-other-card': 'The same place, but other horses',
    'same-horses': 'No horse runs at two places on one day',
  }
  return `One meeting? ${why[reason]} (places ${percent(venue)} alike, ${horses}).`
}
