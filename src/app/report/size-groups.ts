import type { DatabaseSizes } from '../../repositories/care.ts'

/** What the tables are about; what is not named here is the program's own records. */
const groups: readonly (readonly [group: string, tables: readonly string[]])[] = [
  ['archive', ['documents', 'pages', 'parse_issues', 'archives', 'field_baselines']],
  ['observations', ['observations', 'horse_facts', 'source_agreement']],
  [
    'masters',
    [
      'meetings',
      'races',
      'starters',
      'horses',
      'links',
      'horse_identifiers',
      'contested_identifiers',
      'horse_names',
      'redirects',
      'review_items',
      'rulings',
    ],
  ],
  [
    'market',
    [
      'tab_entrants',
      'odds_snapshots',
      'dividends',
      'pools',
      'start_time_changes',
      'scratchings',
      'protests',
      'past_starts',
    ],
  ],
]

/** Bytes by what they are for, largest first. */
export function sizeGroups({
  tables,
  freeBytes,
}: DatabaseSizes): { name: string; bytes: number }[] {
  const sums = new Map<string, number>(freeBytes === 0 ? [] : [['free', freeBytes]])
  for (const { name, bytes } of tables) {
    const group = groups.find(([, names]) => names.includes(name))?.[0] ?? 'records'
    sums.set(group, (sums.get(group) ?? 0) + bytes)
  }
  return [...sums]
    .map(([name, bytes]) => ({ name, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
}
