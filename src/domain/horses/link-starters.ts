import type { Judgement, LinkRule, PooledStarter } from '../masters.ts'
import type { IdentifierScheme } from '../observation.ts'
import { areFarApart } from './alike-names.ts'
import { borrowedNames } from './borrowed-names.ts'
import { Cluster, profileOf, sourceKeysOf } from './cluster.ts'
import { evidenceKeys, identifierRules } from './evidence-keys.ts'
import { idsLeft } from './ids-left.ts'
import { isPlainlyOne } from './plainly-one.ts'
import { twinQuestions } from './twins.ts'
import { findVeto, type Veto } from './vetoes.ts'

export interface LinkedHorse {
  readonly cluster: Cluster
  /** Rule by starter id; the horse's first start is `new`. */
  readonly rules: ReadonlyMap<number, LinkRule>
}

/** A pair of clusters about which a person should be asked. */
export interface LinkQuestion {
  readonly code: 'name-only' | 'possible-duplicate' | 'id-conflict'
  readonly subject: Cluster
  readonly other: Cluster
  readonly veto: Veto | null
}

export type LinkJudgement = Pick<Judgement, 'a' | 'b' | 'verdict'>

/**
 * Which starters are one horse (identity.md section 3): the six rules over a closed neighbourhood,
 * that is over starters such that no other starter shares a name key, an identifier or a judgement
 * with one of them. A pure function of the set: the order of `starters` does not matter, and linking
 * a neighbourhood alone gives what linking everything would give there.
 */
export function linkStarters(
  starters: readonly PooledStarter[],
  judgements: readonly LinkJudgement[],
): { readonly horses: readonly LinkedHorse[]; readonly questions: readonly LinkQuestion[] } {
  const linking = new Linking(starters, judgements)
  linking.joinJudged()
  for (const { schemes } of identifierRules)
    for (const scheme of schemes) linking.joinIdentifier(scheme)
  linking.joinBreeding()
  linking.joinNames()
  return linking.result()
}

class Linking {
  /** Those that stand; a cluster that was joined to another one is found there. */
  readonly #clusters = new Set<Cluster>()
  readonly #joinedTo = new Map<Cluster, Cluster>()
  readonly #questions: LinkQuestion[] = []
  readonly #different: readonly LinkJudgement[]
  readonly #same: readonly LinkJudgement[]
  /** Smallest source keys of the parts that came in by a person's word or by name alone. */
  readonly #judgedParts = new Set<PooledStarter>()
  /** Identifiers that count for a start, where a person took one away from it. */
  readonly #idsLeft: ReadonlyMap<PooledStarter, PooledStarter['ids']>
  readonly #idsOf = (starter: PooledStarter): PooledStarter['ids'] =>
    this.#idsLeft.get(starter) ?? starter.ids
  readonly #borrowed: Veto
  /** The question about names of each horse, so that it is asked once and not once a part. */
  readonly #nameParts = new Map<Cluster, { rest: Cluster; part: Cluster; isShared: boolean }>()

