import type {
  HorseIdentifierRow,
  HorseName,
  HorseRow,
  LinkRow,
  Redirect,
  ReviewItem,
} from '../masters.ts'
import { allSchemes, type Cluster } from './cluster.ts'
import { tallyOf } from './tally.ts'
import { sameStarter } from './same-starter.ts'
import type { LinkedHorse, LinkJudgement, LinkQuestion } from './link-starters.ts'
import type { HorseSummary } from './summarise-horse.ts'
import { identifierKey } from '../names.ts'
import type { HorsePlan, HorsePlanInput, NameChange } from './plan-horses.ts'

/** What a numbered plan writes: differences only. */
export interface HorseDifferences {
  readonly links: readonly LinkRow[]
  /** Horses with a changed link, whole. */
  readonly horses: readonly HorseRow[]
  readonly identifiers: readonly HorseIdentifierRow[]
  readonly contested: readonly HorseIdentifierRow[]
  readonly names: readonly HorseName[]
  readonly replace: readonly number[]
  readonly deleteHorses: readonly number[]
  readonly redirects: readonly Redirect[]
  readonly revived: readonly number[]
  /** Every horse of the neighbourhood: the questions about them are replaced by `questions`. */
  readonly horseIds: readonly number[]
  readonly questions: readonly ReviewItem[]
  readonly created: number
  /** Starts linked for the first time to a horse that was there. */
  readonly linked: number
}

/** How many horses of the plan still need an id. */
export function countNewHorses(plan: HorsePlan): number {
  return plan.horses.filter((horse) => horse.id === null).length
}

/** Gives new horses their ids from `firstId` on and compares the plan with what is there. */
export function horseDifferences(
  plan: HorsePlan,
  input: HorsePlanInput,
  firstId: number,
  now: string,
): HorseDifferences {
  const linkBefore = new Map(input.links.map((link) => [link.starterId, link]))
  const known = new Set(input.links.map((link) => link.horseId))
  const touched = new Set<number>()
  let next = firstId
  const horses = plan.horses.map((entry) => ({ ...entry, id: entry.id ?? next++ }))
  const idOf = new Map(horses.map(({ id, horse }) => [horse.cluster, id]))
  const links: LinkRow[] = []
  let linked = 0
  const staying = new Set<number>()
  for (const { id, horse } of horses) {
    for (const starter of horse.cluster.starters) {
      staying.add(starter.starterId)
      const rule = horse.rules.get(starter.starterId)!
      const before = linkBefore.get(starter.starterId)
      if (before?.horseId === id && before.rule === rule && sameStarter(before, starter)) continue
      const decidedBy = rule === 'judgement' ? 'human' : 'rule'
      links.push({ ...starter, horseId: id, rule, decidedBy })
      touched.add(id)
      if (before !== undefined) touched.add(before.horseId)
      else if (known.has(id)) linked++
    }
  }
  for (const link of input.links) if (!staying.has(link.starterId)) touched.add(link.horseId)
  const owners = identifierOwners(horses)
  const sharedBefore = sharedIdentifiers(input.links)
  for (const { id, summary } of horses) {
    for (const identifier of summary.identifiers) {
      const owner = owners.get(identifierKey(identifier))!
      // Two horses claim it: both are written, so that the one which has it now is right.
      if (owner !== id) touched.add(id).add(owner)
      // Or two did: the one that is left with it may not have had it.
      else if (sharedBefore.has(identifierKey(identifier))) touched.add(id)
    }
  }
  const writing = horses.filter(({ id }) => touched.has(id))
  const claims = writing.flatMap(({ id, summary }) =>
    summary.identifiers.map((identifier) => ({ horseId: id, ...identifier })),
  )
  const questions = reviewItems(plan.questions, idOf, input.judgements)
  const asked = new Set(questions.flatMap((item) => [item.subjectId, item.otherId]))
  const retired = plan.retired.map(({ oldId, horse }) => ({
    oldId,
    into: horses[horse]?.id ?? null,
  }))
  return {
    links,
    horses: writing.map(({ id, summary, horse, isAlone }) => {
      const settled = isAlone && !asked.has(id) && !isJudged(horse, input.judgements)
      return { id, ...summary.fields, tally: settled ? tallyOf(horse.cluster.starters) : null }
    }),
    replace: writing.flatMap(({ id }) => (id < firstId || firstId === 0 ? [id] : [])),
    identifiers: claims.filter((claim) => owners.get(identifierKey(claim)) === claim.horseId),
    contested: claims.filter((claim) => owners.get(identifierKey(claim)) !== claim.horseId),
    names: writing.flatMap(({ id, summary }) =>
      summary.names.map((name) => ({ horseId: id, ...name })),
    ),
    deleteHorses: retired.map(({ oldId }) => oldId),
    redirects: [
      ...retired.flatMap(({ oldId, into }) =>
        into === null
          ? []
          : [
              {
                kind: 'horse' as const,
                oldId,
                id: into,
                retiredAt: now,
                anchor: anchorOf(oldId, input),
              },
            ],
      ),
      // What an id stood for may have left with a part that got another id.
      ...input.redirects.flatMap((redirect) => {
        if (plan.revived.includes(redirect.oldId)) return []
        const home = horses.find(({ horse }) => horse.cluster.keys.has(redirect.anchor))
        return home === undefined || home.id === redirect.id ? [] : [{ ...redirect, id: home.id }]
      }),
    ],
    revived: plan.revived,
    horseIds: [...new Set([...horses.map(({ id }) => id), ...known])],
    questions,
    created: horses.filter(({ id }) => !known.has(id) && !plan.revived.includes(id)).length,
    linked,
  }
}

