import { advanceSettled } from '../../domain/horses/advance-settled.ts'
import { allSchemes, sourceKeysOf } from '../../domain/horses/cluster.ts'
import {
  countNewHorses,
  type HorseDifferences,
  horseDifferences,
  isAnswered,
} from '../../domain/horses/horse-changes.ts'
import type { LinkJudgement } from '../../domain/horses/link-starters.ts'
import { sameStarter } from '../../domain/horses/same-starter.ts'
import { type HorsePlanInput, planHorses } from '../../domain/horses/plan-horses.ts'
import type { Judgement, LinkRow, PooledStarter } from '../../domain/masters.ts'
import { identifierKey } from '../../domain/names.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'
import type { HorseChanges, LinkKeys } from '../../repositories/horses.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/** Starters whose evidence may have changed, and starters that are gone. */
export interface LinkRequest {
  readonly starters: readonly PooledStarter[]
  /** Their links as they were: with the starters these are gone from the tables already. */
  readonly deleted: readonly LinkRow[]
  /** Keys to look at besides: what a judgement that came or went speaks of. */
  readonly keys?: readonly string[]
  /** Starter ids from here on were given just now and have no link yet. */
  readonly newFrom?: number
}

export interface LinkCounts {
  readonly created: number
  readonly linked: number
  /** Questions that were not open before. */
  readonly review: number
}

/**
 * Links starters to horses and writes what differs. Loads the whole neighbourhood of what changed
 * (every start that shares a name key, an identifier or a judgement, and what these share), so that
 * linking a unit gives what linking everything would give.
 */
export async function linkHorses(
  repositories: Repositories,
  request: LinkRequest,
  now: string,
): Promise<LinkCounts> {
  const { horses } = repositories
  const { deleted, newFrom = Infinity } = request
  const before = [
    ...(await horses.linksOfStarters(
      request.starters.flatMap(({ starterId }) => (starterId < newFrom ? [starterId] : [])),
    )),
    ...deleted,
  ]
  const linkOf = new Map(before.map((link) => [link.starterId, link]))
  const changed = request.starters.filter((starter) => {
    const link = linkOf.get(starter.starterId)
    return link === undefined || !sameStarter(link, starter)
  })
  if (changed.length + deleted.length + (request.keys?.length ?? 0) === 0) {
    return { created: 0, linked: 0, review: 0 }
  }
  const { advances, rest } = await advanceNext(repositories, changed, deleted, linkOf)
  await write(repositories, {
    links: advances.map(({ link }) => link),
    horses: advances.map(({ horse }) => horse),
    identifiers: advances.flatMap(({ identifiers }) => identifiers),
    contested: [],
    names: advances.map(({ name }) => name),
    replace: [],
    deleteHorses: [],
  })
  const linked = advances.filter(({ link }) => !linkOf.has(link.starterId)).length
  if (rest.length + deleted.length + (request.keys?.length ?? 0) === 0) {
    return { created: 0, linked, review: 0 }
  }
  const judgements = await repositories.judgements.active('horse')
  const replaced = rest.flatMap((starter) => linkOf.get(starter.starterId) ?? [])
  const links = await loadNeighbourhood(
    repositories,
    [...rest, ...replaced, ...deleted],
    request.keys ?? [],
    judgements,
  )
  for (const link of [...replaced, ...deleted]) links.set(link.starterId, link)
  const starters = new Map<number, PooledStarter>(links)
  for (const starter of rest) starters.set(starter.starterId, starter)
  for (const link of deleted) starters.delete(link.starterId)
  const more = await relink(
    repositories,
    { starters: [...starters.values()], links: [...links.values()], judgements },
    now,
  )
  return { created: more.created, linked: more.linked + linked, review: more.review }
}

/** The starts that are plainly the next of a settled horse: most of them, and they need no look back. */
async function advanceNext(
  { horses }: Repositories,
  changed: readonly PooledStarter[],
  deleted: readonly LinkRow[],
  linkOf: ReadonlyMap<number, LinkRow>,
): Promise<ReturnType<typeof advanceSettled>> {
  const all = [
    ...changed,
    ...deleted,
    ...changed.flatMap(({ starterId }) => linkOf.get(starterId) ?? []),
  ]
  const owners = new Map<string, Set<number>>()
  const known = await horses.owners({
    nameKeys: all.flatMap(({ nameKey }) => (nameKey === '' ? [] : [nameKey])),
    identifiers: all.flatMap(({ ids }) =>
      allSchemes.flatMap((scheme) => {
        const value = ids[scheme]
        return value === undefined ? [] : [{ scheme, value }]
      }),
    ),
  })
  for (const { key, horseId } of known) {
    owners.set(key, (owners.get(key) ?? new Set<number>()).add(horseId))
  }
  const ids = new Set(known.map(({ horseId }) => horseId))
  const rows = new Map((await horses.load([...ids])).map((horse) => [horse.id, horse]))
  return advanceSettled(changed, deleted, linkOf, owners, rows)
}

