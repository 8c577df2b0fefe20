import type { HorseIdentifierRow, HorseName, HorseRow } from '../../domain/masters.ts'
import { rowWriter } from '../row-writer.ts'
import type { HorsesTable } from '../schema/masters.ts'

export const horsesInOrder = (rows: readonly HorsesTable[]): HorseRow[] =>
  rows.map(toHorse).sort((a, b) => a.id - b.id)

const toHorse = (row: HorsesTable): HorseRow => ({
  id: row.id,
  name: row.name,
  normalizedName: row.normalized_name,
  sire: row.sire,
  dam: row.dam,
  damSire: row.dam_sire,
  sex: row.sex,
  colour: row.colour,
  country: row.country,
  foaledOn: row.foaled_on,
  firstSeen: row.first_seen,
  lastSeen: row.last_seen,
  raceCount: row.race_count,
  tally: row.tally,
})

export const writeHorses = rowWriter<'horses', HorseRow>({
  table: 'horses',
  key: ['id'],
  values: {
    id: (row) => row.id,
    name: (row) => row.name,
    normalized_name: (row) => row.normalizedName,
    sire: (row) => row.sire,
    dam: (row) => row.dam,
    dam_sire: (row) => row.damSire,
    sex: (row) => row.sex,
    colour: (row) => row.colour,
    country: (row) => row.country,
    foaled_on: (row) => row.foaledOn,
    first_seen: (row) => row.firstSeen,
    last_seen: (row) => row.lastSeen,
    race_count: (row) => row.raceCount,
    tally: (row) => row.tally,
  },
})

export const writeIdentifiers = rowWriter<'horse_identifiers', HorseIdentifierRow>({
  table: 'horse_identifiers',
  key: ['scheme', 'value'],
  values: {
    horse_id: (row) => row.horseId,
    scheme: (row) => row.scheme,
    value: (row) => row.value,
  },
})

export const writeContested = rowWriter<'contested_identifiers', HorseIdentifierRow>({
  table: 'contested_identifiers',
  key: ['scheme', 'value', 'horse_id'],
  values: {
    horse_id: (row) => row.horseId,
    scheme: (row) => row.scheme,
    value: (row) => row.value,
  },
})

export const writeNames = rowWriter<'horse_names', HorseName>({
  table: 'horse_names',
  key: ['horse_id', 'name_key'],
  values: {
    horse_id: (row) => row.horseId,
    name_key: (row) => row.nameKey,
    name: (row) => row.name,
    first_seen: (row) => row.firstSeen,
    last_seen: (row) => row.lastSeen,
  },
})
