import type {
  MasterCard,
  MeetingFields,
  MeetingRow,
  PooledStarter,
  RaceRow,
  RulingRow,
  StarterRow,
} from '../masters.ts'
import type { ToldBy } from '../rulings/rulings-of-card.ts'
import type { ResolvedCard, ResolvedRace, ResolvedStarter } from './resolve-card.ts'

/** The archived document of an observation; null where there is none. */
export type DocumentOf = (told: ToldBy) => number | null

/** A resolved card laid over the rows that are there: `null` ids are rows still to be numbered. */
export interface CardPlan {
  readonly meetingId: number | null
  readonly fields: MeetingFields
  readonly before: MasterCard | null
  readonly documentOf: DocumentOf
  readonly races: readonly {
    readonly id: number | null
    readonly resolved: ResolvedRace
    readonly starters: readonly { readonly id: number | null; readonly resolved: ResolvedStarter }[]
  }[]
}

/** Rows that no meeting has taken yet. */
export interface FreeRows {
  readonly races: readonly RaceRow[]
  readonly starters: readonly StarterRow[]
}

export function rowsOf(cards: readonly MasterCard[]): FreeRows {
  return {
    races: cards.flatMap((card) => card.races.map(({ race }) => race)),
    starters: cards.flatMap((card) => card.races.flatMap(({ starters }) => starters)),
  }
}

/** What a plan leaves over: a row belongs to one meeting only. */
export function withoutRowsOf(rows: FreeRows, plan: CardPlan): FreeRows {
  const races = new Set(plan.races.map((race) => race.id))
  const starters = new Set(plan.races.flatMap((race) => race.starters.map(({ id }) => id)))
  return {
    races: rows.races.filter((race) => !races.has(race.id)),
    starters: rows.starters.filter((starter) => !starters.has(starter.id)),
  }
}

/**
 * Finds for every resolved race and starter the row that it already is, by the source keys they
 * share (else the number), so that ids stay. Rows that no plan takes are to be deleted.
 */
export function planCard(
  resolved: ResolvedCard,
  match: {
    readonly rule: string
    readonly evidence: string
    readonly documentOf?: DocumentOf
  },
  meetingId: number | null,
  before: MasterCard | null,
  free: FreeRows,
): CardPlan {
  const raceRows = free.races
  const starterRows = free.starters
  const ownRaces = raceRows.filter((race) => race.meetingId === meetingId)
  const raceIds = claimRows(
    resolved.races.map(({ fields }) => ({
      keys: keysOf('race', fields.tabEventId, fields.hrnzKey, fields.manualKey),
      fallback: `${fields.raceNumber}`,
    })),
    raceRows.map((race) => ({
      id: race.id,
      keys: keysOf('race', race.tabEventId, race.hrnzKey, race.manualKey),
      fallback: ownRaces.includes(race) ? `${race.raceNumber}` : null,
    })),
  )
  const flat = resolved.races.flatMap((race, index) =>
    race.starters.map((starter) => ({ starter, race: raceIds[index] ?? null })),
  )
  const starterIds = claimRows(
    flat.map(({ starter: { fields }, race }) => ({
      keys: keysOf('starter', fields.tabEntrantId, fields.hrnzKey, fields.manualKey),
      fallback: race === null || fields.number === null ? null : `${race}/${fields.number}`,
    })),
    starterRows.map((starter) => ({
      id: starter.id,
      keys: keysOf('starter', starter.tabEntrantId, starter.hrnzKey, starter.manualKey),
      fallback: starter.number === null ? null : `${starter.raceId}/${starter.number}`,
    })),
  )
  let next = 0
  const races = resolved.races.map((race, index) => ({
    id: raceIds[index] ?? null,
    resolved: race,
    starters: race.starters.map((starter) => ({
      id: starterIds[next++] ?? null,
      resolved: starter,
    })),
  }))
  return {
    meetingId,
    fields: { ...resolved.fields, matchRule: match.rule, matchEvidence: match.evidence },
    before,
    documentOf: match.documentOf ?? (() => null),
    races,
  }
}

/** How many new rows a plan needs ids for. */
export function countNew(plan: CardPlan): { meeting: number; race: number; starter: number } {
  const starters = plan.races.flatMap((race) => race.starters)
  return {
    meeting: plan.meetingId === null ? 1 : 0,
    race: plan.races.filter((race) => race.id === null).length,
    starter: starters.filter((starter) => starter.id === null).length,
  }
}

/** A numbered plan compared with the rows that are there. */
export interface NumberedCard {
  readonly meetingId: number
  /** Rows that are new or differ. `meeting` is null when neither it nor anything below it changed. */
  readonly meeting: MeetingRow | null
  readonly races: readonly RaceRow[]
  readonly starters: readonly StarterRow[]
  /** All of them, by starter and kind; `rulingsChanged` where they are others than before. */
  readonly rulings: readonly RulingRow[]
  readonly rulingsChanged: boolean
  readonly evidence: readonly PooledStarter[]
  readonly created: { readonly meetings: number; readonly races: number; readonly starters: number }
  readonly total: { readonly races: number; readonly starters: number }
}

