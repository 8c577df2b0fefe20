import type { Judgement } from '../../domain/masters.ts'
import { nzVenues } from '../../domain/reconcile/nz-venues.ts'
import { type VenueAlias, VenueDirectory } from '../../domain/reconcile/venues.ts'
import { UsageError } from '../../errors.ts'
import type { ObservationHeader, Place } from '../../repositories/observations.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { applied } from '../applied.ts'
import type { WriteCounts } from '../counts.ts'
import type { AppDeps } from '../ports.ts'
import { reconcileDates } from './reconcile-dates.ts'

export interface AliasChange {
  readonly counts: WriteCounts
  /** Racing dates on which a place has become another, all decided anew. */
  readonly dates: number
  /** False where the alias was there already, word for word. */
  readonly isNew: boolean
}

/** Adds an alias, and decides every day anew on which it changes a place. */
export function addAlias(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  alias: VenueAlias,
  isDryRun: boolean,
): Promise<AliasChange> {
  return applied(deps, isDryRun, async (repositories, now) => {
    const stored = await repositories.aliases.all()
    const problem = aliasProblem(alias, stored)
    if (problem !== null) throw new UsageError(problem)
    const isNew = !stored.some((known) => sameAlias(known, alias))
    const dates = isNew ? await reconcilePlaces(repositories, alias) : []
    if (isNew) await repositories.aliases.add(alias)
    return { ...(await again(repositories, dates, now)), isNew }
  })
}

/** Removes an alias that was added or learned; those of the program's own table stay. */
export function removeAlias(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  alias: Pick<VenueAlias, 'source' | 'kind' | 'text'>,
  isDryRun: boolean,
): Promise<AliasChange> {
  return applied(deps, isDryRun, async (repositories, now) => {
    const known = (await repositories.aliases.all()).filter(
      ({ source, kind, text }) =>
        source === alias.source && kind === alias.kind && text === alias.text,
    )
    if (known.length === 0) {
      throw new UsageError(
        `there is no alias ${alias.kind} ${JSON.stringify(alias.text)} of ${alias.source}`,
        '`harness reconcile alias list` shows them; the built-in ones cannot be removed.',
      )
    }
    const dates = new Set<string>()
    await repositories.aliases.remove(alias)
    for (const one of known) {
      for (const date of await reconcilePlaces(repositories, one)) dates.add(date)
    }
    return { ...(await again(repositories, [...dates], now)), isNew: false }
  })
}

/** Why an alias is refused; null where nothing is wrong with it. */
export function aliasProblem(alias: VenueAlias, stored: readonly VenueAlias[]): string | null {
  const { text, venue, kind, source, validFrom, validTo } = alias
  if (text.trim() === '' || venue.trim() === '') return 'an alias needs a text and a venue'
  if (text.length > 200 || venue.length > 200) return 'an alias is at most 200 letters long'
  if (validFrom !== null && validTo !== null && validFrom > validTo)
    return `the alias would hold from ${validFrom} to ${validTo}: the dates are reversed`
  const others = [...nzVenues, ...stored.filter((known) => !isOlderSelf(known, alias))]
  const directory = new VenueDirectory(others)
  const date = validFrom ?? validTo ?? '2000-01-01'
  const of = source === 'any' ? 'manual' : source
  const meant = directory.key(venue, 'venue', of, date)
  const known = directory.key(text, kind, of, date)
  if (kind === 'club' && !directory.knowsClub(text, of, date)) return null
  return known !== meant && directory.isKnown(known) && directory.isKnown(meant)
    ? `${JSON.stringify(text)} is a known venue of its own (${known}): as an alias of ${venue} it would join two places`
    : null
}

/**
 * Racing dates on which the alias makes a difference: some meeting's place or club is under another
 * key with it than without it. Asked before it is added, or after it was removed.
 */
export async function reconcilePlaces(
  repositories: Repositories,
  alias: VenueAlias,
): Promise<string[]> {
  const stored = (await repositories.aliases.all()).filter((known) => !sameAlias(known, alias))
  const without = new VenueDirectory([...nzVenues, ...stored])
  const withIt = new VenueDirectory([
    ...nzVenues,
    ...stored.filter((known) => !isOlderSelf(known, alias)),
    alias,
  ])
  const key = (directory: VenueDirectory, { source, date, venue, club }: Place): string =>
    [
      venue === null ? '' : directory.key(venue, 'venue', source, date),
      club === null ? '' : directory.key(club, 'club', source, date),
      club !== null && directory.knowsClub(club, source, date),
    ].join('|')
  const places = await repositories.observations.places()
  const dates = places.filter((place) => key(without, place) !== key(withIt, place))
  return [...new Set(dates.map(({ date }) => date))].sort()
}

/** What a confirmed match teaches: the unknown name of the two is the known venue. */
export async function learnedAlias(
  repositories: Repositories,
  left: readonly ObservationHeader[],
  right: readonly ObservationHeader[],
): Promise<VenueAlias | null> {
  const stored = await repositories.aliases.all()
  const directory = new VenueDirectory([...nzVenues, ...stored])
  const placeOf = ({ venue, source, date }: ObservationHeader): string | null =>
    venue === null ? null : directory.key(venue, 'venue', source, date)
  for (const a of left) {
    for (const b of right) {
      const [here, there] = [placeOf(a), placeOf(b)]
      if (here === null || there === null || here === there) continue
      // Neither known: HRNZ writes the club's ground as it is called there.
      const [unknown, known] = directory.isKnown(here) ? [b, a] : [a, b]
      const alias: VenueAlias = {
        source: unknown.source,
        kind: 'venue',
        text: unknown.venue!,
        venue: known.venue!,
        validFrom: null,
        validTo: null,
      }
      if (aliasProblem(alias, stored) === null) return alias
    }
  }
  return null
}

/** The alias that a decision taught, from its evidence. */
export function aliasOf({ evidence }: Pick<Judgement, 'evidence'>): VenueAlias | null {
  const { alias } = JSON.parse(evidence) as { alias?: VenueAlias }
  return alias ?? null
}

async function again(
  repositories: Repositories,
  dates: readonly string[],
  now: string,
): Promise<{ counts: WriteCounts; dates: number }> {
  const { counts } = await reconcileDates(repositories, { dates, touched: 'all', now })
  return { counts, dates: dates.length }
}

/** What adding the alias replaces: the same text of the same source from the same day on. */
function isOlderSelf(known: VenueAlias, alias: VenueAlias): boolean {
  return (
    known.source === alias.source &&
    known.kind === alias.kind &&
    known.text === alias.text &&
    known.validFrom === alias.validFrom
  )
}

function sameAlias(a: VenueAlias, b: VenueAlias): boolean {
  return isOlderSelf(a, b) && a.venue === b.venue && a.validTo === b.validTo
}