/** Decides the horses of closed neighbourhoods and writes what differs. */
export async function relink(
  repositories: Repositories,
  neighbourhood: Omit<HorsePlanInput, 'redirects'>,
  now: string,
): Promise<LinkCounts & { readonly relinked: number; readonly merged: number }> {
  let input: HorsePlanInput = { ...neighbourhood, redirects: [] }
  let plan = planHorses(input)
  let firstId = 0
  const known = new Set(neighbourhood.links.map((link) => link.horseId))
  if (countNewHorses(plan) + plan.retired.length > 0) {
    const redirects = await repositories.horses.redirectsTo([...known])
    if (redirects.length > 0) {
      input = { ...neighbourhood, redirects }
      plan = planHorses(input)
    }
    const count = countNewHorses(plan)
    if (count > 0) firstId = (await repositories.ids.allocate({ horse: count })).horse
  }
  const { judgements } = neighbourhood
  return apply(repositories, horseDifferences(plan, input, firstId, now), judgements)
}

/** Every link that hangs together with the given starters and keys, by starter id. */
export async function loadNeighbourhood(
  { horses }: Repositories,
  from: readonly PooledStarter[],
  keys: readonly string[],
  judgements: readonly Judgement[],
): Promise<Map<number, LinkRow>> {
  const links = new Map<number, LinkRow>()
  const asked = new Set<string>()
  let open: LinkKeys = { nameKeys: [], identifiers: [], sourceKeys: [] }
  const judged = new Map<string, string[]>()
  for (const { a, b } of judgements) {
    judged.set(a, [...(judged.get(a) ?? []), b])
    judged.set(b, [...(judged.get(b) ?? []), a])
  }
  const next = {
    nameKeys: [] as string[],
    identifiers: [] as HorseIdentifier[],
    sourceKeys: [] as string[],
  }
  /** A key that names a horse: an identifier or a start. `asking`: it is not in hand yet. */
  const visit = (key: string, asking: boolean): void => {
    if (asked.has(key)) return
    asked.add(key)
    const identifier = parseIdentifierKey(key)
    if (identifier !== null) next.identifiers.push(identifier)
    else if (asking) next.sourceKeys.push(key)
    for (const partner of judged.get(key) ?? []) visit(partner, true)
  }
  const visitStarter = (starter: PooledStarter): void => {
    if (starter.nameKey !== '' && !asked.has(`name ${starter.nameKey}`)) {
      asked.add(`name ${starter.nameKey}`)
      next.nameKeys.push(starter.nameKey)
    }
    for (const scheme of allSchemes) {
      const value = starter.ids[scheme]
      if (value !== undefined) visit(identifierKey({ scheme, value }), true)
    }
    for (const key of sourceKeysOf(starter)) visit(key, false)
  }
  for (const key of keys) visit(key, true)
  for (const starter of from) visitStarter(starter)
  for (;;) {
    open = { ...next }
    next.nameKeys = []
    next.identifiers = []
    next.sourceKeys = []
    if (open.nameKeys.length + open.identifiers.length + open.sourceKeys.length === 0) return links
    for (const link of await horses.findLinks(open)) {
      if (links.has(link.starterId)) continue
      links.set(link.starterId, link)
      visitStarter(link)
    }
  }
}

async function apply(
  repositories: Repositories,
  differences: HorseDifferences,
  judgements: readonly LinkJudgement[],
): Promise<LinkCounts & { relinked: number; merged: number }> {
  await write(repositories, differences)
  const { horses, reviews } = repositories
  await horses.redirect(differences.redirects)
  await horses.revive(differences.revived)
  const open = await reviews.ofSubjects('horse', differences.horseIds)
  const asked = new Set(open.map(questionKey))
  const review = differences.questions.filter(
    (question) => !asked.has(questionKey(question)),
  ).length
  if (open.length > 0 || differences.questions.length > 0) {
    // Asked when all horses are looked at (ask-renames.ts): a neighbourhood can only close them.
    const gone = new Set(differences.deleteHorses)
    const renames = open.filter(
      (item) =>
        item.code === 'masters-may-be-one' &&
        !gone.has(item.subjectId) &&
        !gone.has(item.otherId!) &&
        !isAnswered(item, judgements),
    )
    await reviews.replace('horse', differences.horseIds, [...differences.questions, ...renames])
  }
  const { created, linked, links, deleteHorses } = differences
  return { created, linked, review, relinked: links.length, merged: deleteHorses.length }
}

async function write({ horses }: Repositories, changes: HorseChanges): Promise<void> {
  if (changes.links.length + changes.horses.length + changes.deleteHorses.length === 0) return
  await horses.apply(changes)
}

const questionKey = (item: { code: string; subject: string; other: string | null }): string =>
  `${item.code}|${item.subject}|${item.other}`

/** `tab_horse:nz:354001` back into scheme and value; null for a source key. */
export function parseIdentifierKey(key: string): HorseIdentifier | null {
  const scheme = allSchemes.find((candidate) => key.startsWith(`${candidate}:`))
  return scheme === undefined ? null : { scheme, value: key.slice(scheme.length + 1) }
}