  constructor(starters: readonly PooledStarter[], judgements: readonly LinkJudgement[]) {
    this.#different = judgements.filter((judgement) => judgement.verdict === 'different')
    this.#same = judgements.filter((judgement) => judgement.verdict === 'same').sort(byKeys)
    this.#idsLeft = idsLeft(starters, this.#different)
    this.#borrowed = borrowedNames(starters, this.#idsOf)
    // A start that a person named stands alone, or what was said of it would carry over to others
    // that only look like it. What a `different` names second stays in its group: it was left behind.
    const apart = new Set([
      ...this.#different.map(({ a }) => a),
      ...this.#same.flatMap(({ a, b }) => [a, b]),
    ])
    const profiles = new Map<string, PooledStarter[]>()
    for (const starter of [...starters].sort(bySourceKey)) {
      const alone =
        sourceKeysOf(starter).some((key) => apart.has(key)) ||
        (starter.nameKey === '' && Object.keys(this.#idsOf(starter)).length === 0)
      const profile = alone
        ? `start ${starter.sourceKey}`
        : profileOf(starter, this.#idsOf(starter))
      const known = profiles.get(profile)
      if (known === undefined) profiles.set(profile, [starter])
      else known.push(starter)
    }
    for (const group of profiles.values()) this.#addProfile(group)
  }

  /**
   * Starters with the same evidence first form one group. Where two of them cannot be one horse the
   * group proves that its evidence does not tell horses apart: with identifiers the first of each
   * race stays, without them each start stays alone.
   */
  #addProfile(group: readonly PooledStarter[]): void {
    const parts: Cluster[] = []
    const bare = Object.keys(this.#idsOf(group[0]!)).length === 0
    for (const starter of group) {
      const single = this.#clusterOf([starter])
      const home = parts.find((part) => findVeto(part, single, { soft: false }) === undefined)
      if (home === undefined) parts.push(single)
      else home.add(starter)
    }
    const clusters =
      bare && parts.length > 1 ? group.map((starter) => this.#clusterOf([starter])) : parts
    for (const cluster of clusters) this.#clusters.add(cluster)
  }

  /**
   * A person's word passes every veto but two: another word of a person's, and one race, in which no
   * horse starts twice.
   */
  joinJudged(): void {
    const passes = (into: Cluster, cluster: Cluster): boolean =>
      !this.#isJudgedApart(into, cluster) &&
      findVeto(into, cluster, { soft: false })?.id !== 'same-race'
    for (const { a, b } of this.#same) {
      const left = this.#having(a)
      const right = this.#having(b)
      const [into] = left
      if (into === undefined || right.length === 0) continue
      for (const cluster of [...right, ...left.slice(1)]) {
        if (cluster === into || !this.#clusters.has(cluster) || !passes(into, cluster)) continue
        for (const starter of cluster.starters) this.#judgedParts.add(starter)
        this.#join(into, cluster)
      }
    }
  }

  joinIdentifier(scheme: IdentifierScheme): void {
    this.#joinByKey((cluster) => cluster.ids.get(scheme) ?? [])
  }

  joinBreeding(): void {
    this.#joinByKey((cluster) => cluster.breedings)
  }

  /**
   * A name links what carries it when all candidates may be one horse. Where two candidates of a
   * cluster exclude each other it is a question, not a pick.
   */
  joinNames(): void {
    for (const [, group] of [...this.#index((cluster) => cluster.nameKeys)].sort(byKey)) {
      const standing = this.#standing(group)
      if (standing.length < 2) continue
      // Under a name that two horses share, starts that only look alike may be some of each.
      const isShared = this.#excludeEachOther(standing)
      const clusters = isShared ? standing.flatMap((cluster) => this.#dissolved(cluster)) : standing
      const fitting = clusters.map((a) =>
        clusters.map((b) => a !== b && this.#veto(a, b, { soft: true }) === undefined),
      )
      const candidatesOf = (index: number): number[] =>
        clusters.flatMap((_, other) => (fitting[index]![other] ? [other] : []))
      const candidates = new Map(
        clusters.map((cluster, index) => [cluster, candidatesOf(index).map((at) => clusters[at]!)]),
      )
      const clear = clusters.filter((_, index) => {
        const others = candidatesOf(index)
        return others.every((a) => others.every((b) => a === b || fitting[a]![b]))
      })
      for (const cluster of clusters) {
        if (clear.includes(cluster)) continue
        const other = [...candidates.get(cluster)!].sort(byStrength)[0]!
        const [subject] = this.#dissolved(cluster)
        this.#questions.push({ code: 'possible-duplicate', subject: subject!, other, veto: null })
      }
      this.#questions.push(
        ...twinQuestions([...clusters].sort(byStrength), (a, b) => this.#isSettled(a, b)),
      )
      const home: Cluster[] = []
      for (const cluster of [...clear].sort(byStrength)) {
        const horse = home.find((other) => candidates.get(cluster)!.includes(other))
        if (horse === undefined) {
          home.push(cluster)
          continue
        }
        const parts = this.#nameParts.get(horse) ?? {
          rest: this.#clusterOf(horse.starters),
          part: this.#clusterOf([]),
          isShared: false,
        }
        parts.part.absorb(cluster)
        parts.isShared ||= isShared
        this.#nameParts.set(horse, parts)
        this.#join(horse, cluster)
      }
    }
  }

  result(): { horses: LinkedHorse[]; questions: LinkQuestion[] } {
    const horses = [...this.#clusters]
      .sort((a, b) => (a.smallestKey < b.smallestKey ? -1 : 1))
      .map((cluster) => ({ cluster, rules: this.#rulesOf(cluster) }))
    return { horses, questions: [...this.#questions, ...this.#nameQuestions()] }
  }

  #nameQuestions(): LinkQuestion[] {
    return [...this.#nameParts]
      .filter(
        ([horse, { rest, part, isShared }]) =>
          this.#clusters.has(horse) &&
          !this.#isJudgedAlready(rest, part) &&
          (isShared || !isPlainlyOne(rest, part)),
      )
      .map(([, { rest, part }]) => ({
        code: 'name-only' as const,
        subject: rest,
        other: part,
        veto: null,
      }))
      .sort((a, b) => (a.subject.smallestKey < b.subject.smallestKey ? -1 : 1))
  }

  #clusterOf(starters: readonly PooledStarter[]): Cluster {
    return Cluster.of(starters, this.#idsOf)
  }

  /**
   * The strongest rule by which each start hangs together with the earlier starts of its horse. Later
   * ones do not count, so that what a start was linked by stays as the horse goes on racing.
   */
  #rulesOf(cluster: Cluster): Map<number, LinkRule> {
    const seen = new Set<string>()
    const rules = new Map<number, LinkRule>()
    for (const starter of [...cluster.starters].sort(earliestFirst)) {
      const keys = evidenceKeys(starter, this.#idsOf(starter))
      const weak = this.#judgedParts.has(starter) ? 'judgement' : 'name-only'
      const shared = keys.find(({ key }) => seen.has(key))?.rule ?? weak
      rules.set(starter.starterId, rules.size === 0 ? 'new' : shared)
      for (const { key } of keys) seen.add(key)
    }
    return rules
  }

  /** Joins clusters that share a key, in order of the keys and then of the smallest source key. */
  #joinByKey(keysOf: (cluster: Cluster) => Iterable<string>): void {
    for (const [, group] of [...this.#index(keysOf)].sort(byKey)) {
      if (group.length < 2) continue
      const homes: Cluster[] = []
      for (const cluster of this.#standing(group)) {
        let refusal: { home: Cluster; veto: Veto | null } | undefined
        const home = homes.find((candidate) => {
          // An identifier beside a quite different name is no surer than a name alone.
          const soft = areFarApart(candidate, cluster)
          const veto = this.#veto(candidate, cluster, { soft })
          if (veto !== undefined)
            refusal ??= { home: candidate, veto: veto === 'different' ? null : veto }
          return veto === undefined
        })
        if (home !== undefined) this.#join(home, cluster)
        else {
          homes.push(cluster)
          if (refusal?.veto != null) {
            this.#questions.push({
              code: 'id-conflict',
              subject: refusal.home,
              other: cluster,
              veto: refusal.veto,
            })
          }
        }
      }
    }
  }

  /**
   * Starts that hang together by the name alone, and fit two horses that exclude each other, may be
   * some of the one and some of the other: each stands alone until somebody says. Better split and
   * asked than merged wrongly.
   */
  #dissolved(cluster: Cluster): Cluster[] {
    const isJudged = cluster.starters.some((starter) => this.#judgedParts.has(starter))
    if (cluster.strength > 0 || cluster.starters.length === 1 || isJudged) return [cluster]
    this.#clusters.delete(cluster)
    const singles = cluster.starters.map((starter) => this.#clusterOf([starter]))
    for (const single of singles) this.#clusters.add(single)
    return singles
  }

  /** Whether two horses that are known by more than their name exclude each other. */
  #excludeEachOther(clusters: readonly Cluster[]): boolean {
    const known = clusters.filter((cluster) => cluster.strength > 0)
    return known.some((a, index) =>
      known.slice(index + 1).some((b) => this.#veto(a, b, { soft: true }) !== undefined),
    )
  }

  /** A person has said of starts that look just like these that they are this horse's. */
  #isJudgedAlready(rest: Cluster, part: Cluster): boolean {
    const judged = new Set(
      rest.starters
        .filter((starter) => this.#judgedParts.has(starter))
        .map((starter) => profileOf(starter, this.#idsOf(starter))),
    )
    return part.starters.every((starter) => judged.has(profileOf(starter, this.#idsOf(starter))))
  }

  /** Clusters by the keys they carry, each list in order of the smallest source key. */
  #index(keysOf: (cluster: Cluster) => Iterable<string>): Map<string, Cluster[]> {
    const index = new Map<string, Cluster[]>()
    const ordered = [...this.#clusters].sort((a, b) => (a.smallestKey < b.smallestKey ? -1 : 1))
    for (const cluster of ordered) {
      for (const key of new Set(keysOf(cluster))) {
        const known = index.get(key)
        if (known === undefined) index.set(key, [cluster])
        else known.push(cluster)
      }
    }
    return index
  }

  /** What became of these clusters: one that was joined to another carries its keys on there. */
  #standing(group: readonly Cluster[]): Cluster[] {
    const roots = group.map((cluster) => {
      let root: Cluster | undefined = cluster
      while (root !== undefined && !this.#clusters.has(root)) root = this.#joinedTo.get(root)
      return root
    })
    return [...new Set(roots)].filter((root) => root !== undefined)
  }

  #veto(a: Cluster, b: Cluster, options: { soft: boolean }): Veto | 'different' | undefined {
    if (this.#isJudgedApart(a, b)) return 'different'
    const veto = findVeto(a, b, options)
    if (veto !== undefined) return veto
    return this.#borrowed.rings(a, b) ? this.#borrowed : undefined
  }

  /** A person has told them apart, or an identifier asks about one of them already. */
  #isSettled(a: Cluster, b: Cluster): boolean {
    return (
      this.#isJudgedApart(a, b) ||
      this.#questions.some(
        ({ code, subject, other }) =>
          code === 'id-conflict' &&
          [a, b].some(({ keys }) => keys.has(subject.smallestKey) || keys.has(other.smallestKey)),
      )
    )
  }

  #isJudgedApart(a: Cluster, b: Cluster): boolean {
    return this.#different.some(
      (judgement) =>
        (a.keys.has(judgement.a) && b.keys.has(judgement.b)) ||
        (a.keys.has(judgement.b) && b.keys.has(judgement.a)),
    )
  }

  #having(key: string): Cluster[] {
    return [...this.#clusters].filter((cluster) => cluster.keys.has(key))
  }

  #join(into: Cluster, from: Cluster): void {
    into.absorb(from)
    this.#clusters.delete(from)
    this.#joinedTo.set(from, into)
  }
}

function byKeys(x: LinkJudgement, y: LinkJudgement): number {
  return `${x.a}|${x.b}` < `${y.a}|${y.b}` ? -1 : 1
}
function bySourceKey(a: PooledStarter, b: PooledStarter): number {
  return a.sourceKey < b.sourceKey ? -1 : a.sourceKey > b.sourceKey ? 1 : 0
}
function earliestFirst(a: PooledStarter, b: PooledStarter): number {
  return a.date < b.date ? -1 : a.date > b.date ? 1 : bySourceKey(a, b)
}
function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}
function byStrength(a: Cluster, b: Cluster): number {
  return b.strength - a.strength || (a.smallestKey < b.smallestKey ? -1 : 1)
}
