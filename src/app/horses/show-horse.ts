import { parentKey } from '../../domain/horses/cluster.ts'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import type { FormLine } from '../../domain/horses/form-line.ts'
import { type NameHit, searchNames } from '../../domain/horses/search-names.ts'
import type { HorseIdentifierRow, HorseName, HorseRow, Redirect } from '../../domain/masters.ts'
import { nameKey } from '../../domain/names.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { findHorse } from './find-horse.ts'

export interface FoundName extends NameHit {
  readonly horse: HorseRow
  readonly words: string
}

/** Horses whose name, or a former one, a person may have meant; best first. */
export async function searchHorses(
  { form, horses }: Repositories,
  words: string,
  limit: number,
): Promise<{ readonly found: readonly FoundName[]; readonly total: number }> {
  const hits = searchNames(nameKey(words), await form.allNames())
  const shown = hits.slice(0, limit)
  const rows = new Map(
    (await horses.load(shown.map(({ horseId }) => horseId))).map((horse) => [horse.id, horse]),
  )
  return {
    total: hits.length,
    found: shown.map((hit) => {
      const horse = rows.get(hit.horseId)!
      return { ...hit, horse, words: describeHorse(horse) }
    }),
  }
}

/** A start that a source tells of and no card holds. */
export interface FormGap {
  readonly date: string
  readonly track: string | null
}

export interface ShownHorse {
  readonly horse: HorseRow
  /** The id that was asked for, where it was merged into this horse. */
  readonly retiredId: number | null
  readonly names: readonly HorseName[]
  readonly identifiers: readonly HorseIdentifierRow[]
  readonly lines: readonly FormLine[]
  readonly gaps: readonly FormGap[]
  readonly progeny: readonly HorseRow[]
  /** Starts by the sources of their meeting, and by the rule that linked them. */
  readonly provenance: {
    readonly sources: Readonly<Record<string, number>>
    readonly rules: Readonly<Record<string, number>>
  }
  readonly retired: readonly Redirect[]
}

export async function showHorse(repositories: Repositories, words: string): Promise<ShownHorse> {
  const { horses, form } = repositories
  const { horse, retiredId } = await findHorse(repositories, words)
  const links = await horses.linksOfHorses([horse.id])
  const lines = await form.lines(links.map(({ starterId }) => starterId))
  const identifiers = await horses.identifiers([horse.id])
  const names = await horses.names([horse.id])
  const known = new Set(lines.map(({ date }) => date))
  const told = await form.pastStarts(identifiers)
  return {
    horse,
    retiredId,
    names,
    identifiers,
    lines,
    gaps: told.filter(({ date }) => !known.has(date)),
    progeny: await progenyOf(repositories, horse, names),
    provenance: {
      sources: countBy(lines, ({ dataSource }) => dataSource),
      rules: countBy(lines, ({ rule }) => rule ?? 'none'),
    },
    retired: await horses.redirectsTo([horse.id]),
  }
}

/** Horses seen racing whose sire or dam has this name; a stallion is no dam, nor a mare a sire. */
async function progenyOf(
  { form }: Repositories,
  horse: HorseRow,
  names: readonly HorseName[],
): Promise<HorseRow[]> {
  const own = new Set([horse.name, ...names.map(({ name }) => name)].map(parentKey))
  own.delete('')
  const found = await form.offspring(horse.name)
  const born = horse.foaledOn?.slice(0, 4) ?? '0000'
  return found.filter((foal) => {
    if (foal.id === horse.id || (foal.foaledOn !== null && foal.foaledOn.slice(0, 4) <= born))
      return false
    return own.has(parentKey(foal.sire)) || own.has(parentKey(foal.dam))
  })
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  const counts: Record<string, number> = {}
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1
  return counts
}
