import type { MeetingObservation } from '../observation.ts'
import { venueWords } from '../reconcile/venues.ts'
import { hrnzMeetingKey, hrnzRaceKey } from '../source-keys.ts'

/**
 * The number of a club as the registered pages have it: theirs is in their file names. Undefined
 * where the club is unknown, or where two numbers are known for one name.
 */
export function clubNumberOf(
  club: string,
  known: readonly { readonly club: string | null; readonly clubNumber: string | null }[],
): string | undefined {
  const words = venueWords(club)
  const numbers = new Set(
    known.flatMap((page) =>
      page.club !== null && page.clubNumber !== null && venueWords(page.club) === words
        ? [page.clubNumber]
        : [],
    ),
  )
  return numbers.size === 1 ? [...numbers][0] : undefined
}

/** The same observation under the keys that the club's number gives it. */
export function withClubNumber(
  observation: MeetingObservation,
  clubNumber: string,
): MeetingObservation {
  const key = hrnzMeetingKey(observation.date, { number: clubNumber, name: '' })
  return {
    ...observation,
    key,
    clubNumber,
    races: observation.races.map((race) => {
      const raceKey = hrnzRaceKey(key, race.number)
      const below = (starterKey: string): string =>
        starterKey.slice(race.key.replace('hrnz:race:', 'hrnz:starter:').length)
      return {
        ...race,
        key: raceKey,
        starters: race.starters.map((starter) => ({
          ...starter,
          key: raceKey.replace('hrnz:race:', 'hrnz:starter:') + below(starter.key),
        })),
      }
    }),
  }
}
