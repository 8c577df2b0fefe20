import { canonicalJson } from '../canonical-json.ts'
import { daysBetween } from '../dates.ts'
import type {
  HorseIdentifierRow,
  HorseName,
  HorseRow,
  LinkRow,
  LinkRule,
  PooledStarter,
} from '../masters.ts'
import { identifierKey } from '../names.ts'
import type { IdentifierScheme } from '../observation.ts'
import { allSchemes, parentKey, sexLine } from './cluster.ts'
import { raceAge } from './vetoes.ts'

/**
 * What must be known of a settled horse to add its next start without looking at all the others. A
 * horse is settled when no other horse shares a name or an identifier with it, no question is open
 * about it and no judgement speaks of it: then a start that carries one of its identifiers and
 * contradicts nothing can only be its own.
 */
interface HorseTally {
  /** Latest racing date of any of its starters, scratched ones included, and how many are on it. */
  readonly lastOn: string
  readonly onLast: number
  readonly starters: number
  /** Starters by identifier. */
  readonly ids: Readonly<Record<string, number>>
  readonly gaits: readonly string[]
  /** Name key → racing date of its first use. */
  readonly names: Readonly<Record<string, string>>
}

export function tallyOf(starters: readonly PooledStarter[]): string {
  let tally: HorseTally = {
    lastOn: '',
    onLast: 0,
    starters: 0,
    ids: {},
    gaits: [],
    names: {},
  }
  const ordered = [...starters].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  for (const starter of ordered) tally = counted(tally, starter, 1)
  return canonicalJson(tally)
}

/** A settled horse with its latest start added or replaced. */
export interface Advance {
  readonly horse: HorseRow
  readonly link: LinkRow
  readonly name: HorseName
  readonly identifiers: readonly HorseIdentifierRow[]
}

/**
 * Adds a start to a settled horse, or replaces its latest start by a fuller statement of it. Gives
 * null wherever that could decide anything (another name, a contradiction, a link by name alone, a
 * date out of order): then the whole neighbourhood has to be looked at. The caller has made sure
 * that no other horse has one of the start's keys.
 */
export function advance(
  horse: HorseRow,
  before: LinkRow | null,
  after: PooledStarter,
): Advance | null {
  if (horse.tally === null) return null
  const tally = JSON.parse(horse.tally) as HorseTally
  // A horse may be called Constructor, which every object has.
  const firstSeenAs = Object.hasOwn(tally.names, after.nameKey)
    ? tally.names[after.nameKey]
    : undefined
  if (firstSeenAs === undefined || !comesLast(tally, before, after)) return null
  if (contradicts(horse, tally, after) || outOfAge(horse, after)) return null
  if (before !== null && takesBack(before, after)) return null
  const others = before === null ? tally : counted(tally, before, -1)
  const rule: LinkRule | null = others.starters === 0 ? 'new' : ruleOf(others, after)
  if (rule === null) return null
  return {
    link: { ...after, horseId: horse.id, rule, decidedBy: 'rule' },
    horse: {
      ...horse,
      name: after.name,
      normalizedName: after.nameKey,
      sire: after.sire ?? horse.sire,
      dam: after.dam ?? horse.dam,
      damSire: after.damSire ?? horse.damSire,
      sex: after.sex ?? horse.sex,
      colour: after.colour ?? horse.colour,
      country: after.country ?? horse.country,
      foaledOn: after.foaledOn ?? horse.foaledOn,
      firstSeen: isStart(after) ? (horse.firstSeen ?? after.date) : horse.firstSeen,
      lastSeen: isStart(after) ? after.date : horse.lastSeen,
      raceCount:
        horse.raceCount + Number(isStart(after)) - Number(before !== null && isStart(before)),
      tally: canonicalJson(counted(others, after, 1)),
    },
    name: {
      horseId: horse.id,
      nameKey: after.nameKey,
      name: after.name,
      firstSeen: firstSeenAs,
      lastSeen: after.date,
    },
    identifiers: idsOf(after)
      .filter((identifier) => tally.ids[identifierKey(identifier)] === undefined)
      .map((identifier) => ({ horseId: horse.id, ...identifier })),
  }
}

/** Only what comes after all other starts leaves their rules as they are. */
function comesLast(tally: HorseTally, before: LinkRow | null, after: PooledStarter): boolean {
  if (before === null) return after.date > tally.lastOn
  return before.date === tally.lastOn && after.date === before.date && tally.onLast === 1
}

