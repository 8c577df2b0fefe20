import { createHash } from 'node:crypto'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { MeetingObservation } from '../../domain/observation.ts'
import { clubNumberOf, withClubNumber } from '../../domain/scraping/club-numbers.ts'
import type { ObservationHeader } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** Hash of the canonical tree. */
export function digestOf(observation: MeetingObservation): string {
  return createHash('sha256').update(canonicalJson(observation)).digest('hex')
}

/**
 * A renamed page is known by its club's name until the club's number is learned, from either side:
 * an observation without it takes the number that the day already knows, and one that brings it
 * gives it to what came before under the name. One meeting, one key.
 */
export async function underClubNumber(
  repositories: Repositories,
  observation: MeetingObservation,
): Promise<{ readonly observation: MeetingObservation; readonly rekeyed: boolean }> {
  const { source, date, club, clubNumber } = observation
  if (source !== 'hrnz_scraper' || club === undefined) return { observation, rekeyed: false }
  const headers = await repositories.observations.listByDates([date])
  const ofSource = headers.filter((header) => header.source === source && header.club !== null)
  if (clubNumber === undefined) {
    const number = clubNumberOf(club, ofSource)
    return {
      observation: number === undefined ? observation : withClubNumber(observation, number),
      rekeyed: false,
    }
  }
  const numbered = new Set(
    ofSource.flatMap(({ key, kind }) => (key === observation.key ? [kind] : [])),
  )
  const standIns = ofSource.filter(
    (header) =>
      header.clubNumber === null &&
      !numbered.has(header.kind) &&
      clubNumberOf(club, [{ club: header.club, clubNumber }]) === clubNumber,
  )
  for (const header of standIns) await rekey(repositories, header, clubNumber)
  return { observation, rekeyed: standIns.length > 0 }
}

async function rekey(
  { observations, judgements }: Repositories,
  header: ObservationHeader,
  clubNumber: string,
): Promise<void> {
  const said = (await observations.loadTrees([header.id])).get(header.id)!
  const tree = withClubNumber(said, clubNumber)
  const { id, key } = header
  await observations.rekey({ id, key: tree.key, clubNumber, digest: digestOf(tree), tree })
  for (const level of ['meeting', 'race', 'starter']) {
    const under = (meetingKey: string): string =>
      meetingKey.replace('hrnz:meeting:', `hrnz:${level}:`)
    await judgements.rekey(under(key), under(tree.key))
  }
}
