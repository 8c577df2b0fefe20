import type { PooledStarter } from '../masters.ts'
import type { HorseIdentifier, IdentifierScheme } from '../observation.ts'
import { parentKey } from './cluster.ts'

/** The schemes under which HRNZ's own page of a horse can be asked for, the present one first. */
export const pageSchemes = ['hrnz_guid', 'hrnz_number'] as const

/** What HRNZ's own page of a horse says of it; `null` is "it does not say". */
export interface HorseFacts {
  readonly name: string
  readonly sire: string | null
  readonly dam: string | null
  readonly damSire: string | null
  readonly sex: string | null
  readonly colour: string | null
  readonly country: string | null
  /** `YYYY-MM-DD` */
  readonly foaledOn: string | null
  /** The ids that stand for this page, the asked one among them. */
  readonly ids: Readonly<Partial<Record<(typeof pageSchemes)[number], string>>>
}

/** The identifiers of a start under which its horse can have a page. */
export function pageIdentifiers(ids: PooledStarter['ids']): HorseIdentifier[] {
  return pageSchemes.flatMap((scheme) => {
    const value = ids[scheme]
    return value === undefined ? [] : [{ scheme, value }]
  })
}

/**
 * A start's evidence with what it does not say taken from its horse's page. What a start says itself
 * stays; a page that contradicts it fills nothing, for halves of two pedigrees are those of no horse.
 */
export function withFacts(starter: PooledStarter, facts: HorseFacts | undefined): PooledStarter {
  if (facts === undefined || contradicts(starter, facts)) return starter
  const ids: Partial<Record<IdentifierScheme, string>> = { ...facts.ids, ...starter.ids }
  return {
    ...starter,
    sire: starter.sire ?? facts.sire,
    dam: starter.dam ?? facts.dam,
    damSire: starter.damSire ?? facts.damSire,
    sex: starter.sex ?? facts.sex,
    colour: starter.colour ?? facts.colour,
    country: starter.country ?? facts.country,
    foaledOn: starter.foaledOn ?? facts.foaledOn,
    ids,
  }
}

function contradicts(starter: PooledStarter, facts: HorseFacts): boolean {
  const differ = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && a !== '' && b !== undefined && b !== '' && a !== b
  return (
    differ(parentKey(starter.sire), parentKey(facts.sire)) ||
    differ(parentKey(starter.dam), parentKey(facts.dam)) ||
    differ(starter.foaledOn?.slice(0, 4), facts.foaledOn?.slice(0, 4)) ||
    pageSchemes.some((scheme) => differ(starter.ids[scheme], facts.ids[scheme]))
  )
}