/** Anything known of the horse that the start says otherwise. */
function contradicts(horse: HorseRow, tally: HorseTally, after: PooledStarter): boolean {
  const differ = (a: string | number | null, b: string | number | null): boolean =>
    a !== null && a !== '' && b !== null && b !== '' && a !== b
  const unreadable = (text: string | null, key: string | null): boolean =>
    text !== null && (key === null || key === '')
  // The latest word of the horse may hide what an earlier start said.
  if (
    unreadable(horse.sire, parentKey(horse.sire)) ||
    unreadable(horse.dam, parentKey(horse.dam)) ||
    unreadable(horse.sex, sexLine(horse.sex))
  ) {
    return true
  }
  const year = (date: string | null): string | null => date?.slice(0, 4) ?? null
  return (
    differ(parentKey(horse.sire), parentKey(after.sire)) ||
    differ(parentKey(horse.dam), parentKey(after.dam)) ||
    differ(year(horse.foaledOn), year(after.foaledOn)) ||
    differ(sexLine(horse.sex), sexLine(after.sex)) ||
    (after.gait !== null && tally.gaits.length > 0 && !tally.gaits.includes(after.gait)) ||
    idsOf(after).some((identifier) => {
      const known = Object.keys(tally.ids).filter((key) => key.startsWith(`${identifier.scheme}:`))
      return known.length > 0 && !known.includes(identifierKey(identifier))
    })
  )
}

function outOfAge(horse: HorseRow, after: PooledStarter): boolean {
  const first = horse.firstSeen ?? after.date
  const foaledOn = after.foaledOn ?? horse.foaledOn
  const age = (date: string): number =>
    foaledOn === null ? raceAge.min : Number(date.slice(0, 4)) - Number(foaledOn.slice(0, 4))
  return (
    age(first) < raceAge.min ||
    age(after.date) > raceAge.max ||
    daysBetween(first, after.date) > raceAge.careerDays
  )
}

/** The start says less than it did: what came from it alone is not to be known from here. */
function takesBack(before: LinkRow, after: PooledStarter): boolean {
  const gone = (a: string | null, b: string | null): boolean => a !== null && b === null
  return (
    before.raceId !== after.raceId ||
    before.nameKey !== after.nameKey ||
    (isStart(before) && !isStart(after)) ||
    gone(before.sire, after.sire) ||
    gone(before.dam, after.dam) ||
    gone(before.damSire, after.damSire) ||
    gone(before.sex, after.sex) ||
    gone(before.colour, after.colour) ||
    gone(before.country, after.country) ||
    gone(before.foaledOn, after.foaledOn) ||
    (before.gait !== null && before.gait !== after.gait) ||
    parentKey(before.sire ?? after.sire) !== parentKey(after.sire) ||
    parentKey(before.dam ?? after.dam) !== parentKey(after.dam) ||
    allSchemes.some(
      (scheme) => before.ids[scheme] !== undefined && before.ids[scheme] !== after.ids[scheme],
    )
  )
}

/** The strongest rule by which the start hangs together with the others; null for the name alone. */
function ruleOf(others: HorseTally, after: PooledStarter): LinkRule | null {
  const shared = (schemes: readonly IdentifierScheme[]): boolean =>
    schemes.some((scheme) => {
      const value = after.ids[scheme]
      return value !== undefined && others.ids[identifierKey({ scheme, value })] !== undefined
    })
  if (shared(['tab_horse:nz', 'tab_horse:intl'])) return 'tab-horse'
  return shared(['hrnz_guid', 'hrnz_number', 'harness_nz_horse_id']) ? 'hrnz-horse' : null
}

function counted(tally: HorseTally, starter: PooledStarter, by: 1 | -1): HorseTally {
  const ids = { ...tally.ids }
  for (const identifier of idsOf(starter)) add(ids, identifierKey(identifier), by)
  const { gait, nameKey, date } = starter
  const sameDay = date === tally.lastOn
  return {
    lastOn: date,
    onLast: (sameDay ? tally.onLast : 0) + by,
    starters: tally.starters + by,
    ids,
    gaits:
      gait === null || tally.gaits.includes(gait) ? tally.gaits : [...tally.gaits, gait].sort(),
    names:
      nameKey === '' || Object.hasOwn(tally.names, nameKey)
        ? tally.names
        : { ...tally.names, [nameKey]: date },
  }
}

function add(counts: Record<string, number>, key: string, by: 1 | -1): void {
  const count = (counts[key] ?? 0) + by
  if (count === 0) delete counts[key]
  else counts[key] = count
}

function idsOf(starter: PooledStarter): { scheme: IdentifierScheme; value: string }[] {
  return allSchemes.flatMap((scheme) => {
    const value = starter.ids[scheme]
    return value === undefined ? [] : [{ scheme, value }]
  })
}

function isStart({ phase }: PooledStarter): boolean {
  return phase !== 'scratched' && phase !== 'abandoned'
}
