import { assign } from '../assignment.ts'
import type { Judgement } from '../masters.ts'
import { type Source, sourceOrder } from '../observation.ts'
import { type VenueDirectory, venueSimilarity } from './venues.ts'

/** What is known of one source's meeting when it is decided which meetings are one. */
export interface SourceMeeting {
  /** Source key. */
  readonly key: string
  readonly source: Source
  readonly date: string
  readonly venue: string | null
  readonly club: string | null
  readonly tabMeetingId: string | null
  /** `<club no>` of HRNZ, where known. */
  readonly clubNumber: string | null
  /** Name keys of the horses on the card; empty while unknown. */
  readonly horses: ReadonlySet<string>
}

export type MeetingRule = 'judgement' | 'exact' | 'source-id' | 'fuzzy' | 'new'

export interface MeetingEvidence {
  readonly keys: readonly [string, string]
  /** Similarity of the venues, 0 to 1. */
  readonly venue: number
  /** Share of horses in common, 0 to 1; null while a card is unknown. */
  readonly overlap: number | null
}

/** Source meetings that are one meeting, with the rules that brought them together. */
export interface MeetingGroup {
  readonly keys: readonly string[]
  readonly rule: MeetingRule
  readonly evidence: readonly MeetingEvidence[]
}

export interface MeetingQuestion extends MeetingEvidence {
  readonly reason: 'two-candidates' | 'near-the-line' | 'same-venue-other-card' | 'same-horses'
}

export const meetingPolicy = {
  venueSimilarity: 0.85,
  overlap: 0.6,
  /** Fewer horses on a card say nothing about another card. */
  minHorses: 10,
  /** A lead smaller than this over the runner-up is no decision. */
  gap: 0.15,
  /** What a pair is held back by while one of its cards is not known. */
  unknownCard: 0.25,
  /** Cards that share less are not one meeting, whatever the place. */
  vetoOverlap: 0.2,
  /** From here on a pair that did not link is worth a question. */
  askVenue: 0.7,
  askOverlap: 0.3,
}

/**
 * Decides which source meetings of one racing date are one meeting (identity.md section 2). A pure
 * function of the whole day, so that the order of arrival does not matter; the first rule that hits
 * wins. Two meetings of one source are never one, unless a judgement says so.
 */
