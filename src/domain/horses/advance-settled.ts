import type { HorseRow, LinkRow, PooledStarter } from '../masters.ts'
import { identifierKey } from '../names.ts'
import { allSchemes } from './cluster.ts'
import { advance, type Advance } from './tally.ts'

/**
 * Picks from the changed starters those that are plainly the next start of a settled horse, so that
 * only the rest needs its neighbourhood: the careers of a hundred horses a meeting. `owners`: the
 * horses that carry each of the starters' keys.
 */
export function advanceSettled(
  changed: readonly PooledStarter[],
  deleted: readonly LinkRow[],
  linkOf: ReadonlyMap<number, LinkRow>,
  owners: ReadonlyMap<string, ReadonlySet<number>>,
  horses: ReadonlyMap<number, HorseRow>,
): { readonly advances: readonly Advance[]; readonly rest: readonly PooledStarter[] } {
  const candidates = new Map<PooledStarter, Advance>()
  const rest = new Set<PooledStarter>()
  for (const starter of changed) {
    const before = linkOf.get(starter.starterId) ?? null
    const owner = soleOwner(starter, before, owners)
    const horse = owner === null ? undefined : horses.get(owner)
    const step = horse === undefined ? null : advance(horse, before, starter)
    if (step === null) rest.add(starter)
    else candidates.set(starter, step)
  }
  // A key that another changed starter has as well, before or now, is theirs to settle together.
  const users = new Map<string, number>()
  for (const starter of [...changed, ...deleted]) {
    for (const key of starterKeys(starter)) users.set(key, (users.get(key) ?? 0) + 1)
  }
  for (const starter of changed) {
    if (starterKeys(starter).every((key) => users.get(key) === 1)) continue
    candidates.delete(starter)
    rest.add(starter)
  }
  // So is a horse that one of the rest is or was a start of.
  const open = new Set<number>()
  for (const starter of [...rest, ...deleted]) {
    const link = linkOf.get(starter.starterId)
    if (link !== undefined) open.add(link.horseId)
    for (const key of [...starterKeys(starter), ...(link === undefined ? [] : starterKeys(link))]) {
      for (const owner of owners.get(key) ?? []) open.add(owner)
    }
  }
  for (const [starter, step] of candidates) {
    if (!open.has(step.horse.id)) continue
    candidates.delete(starter)
    rest.add(starter)
  }
  return { advances: [...candidates.values()], rest: changed.filter((one) => rest.has(one)) }
}

/** Name key and identifiers: what horses can share. */
export function starterKeys(starter: PooledStarter): string[] {
  const keys = starter.nameKey === '' ? [] : [starter.nameKey]
  for (const scheme of allSchemes) {
    const value = starter.ids[scheme]
    if (value !== undefined) keys.push(identifierKey({ scheme, value }))
  }
  return keys
}

function soleOwner(
  starter: PooledStarter,
  before: LinkRow | null,
  owners: ReadonlyMap<string, ReadonlySet<number>>,
): number | null {
  const all = new Set(starterKeys(starter).flatMap((key) => [...(owners.get(key) ?? [])]))
  if (before !== null) all.add(before.horseId)
  const [only] = all
  return all.size === 1 ? only! : null
}
