import type { RaceObservation } from '../../domain/observation.ts'
import type { IssueList } from './issue-list.ts'

/** What a race that was read whole fulfils; what does not is reported, never repaired. */
export function checkRace(race: RaceObservation, issues: IssueList): void {
  const subject = `R${race.number}`
  const ran = race.starters.filter(({ scratched }) => scratched !== true)
  const placed = race.starters.flatMap(({ finishPosition }) => finishPosition ?? [])
  if (placed.length > 0 && !placed.includes(1))
    issues.add('winner-missing', subject, 'placings are given, and none of them is the first')
  const winners = placed.filter((position) => position === 1).length
  if (winners > 1 && placed.includes(2))
    issues.add('placing-conflict', subject, `${winners} winners and a second besides`)
  for (const starter of race.starters) {
    if (starter.scratched === true && starter.finishPosition !== undefined)
      issues.add(
        'scratched-with-placing',
        `${subject} ${starter.horseName}`,
        'scratched and placed',
      )
  }
  const withoutDriver = ran.filter(({ driver }) => driver === undefined)
  if (ran.length > 0 && withoutDriver.length > 0)
    issues.add(
      'driver-missing',
      subject,
      `${withoutDriver.length} of ${ran.length} runners have no driver`,
      withoutDriver.map(({ horseName }) => horseName).join(', '),
    )
  const paid = race.starters.reduce((sum, { stakeCents }) => sum + (stakeCents ?? 0), 0)
  if (race.stakeCents !== undefined && paid > race.stakeCents)
    issues.add('stakes-above-purse', subject, `${paid} cents paid of ${race.stakeCents}`)
  if (race.distanceM === undefined) issues.add('distance-missing', subject, 'no distance found')
  if (race.gait === undefined) issues.add('gait-missing', subject, 'neither pace nor trot is named')
  if (race.startType === 'mobile' && race.starters.some(({ handicapM }) => (handicapM ?? 0) > 0))
    issues.add('handicap-on-mobile', subject, 'a mobile start has handicaps')
  const numbers = race.starters.flatMap(({ number }) => number ?? [])
  if (new Set(numbers).size < numbers.length)
    issues.add('book-number-twice', subject, 'two horses have one book number')
}