export function groupMeetings(
  meetings: readonly SourceMeeting[],
  directory: VenueDirectory,
  judgements: readonly Pick<Judgement, 'a' | 'b' | 'verdict'>[],
): { readonly groups: readonly MeetingGroup[]; readonly questions: readonly MeetingQuestion[] } {
  const sorted = [...meetings].sort((a, b) => (a.key < b.key ? -1 : 1))
  const verdicts = new Map<string, Judgement['verdict']>()
  for (const { a, b, verdict } of judgements) {
    verdicts.set(`${a}|${b}`, verdict).set(`${b}|${a}`, verdict)
  }
  const groupOf = new Map<string, WorkingGroup>()
  for (const meeting of sorted)
    groupOf.set(meeting.key, { members: [meeting], rule: 'new', evidence: [] })

  const join = (a: SourceMeeting, b: SourceMeeting, rule: MeetingRule): void => {
    const left = groupOf.get(a.key)!
    const right = groupOf.get(b.key)!
    if (left === right) return
    left.members.push(...right.members)
    left.evidence.push(...right.evidence, evidenceOf(a, b, directory))
    left.rule = strongest(left.rule, right.rule, rule)
    for (const member of right.members) groupOf.set(member.key, left)
  }
  const judged = (a: SourceMeeting, b: SourceMeeting): Judgement['verdict'] | undefined =>
    verdicts.get(`${a.key}|${b.key}`)
  /** Hard vetoes of rules: other date, same source, a person's word, cards of other horses. */
  const vetoed = (a: SourceMeeting, b: SourceMeeting): boolean => {
    const left = groupOf.get(a.key)!
    const right = groupOf.get(b.key)!
    return left.members.some((x) =>
      right.members.some(
        (y) =>
          x.source === y.source ||
          judged(x, y) === 'different' ||
          (overlapOf(x, y) ?? 1) < meetingPolicy.vetoOverlap,
      ),
    )
  }

  forPairs(sorted, sorted, (a, b) => {
    if (a.key < b.key && judged(a, b) === 'same') join(a, b, 'judgement')
  })

  const doubts: { a: SourceMeeting; b: SourceMeeting; reason: MeetingQuestion['reason'] }[] = []
  const ask = (a: SourceMeeting, b: SourceMeeting, reason: MeetingQuestion['reason']): void => {
    if (judged(a, b) === undefined) doubts.push({ a, b, reason })
  }
  for (const [first, second] of sourcePairs) {
    const open = (source: Source, other: Source): SourceMeeting[] =>
      sorted.filter(
        (meeting) =>
          meeting.source === source &&
          !groupOf.get(meeting.key)!.members.some((member) => member.source === other),
      )
    linkUnique(
      open(first, second),
      open(second, first),
      (a, b) => samePlace(a, b, directory),
      'exact',
    )
    linkUnique(open(first, second), open(second, first), sameSourceId, 'source-id')
    linkFuzzy(open(first, second), open(second, first))
  }
  const groups = [...new Set(groupOf.values())].map((group) => ({
    keys: group.members.map((member) => member.key).sort(),
    rule: group.rule,
    evidence: group.evidence,
  }))
  // Who found another partner in the end is in no doubt any more.
  const isOpen = (a: SourceMeeting, b: SourceMeeting): boolean =>
    !groupOf.get(a.key)!.members.some((member) => member.source === b.source)
  const questions = doubts
    .filter(({ a, b }) => isOpen(a, b) && isOpen(b, a))
    .map(({ a, b, reason }) => ({ ...evidenceOf(a, b, directory), reason }))
  return { groups, questions: [...questions, ...sameHorses()] }

  /**
   * No horse runs at two places on one day: meetings of the same horses that were not joined (two of
   * one source: an import that has both sources' rows) are a question, one a pair of groups.
   */
  function sameHorses(): MeetingQuestion[] {
    const asked = (left: WorkingGroup, right: WorkingGroup): boolean =>
      questions.some(({ keys: [a, b] }) => {
        const sides = [groupOf.get(a), groupOf.get(b)]
        return sides.includes(left) && sides.includes(right)
      })
    const standing = [...new Set(groupOf.values())]
    return standing.flatMap((left, index) =>
      standing.slice(index + 1).flatMap((right): MeetingQuestion[] => {
        const pairs = left.members.flatMap((a) => right.members.map((b) => [a, b] as const))
        if (pairs.some(([a, b]) => judged(a, b) !== undefined) || asked(left, right)) return []
        const alike = pairs.filter(([a, b]) => (overlapOf(a, b) ?? 0) >= meetingPolicy.overlap)
        // Said of the two of one source it holds for all; of others it would leave one of them out.
        const [pair] = [...alike.filter(([a, b]) => a.source === b.source), ...alike]
        if (pair === undefined) return []
        return [{ ...evidenceOf(...pair, directory), reason: 'same-horses' }]
      }),
    )
  }

  /** Links pairs for which the test holds and that have no second candidate on either side. */
  function linkUnique(
    rows: readonly SourceMeeting[],
    columns: readonly SourceMeeting[],
    test: (a: SourceMeeting, b: SourceMeeting) => boolean,
    rule: MeetingRule,
  ): void {
    const hits: [SourceMeeting, SourceMeeting][] = []
    forPairs(rows, columns, (a, b) => {
      if (!test(a, b)) return
      if (!vetoed(a, b)) hits.push([a, b])
      else if (judged(a, b) !== 'different') ask(a, b, 'same-venue-other-card')
    })
    for (const [a, b] of hits) {
      if (hits.filter(([x, y]) => x === a || y === b).length === 1) join(a, b, rule)
    }
  }

  function linkFuzzy(rows: readonly SourceMeeting[], columns: readonly SourceMeeting[]): void {
    const scores = rows.map((a) =>
      columns.map((b) => (vetoed(a, b) ? 0 : scoreOf(evidenceOf(a, b, directory)))),
    )
    const cell = (row: number, column: number): number => scores[row]?.[column] ?? 0
    const taken: { a: SourceMeeting; b: SourceMeeting }[] = []
    for (const { row, column, score } of assign(rows.length, columns.length, cell)) {
      const a = rows[row]!
      const b = columns[column]!
      const evidence = evidenceOf(a, b, directory)
      const runnerUp = Math.max(
        0,
        ...columns.map((_, other) => (other === column ? 0 : cell(row, other))),
        ...rows.map((_, other) => (other === row ? 0 : cell(other, column))),
      )
      if (!isStrong(evidence)) {
        if (isNear(evidence)) ask(a, b, 'near-the-line')
      } else if (score - runnerUp < meetingPolicy.gap) ask(a, b, 'two-candidates')
      else taken.push({ a, b })
    }
    for (const { a, b } of taken) join(a, b, 'fuzzy')
  }
}