function isJudged({ cluster }: LinkedHorse, judgements: readonly LinkJudgement[]): boolean {
  return judgements.some(({ a, b }) => cluster.keys.has(a) || cluster.keys.has(b))
}

/** Identifiers that starts of more than one horse carried. */
function sharedIdentifiers(links: readonly LinkRow[]): Set<string> {
  const holder = new Map<string, number>()
  const shared = new Set<string>()
  for (const { horseId, ids } of links) {
    for (const scheme of allSchemes) {
      const value = ids[scheme]
      if (value === undefined) continue
      const key = identifierKey({ scheme, value })
      if ((holder.get(key) ?? horseId) !== horseId) shared.add(key)
      holder.set(key, horseId)
    }
  }
  return shared
}

/**
 * An identifier names one horse. Where a veto kept two horses with one identifier apart, it is the
 * one's with more starts under it, then the one's with the smallest source key.
 */
function identifierOwners(
  horses: readonly {
    readonly id: number
    readonly horse: LinkedHorse
    readonly summary: HorseSummary
  }[],
): Map<string, number> {
  const best = new Map<string, { id: number; starts: number; key: string }>()
  for (const { id, horse, summary } of horses) {
    for (const identifier of summary.identifiers) {
      const { cluster } = horse
      const starts = cluster.starters.filter(
        (starter) => cluster.idsOf(starter)[identifier.scheme] === identifier.value,
      ).length
      const known = best.get(identifierKey(identifier))
      const better =
        known === undefined ||
        starts > known.starts ||
        (starts === known.starts && cluster.smallestKey < known.key)
      if (better) best.set(identifierKey(identifier), { id, starts, key: cluster.smallestKey })
    }
  }
  return new Map([...best].map(([key, { id }]) => [key, id]))
}

/**
 * A start of a retired id: where an undo finds the horse that it was. The earliest that does not
 * stand for an id that was merged into it before.
 */
function anchorOf(horseId: number, { links, redirects }: HorsePlanInput): string {
  const taken = new Set(redirects.map(({ anchor }) => anchor))
  const own = links.filter((link) => link.horseId === horseId).map((link) => link.sourceKey)
  return own.filter((key) => !taken.has(key)).sort()[0] ?? own.sort()[0] ?? ''
}

