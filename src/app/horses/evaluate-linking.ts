import { linkStarters } from '../../domain/horses/link-starters.ts'
import { neighbourhoods } from '../../domain/horses/neighbourhoods.ts'
import { type PartitionScore, partitionScore } from '../../domain/horses/partition-score.ts'
import type { PooledStarter } from '../../domain/masters.ts'
import { isNoName, nameKey } from '../../domain/names.ts'
import { UsageError } from '../../errors.ts'

type Row = Readonly<Record<string, string>>

/**
 * Links the records of a file whose identities are known, by the rules that link starts, and scores
 * the result. Columns: `entity_id` (the truth), `name`; where there: `record_id`, `sire` or `father`,
 * `dam` or `mother`, `birth_year` or `foaled_on`, `sex`, and the identifiers by their scheme.
 */
export function evaluateLinking(rows: readonly Row[]): PartitionScore {
  const [first] = rows
  for (const column of ['entity_id', 'name']) {
    if (first !== undefined && !(column in first))
      throw new UsageError(
        `the file has no column ${column}`,
        'Columns: entity_id, name, and where known record_id, sire, dam, birth_year, sex.',
      )
  }
  const starters = rows.map(starterOf)
  const found: string[] = []
  for (const neighbourhood of neighbourhoods(starters, [])) {
    for (const { cluster } of linkStarters(neighbourhood, []).horses) {
      for (const { starterId } of cluster.starters) found[starterId] = cluster.smallestKey
    }
  }
  return partitionScore(
    rows.map((row, index) => ({ found: found[index]!, truth: row['entity_id']! })),
  )
}

function starterOf(row: Row, index: number): PooledStarter {
  const said = (...columns: string[]): string | null => {
    for (const column of columns) {
      const value = row[column]?.trim()
      if (value !== undefined && value !== '') return value
    }
    return null
  }
  const parent = (...columns: string[]): string | null => {
    const text = said(...columns)
    return text === null || isNoName(text) ? null : text
  }
  const name = said('name') ?? ''
  const born = said('foaled_on', 'birth_year')
  const ids: PooledStarter['ids'] = Object.fromEntries(
    schemes.flatMap((scheme) => {
      const value = said(scheme)
      return value === null ? [] : [[scheme, value]]
    }),
  )
  return {
    starterId: index,
    raceId: index,
    date: '2000-01-01',
    startTime: null,
    // A record tells of no race: rules about races and times have nothing to say.
    phase: 'scratched',
    sourceKey: `record:${said('record_id') ?? ''} ${String(index).padStart(8, '0')}`,
    tabEntrantId: null,
    manualKey: null,
    name,
    nameKey: isNoName(name) ? '' : nameKey(name),
    sire: parent('sire', 'father'),
    dam: parent('dam', 'mother'),
    damSire: said('dam_sire'),
    sex: said('sex'),
    colour: null,
    country: null,
    foaledOn: born === null || !/^\d{4}/.test(born) ? null : `${born.slice(0, 4)}-01-01`,
    gait: null,
    ids,
  }
}

const schemes = ['tab_horse:nz', 'tab_horse:intl', 'hrnz_guid', 'hrnz_number'] as const
