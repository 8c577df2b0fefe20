import type { MeetingObservation, RaceObservation, StarterObservation } from '../observation.ts'
import type { MarketChanges } from './plan-market.ts'

/** One thing that is otherwise than at the last look, as `--format ndjson` writes it. */
export interface CaptureChange {
  readonly at: string
  readonly kind:
    | 'meeting'
    | 'status'
    | 'start-time'
    | 'scratching'
    | 'scratching-withdrawn'
    | 'result'
    | 'dividend'
  readonly date: string
  readonly venue: string | null
  readonly race: number | null
  readonly [field: string]: string | number | null
}

/** What a pass brought, in the order of the card: status and start, scratchings, result, dividends. */
export function captureChanges(
  before: MeetingObservation | undefined,
  after: MeetingObservation,
  dividends: MarketChanges['dividends'],
  at: string,
): CaptureChange[] {
  const place = { at, date: after.date, venue: after.venue ?? null }
  const changes: CaptureChange[] = []
  if (before === undefined) {
    changes.push({ ...place, kind: 'meeting', race: null, races: after.races.length })
  }
  const known = new Map(before?.races.map((race) => [race.key, race]))
  for (const race of after.races) {
    const eventId = race.key.replace('tab:event:', '')
    const here = { ...place, race: race.number, eventId }
    const was = known.get(race.key)
    if (race.status !== was?.status) {
      changes.push({ ...here, kind: 'status', from: was?.status ?? null, to: race.status ?? null })
    }
    if (was !== undefined && race.startTime !== was.startTime) {
      const [from, to] = [was.startTime ?? null, race.startTime ?? null]
      changes.push({ ...here, kind: 'start-time', from, to })
    }
    for (const row of starterChanges(was, race)) changes.push({ ...here, ...row })
    for (const { product, numbers, status, pays } of dividends.filter(
      (row) => row.eventId === eventId,
    )) {
      changes.push({ ...here, kind: 'dividend', product, numbers, status, pays: pays / 100 })
    }
  }
  return changes
}

type StarterChange = Pick<CaptureChange, 'kind'> & Record<string, string | number | null>

function starterChanges(was: RaceObservation | undefined, race: RaceObservation): StarterChange[] {
  const known = new Map(was?.starters.map((starter) => [starter.key, starter]))
  const changes: StarterChange[] = []
  const inOrder = [...race.starters].sort(
    (a, b) => (a.finishPosition ?? 99) - (b.finishPosition ?? 99),
  )
  for (const starter of inOrder) {
    const before = known.get(starter.key)
    const who = { number: starter.number ?? null, horse: starter.horseName }
    const isScratched = starter.scratched === true
    if (isScratched && before?.scratched !== true) {
      changes.push({ ...who, kind: 'scratching', scratchedAt: starter.scratchedAt ?? null })
    }
    if (!isScratched && before?.scratched === true) {
      changes.push({ ...who, kind: 'scratching-withdrawn' })
    }
    if (resultOf(starter) !== resultOf(before)) {
      const placing = starter.finishPosition ?? null
      const result = { placing, finish: starter.finishRaw ?? null }
      changes.push({ ...who, ...result, kind: 'result', margin: starter.marginRaw ?? null })
    }
  }
  return changes
}

const resultOf = (starter: StarterObservation | undefined): string =>
  [starter?.finishPosition, starter?.finishRaw, starter?.marginRaw, starter?.timeMs].join('|')