/** Questions in words, without those that a person has answered. */
function reviewItems(
  questions: readonly (LinkQuestion | NameChange)[],
  idOf: ReadonlyMap<Cluster, number>,
  judgements: readonly LinkJudgement[],
): ReviewItem[] {
  const answered = new Set(judgements.flatMap(({ a, b }) => [`${a}|${b}`, `${b}|${a}`]))
  const horseOf = (cluster: Cluster): number | null => {
    for (const [candidate, id] of idOf) if (candidate.keys.has(cluster.smallestKey)) return id
    return null
  }
  const items = new Map<string, ReviewItem>()
  for (const question of questions) {
    const item =
      question.code === 'name-changed' ? renameItem(question, horseOf) : pairItem(question, horseOf)
    if (item !== null && !answered.has(`${item.subject}|${item.other}`)) {
      items.set(`${item.code}|${item.subject}|${item.other}`, item)
    }
  }
  return [...items.values()]
}

function pairItem(
  { code, subject, other, veto }: LinkQuestion,
  horseOf: (cluster: Cluster) => number | null,
): ReviewItem | null {
  const subjectId = horseOf(subject)
  if (subjectId === null) return null
  const name = subject.starters[0]!.name
  const [theirs] = other.starters
  const both =
    theirs === undefined || other.nameKeys.has(subject.starters[0]!.nameKey)
      ? `two records of ${name}`
      : `records of ${name} and of ${theirs.name}`
  const words = {
    'name-only': `Starts of ${name} hang together by the name alone. One horse?`,
    'possible-duplicate':
      veto === null
        ? `${name} fits more than one horse of that name. Which one is it?`
        : `Two by the name ${name} raced at one time, and only an identifier tells them apart. One horse?`,
    'id-conflict': `An identifier says that ${both} are one horse, but ${veto?.text ?? 'they differ'}. One horse?`,
  }
  return {
    kind: 'horse',
    code,
    ...questionKeys(subject, other),
    subjectId,
    otherId: horseOf(other),
    question: words[code],
    evidence: JSON.stringify({
      veto: veto?.id ?? null,
      subject: sideOf(subject),
      other: sideOf(other),
    }),
    priority: subject.races.size + other.races.size + (code === 'id-conflict' ? 1000 : 0),
  }
}

/** Whether a person has said something about just these two. */
export function isAnswered(
  { subject, other }: Pick<ReviewItem, 'subject' | 'other'>,
  judgements: readonly LinkJudgement[],
): boolean {
  return judgements.some(
    ({ a, b }) => (a === subject && b === other) || (a === other && b === subject),
  )
}

/** The texts by which a question names its two sides. */
export function questionKeys(subject: Cluster, other: Cluster): { subject: string; other: string } {
  return subject.anchor === other.anchor
    ? { subject: subject.smallestKey, other: other.smallestKey }
    : { subject: subject.anchor, other: other.anchor }
}

function renameItem(
  { cluster, from, to }: NameChange,
  horseOf: (cluster: Cluster) => number | null,
): ReviewItem | null {
  const subjectId = horseOf(cluster)
  if (subjectId === null) return null
  return {
    kind: 'horse',
    code: 'name-changed',
    subject: from.sourceKey,
    other: to.sourceKey,
    subjectId,
    otherId: null,
    question: `${from.name} and ${to.name} carry one identifier. Was the horse renamed?`,
    evidence: JSON.stringify({ from: from.name, to: to.name, since: to.date }),
    priority: cluster.races.size,
  }
}

/** Enough of a cluster for the eye; the screen loads the starts themselves. */
export function sideOf(cluster: Cluster): Record<string, unknown> {
  return {
    names: [...new Set(cluster.starters.map((starter) => starter.name))].slice(0, 5),
    starts: cluster.starters.length,
    first: cluster.firstDate,
    last: cluster.lastDate,
    sires: [...cluster.sires],
    dams: [...cluster.dams],
    foaled: [...cluster.foalYears],
    ids: Object.fromEntries([...cluster.ids].map(([scheme, values]) => [scheme, [...values]])),
  }
}
