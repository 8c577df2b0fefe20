import type { LinkRule, PooledStarter } from '../masters.ts'
import type { IdentifierScheme } from '../observation.ts'
import { breedingKey } from './cluster.ts'

/** The schemes that each identifier rule links by, in the order of the rules. */
export const identifierRules: readonly {
  rule: LinkRule
  schemes: readonly IdentifierScheme[]
}[] = [
  { rule: 'tab-horse', schemes: ['tab_horse:nz', 'tab_horse:intl'] },
  { rule: 'hrnz-horse', schemes: ['hrnz_guid', 'hrnz_number', 'harness_nz_horse_id'] },
]

/** The keys by which a rule links, strongest first. */
export function evidenceKeys(
  starter: PooledStarter,
  ids: PooledStarter['ids'],
): { rule: LinkRule; key: string }[] {
  const keys: { rule: LinkRule; key: string }[] = []
  for (const { rule, schemes } of identifierRules) {
    for (const scheme of schemes) {
      const value = ids[scheme]
      if (value !== undefined) keys.push({ rule, key: `${scheme}:${value}` })
    }
  }
  const breeding = breedingKey(starter)
  if (breeding !== null) keys.push({ rule: 'breeding', key: `breeding:${breeding}` })
  return keys
}
