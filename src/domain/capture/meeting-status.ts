import type { RaceObservation, RaceStatus } from '../observation.ts'

/** A meeting is as far as the slowest of its races that are still to be run or were run. */
export function meetingStatus(races: readonly RaceObservation[]): RaceStatus | undefined {
  const statuses = races.flatMap((race) => (race.status === undefined ? [] : [race.status]))
  const run: readonly RaceStatus[] = statuses.filter((status) => status !== 'abandoned')
  if (run.length === 0) return statuses.length === 0 ? undefined : 'abandoned'
  return order.find((status) => run.includes(status))
}

const order: readonly RaceStatus[] = [
  'postponed',
  'scheduled',
  'open',
  'closed',
  'interim',
  'final',
]
