import type { LinkRow, LinkRule, PooledStarter } from '../masters.ts'
import { identifierKey } from '../names.ts'
import { borrowedNames } from './borrowed-names.ts'
import { allSchemes, breedingKey, Cluster } from './cluster.ts'
import { vetoes } from './vetoes.ts'

/** Why a start is its horse's: the rule in words, the starts that share its evidence, the rest. */
export interface LinkExplanation {
  readonly rule: LinkRule
  readonly sentence: string
  /** Earlier starts of the horse that carry what the rule goes by. */
  readonly shared: readonly PooledStarter[]
  readonly steps: readonly string[]
  /** Other horses that it might have been, and what spoke against each. */
  readonly refused: readonly { readonly horseId: number; readonly vetoes: readonly string[] }[]
}

const sentences: Readonly<Record<LinkRule, string>> = {
  judgement: 'a person said so',
  'tab-entrant': 'TAB’s entrant id was known on a start of this horse',
  'tab-horse': 'TAB’s horse number is this horse’s',
  'hrnz-horse': 'HRNZ’s horse id is this horse’s',
  breeding: 'name, sire and dam are all known and equal, and nothing contradicts',
  'name-only':
    'the name is equal, no other horse fits and nothing contradicts; the name is all there is',
  new: 'it is the earliest start of the horse: there was none to link it to',
}

const ruleOrder: readonly LinkRule[] = [
  'judgement',
  'tab-horse',
  'hrnz-horse',
  'breeding',
  'name-only',
]

/** Explains a link from the horse's own links and the neighbours that share a name or an identifier. */
export function explainLink(
  link: LinkRow,
  own: readonly LinkRow[],
  neighbours: readonly LinkRow[],
): LinkExplanation {
  const earlier = own.filter(
    (other) =>
      other.starterId !== link.starterId &&
      (other.date < link.date || (other.date === link.date && other.sourceKey < link.sourceKey)),
  )
  const at = ruleOrder.indexOf(link.rule)
  const steps = ruleOrder.slice(0, at < 0 ? ruleOrder.length : at + 1).map((rule) => {
    const keys = keysFor(rule, link)
    const found = keys.filter((key) => earlier.some((other) => keysFor(rule, other).includes(key)))
    if (rule === link.rule) return `${rule}: links (${found.join(', ') || 'see the decision'})`
    if (keys.length === 0 && rule !== 'judgement') return `${rule}: the start says nothing of it`
    return `${rule}: ${found.length > 0 ? `agrees as well (${found.join(', ')})` : 'no earlier start of the horse shares it'}`
  })
  const keys = keysFor(link.rule, link)
  return {
    rule: link.rule,
    sentence: sentences[link.rule],
    shared: earlier.filter((other) => keysFor(link.rule, other).some((key) => keys.includes(key))),
    steps: link.rule === 'new' ? [sentences.new] : steps,
    refused: refusals(link, neighbours),
  }
}

function refusals(link: LinkRow, neighbours: readonly LinkRow[]): LinkExplanation['refused'] {
  const single = Cluster.of([link])
  const ids = [...new Set(neighbours.map(({ horseId }) => horseId))].filter(
    (id) => id !== link.horseId,
  )
  const all = [...vetoes, borrowedNames(neighbours, ({ ids }) => ids)]
  return ids.map((horseId) => {
    const other = Cluster.of(neighbours.filter((one) => one.horseId === horseId))
    return {
      horseId,
      vetoes: all
        .filter((veto) => veto.rings(single, other))
        .map(({ id, text }) => `${id}: ${text}`),
    }
  })
}

/** The texts by which a rule finds starts together. */
function keysFor(rule: LinkRule, starter: PooledStarter): string[] {
  switch (rule) {
    case 'tab-horse':
    case 'hrnz-horse':
      return allSchemes
        .filter((scheme) => scheme.startsWith('tab_horse:') === (rule === 'tab-horse'))
        .flatMap((scheme) => {
          const value = starter.ids[scheme]
          return value === undefined ? [] : [identifierKey({ scheme, value })]
        })
    case 'breeding': {
      const key = breedingKey(starter)
      return key === null ? [] : [key.replaceAll('|', ', ')]
    }
    case 'name-only':
      return starter.nameKey === '' ? [] : [starter.nameKey]
    default:
      return []
  }
}

/** The steps by which a horse came together, oldest start first; equal steps in a row are one. */
export function howItCameTogether(
  links: readonly LinkRow[],
): { readonly rule: LinkRule; readonly words: string; readonly starts: readonly LinkRow[] }[] {
  const ordered = [...links].sort((a, b) => (a.date + a.sourceKey < b.date + b.sourceKey ? -1 : 1))
  const steps: { rule: LinkRule; words: string; starts: LinkRow[] }[] = []
  const seen: LinkRow[] = []
  for (const link of ordered) {
    const keys = keysFor(link.rule, link).filter((key) =>
      seen.some((other) => keysFor(link.rule, other).includes(key)),
    )
    const words = keys.length === 0 ? sentences[link.rule] : `${sentences[link.rule]} (${keys[0]})`
    const last = steps.at(-1)
    if (last?.words === words) last.starts.push(link)
    else steps.push({ rule: link.rule, words, starts: [link] })
    seen.push(link)
  }
  return steps
}