interface WorkingGroup {
  members: SourceMeeting[]
  rule: MeetingRule
  evidence: MeetingEvidence[]
}

const sourcePairs = sourceOrder.flatMap((a, index) =>
  sourceOrder.slice(index + 1).map((b): readonly [Source, Source] => [a, b]),
)

const ruleStrength: readonly MeetingRule[] = ['new', 'fuzzy', 'source-id', 'exact', 'judgement']
function strongest(...rules: MeetingRule[]): MeetingRule {
  return rules.reduce((a, b) => (ruleStrength.indexOf(b) > ruleStrength.indexOf(a) ? b : a))
}

function forPairs<T>(rows: readonly T[], columns: readonly T[], visit: (a: T, b: T) => void): void {
  for (const a of rows) for (const b of columns) visit(a, b)
}

/** The place a meeting is held at; a club's name is a place only where an alias says so. */
function placeOf(meeting: SourceMeeting, directory: VenueDirectory): string | null {
  if (meeting.venue !== null) {
    return directory.key(meeting.venue, 'venue', meeting.source, meeting.date)
  }
  return meeting.club !== null && directory.knowsClub(meeting.club, meeting.source, meeting.date)
    ? directory.key(meeting.club, 'club', meeting.source, meeting.date)
    : null
}

function samePlace(a: SourceMeeting, b: SourceMeeting, directory: VenueDirectory): boolean {
  const place = placeOf(a, directory)
  return place !== null && place === placeOf(b, directory)
}

/** TAB's meeting id, or HRNZ's (date, club number), however another source came to carry it. */
function sameSourceId(a: SourceMeeting, b: SourceMeeting): boolean {
  if (a.tabMeetingId !== null && a.tabMeetingId === b.tabMeetingId) return true
  return a.clubNumber !== null && a.clubNumber === b.clubNumber
}

function overlapOf(a: SourceMeeting, b: SourceMeeting): number | null {
  const smaller = Math.min(a.horses.size, b.horses.size)
  if (smaller < meetingPolicy.minHorses) return null
  let common = 0
  for (const horse of a.horses) if (b.horses.has(horse)) common++
  return common / smaller
}

/** A club often bears the name of its home: good for likeness, never for `exact`. */
function evidenceOf(
  a: SourceMeeting,
  b: SourceMeeting,
  directory: VenueDirectory,
): MeetingEvidence {
  const evidence = { keys: [a.key, b.key], overlap: overlapOf(a, b) } as const
  const here = placeOf(a, directory)
  const there = placeOf(b, directory)
  // Two known places are two places, however alike their names or their clubs are.
  if (here !== null && there !== null && directory.isKnown(here) && directory.isKnown(there)) {
    return { ...evidence, venue: here === there ? 1 : 0 }
  }
  let venue = 0
  forPairs(namesOf(a, here, directory), namesOf(b, there, directory), (x, y) => {
    venue = Math.max(venue, venueSimilarity(x, y))
  })
  return { ...evidence, venue }
}

function namesOf(
  { club, source, date }: SourceMeeting,
  place: string | null,
  directory: VenueDirectory,
): string[] {
  const names = place === null ? [] : [place]
  return club === null ? names : [...names, directory.key(club, 'club', source, date)]
}

/**
 * Cards, where both are known, count as much as names: two clubs can race at one place. A place alone
 * is worth less than a place with the same horses, or an abandoned meeting without a card would stand
 * in the way of the one that was held there.
 */
function scoreOf({ venue, overlap }: MeetingEvidence): number {
  return overlap === null ? Math.max(0, venue - meetingPolicy.unknownCard) : (venue + overlap) / 2
}

function isStrong({ venue, overlap }: MeetingEvidence): boolean {
  return venue >= meetingPolicy.venueSimilarity || (overlap ?? 0) >= meetingPolicy.overlap
}

function isNear({ venue, overlap }: MeetingEvidence): boolean {
  return venue >= meetingPolicy.askVenue || (overlap ?? 0) >= meetingPolicy.askOverlap
}