/** Gives the plan's new rows their ids, starting from `first`, which is advanced. */
export function numberCard(
  plan: CardPlan,
  first: { meeting: number; race: number; starter: number },
  existing: FreeRows,
  now: string,
): NumberedCard {
  const raceBefore = new Map(existing.races.map((race) => [race.id, race]))
  const starterBefore = new Map(existing.starters.map((starter) => [starter.id, starter]))
  const meetingId = plan.meetingId ?? first.meeting++
  const races: RaceRow[] = []
  const starters: StarterRow[] = []
  const rulings: RulingRow[] = []
  const evidence: PooledStarter[] = []
  const created = { meetings: plan.before === null ? 1 : 0, races: 0, starters: 0 }
  const total = { races: 0, starters: 0 }
  for (const race of plan.races) {
    const raceId = race.id ?? first.race++
    total.races++
    const row: RaceRow = { id: raceId, meetingId, ...race.resolved.fields }
    const before = raceBefore.get(raceId)
    if (before === undefined) created.races++
    if (before === undefined || !sameFields(before, row)) races.push(row)
    for (const starter of race.starters) {
      const starterId = starter.id ?? first.starter++
      total.starters++
      const starterRow: StarterRow = { id: starterId, raceId, ...starter.resolved.fields }
      const known = starterBefore.get(starterId)
      if (known === undefined) created.starters++
      if (known === undefined || !sameFields(known, starterRow)) starters.push(starterRow)
      evidence.push({ starterId, raceId, ...starter.resolved.evidence })
      for (const { toldBy, ...ruling } of starter.resolved.rulings)
        rulings.push({ starterId, raceId, ...ruling, documentId: plan.documentOf(toldBy) })
    }
  }
  rulings.sort(byStarterAndKind)
  const rulingsChanged = !sameRows(plan.before?.rulings ?? [], rulings)
  const changed =
    plan.before === null ||
    rulingsChanged ||
    races.length + starters.length > 0 ||
    losesRows(plan.before, plan) ||
    !sameFields(plan.before.meeting, plan.fields)
  return {
    meetingId,
    meeting: changed
      ? { id: meetingId, ...plan.fields, matchedAt: matchedAt(plan, now), lastUpdated: now }
      : null,
    races,
    starters,
    rulings,
    rulingsChanged,
    evidence,
    created,
    total,
  }
}

/** New sources or another rule are another match; new evidence for the same one is not. */
function matchedAt({ before, fields }: CardPlan, now: string): string {
  const known = before?.meeting
  return known?.dataSource === fields.dataSource && known.matchRule === fields.matchRule
    ? known.matchedAt
    : now
}

function losesRows(before: MasterCard, plan: CardPlan): boolean {
  const left = withoutRowsOf(rowsOf([before]), plan)
  return left.races.length + left.starters.length > 0
}

export const byStarterAndKind = (a: RulingRow, b: RulingRow): number =>
  a.starterId - b.starterId || (a.kind < b.kind ? -1 : 1)

const sameRows = (before: readonly object[], rows: readonly object[]): boolean =>
  before.length === rows.length && rows.every((row, index) => sameFields(before[index]!, row))

/** True when `row` agrees with `before` in every field that `row` has. */
function sameFields(before: object, row: object): boolean {
  const known = before as Record<string, unknown>
  for (const [field, value] of Object.entries(row)) if (known[field] !== value) return false
  return true
}

function keysOf(kind: string, ...[tab, hrnz, manual]: (string | null)[]): string[] {
  const keys: string[] = []
  if (tab != null) keys.push(`tab:${kind}:${tab}`)
  if (hrnz != null) keys.push(hrnz)
  if (manual != null) keys.push(manual)
  return keys
}

interface Claimant {
  readonly keys: readonly string[]
  readonly fallback: string | null
}

/**
 * For each claimant the smallest id among rows sharing a key, then by the fallback; each row once.
 * Two starters of one name in a race share a key: who is most like a row chooses first, or the two
 * would change places at every reading.
 */
function claimRows(
  claimants: readonly Claimant[],
  rows: readonly (Claimant & { readonly id: number })[],
): (number | null)[] {
  const byKey = new Map<string, (Claimant & { readonly id: number })[]>()
  const sorted = [...rows].sort((a, b) => a.id - b.id)
  for (const row of sorted) {
    for (const key of row.keys) {
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [row])
      else known.push(row)
    }
  }
  const taken = new Set<number>()
  const claim = ({ keys }: Claimant, suits: (row: Claimant) => boolean): number | null => {
    let best: number | null = null
    for (const key of keys) {
      for (const row of byKey.get(key) ?? []) {
        if (taken.has(row.id) || !suits(row)) continue
        if (best === null || row.id < best) best = row.id
      }
    }
    if (best !== null) taken.add(best)
    return best
  }
  const sameKeys = (a: Claimant, b: Claimant): boolean => `${a.keys}` === `${b.keys}`
  const sameFallback = (a: Claimant, b: Claimant): boolean => a.fallback === b.fallback
  const likeness: readonly ((a: Claimant, b: Claimant) => boolean)[] = [
    (a, b) => sameKeys(a, b) && sameFallback(a, b),
    sameKeys,
    sameFallback,
    () => true,
  ]
  const claimed: (number | null)[] = claimants.map(() => null)
  for (const alike of likeness) {
    claimants.forEach((claimant, index) => {
      claimed[index] ??= claim(claimant, (row) => alike(row, claimant))
    })
  }
  const byFallback = new Map<string, number>()
  for (const row of sorted) {
    if (row.fallback !== null && !taken.has(row.id)) byFallback.set(row.fallback, row.id)
  }
  return claimants.map(({ fallback }, index) => {
    const id = claimed[index] ?? null
    if (id !== null || fallback === null) return id
    const spare = byFallback.get(fallback)
    if (spare === undefined) return null
    byFallback.delete(fallback)
    return spare
  })
}
