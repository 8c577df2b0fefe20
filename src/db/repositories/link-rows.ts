import type { LinkRow } from '../../domain/masters.ts'
import type { IdentifierScheme } from '../../domain/observation.ts'
import { instantOrNull } from '../instants.ts'
import { rowWriter } from '../row-writer.ts'
import type { LinksTable } from '../schema.ts'

export type IdentifierColumn =
  'tab_horse_nz' | 'tab_horse_intl' | 'hrnz_guid' | 'hrnz_number' | 'harness_nz_horse_id'

/** Where a link keeps each scheme of identifier. */
export const identifierColumns: Readonly<Record<IdentifierScheme, IdentifierColumn>> = {
  'tab_horse:nz': 'tab_horse_nz',
  'tab_horse:intl': 'tab_horse_intl',
  hrnz_guid: 'hrnz_guid',
  hrnz_number: 'hrnz_number',
  harness_nz_horse_id: 'harness_nz_horse_id',
}

/** By hand and not over a table of columns: `match --all` makes a million of these. */
export function toLink(row: LinksTable): LinkRow {
  const ids: Partial<Record<IdentifierScheme, string>> = {}
  if (row.tab_horse_nz !== null) ids['tab_horse:nz'] = row.tab_horse_nz
  if (row.tab_horse_intl !== null) ids['tab_horse:intl'] = row.tab_horse_intl
  if (row.hrnz_guid !== null) ids.hrnz_guid = row.hrnz_guid
  if (row.hrnz_number !== null) ids.hrnz_number = row.hrnz_number
  if (row.harness_nz_horse_id !== null) ids.harness_nz_horse_id = row.harness_nz_horse_id
  return {
    starterId: row.starter_id,
    raceId: row.race_id,
    date: row.racing_date,
    startTime: row.start_time,
    phase: row.phase,
    sourceKey: row.source_key,
    tabEntrantId: row.tab_entrant_id,
    manualKey: row.manual_key,
    name: row.name,
    nameKey: row.name_key,
    sire: row.sire,
    dam: row.dam,
    damSire: row.dam_sire,
    sex: row.sex,
    colour: row.colour,
    country: row.country,
    foaledOn: row.foaled_on,
    gait: row.gait,
    ids,
    horseId: row.horse_id,
    rule: row.rule,
    decidedBy: row.decided_by,
  }
}

export const writeLinks = rowWriter<'links', LinkRow>({
  table: 'links',
  key: ['starter_id'],
  values: {
    starter_id: (row) => row.starterId,
    horse_id: (row) => row.horseId,
    rule: (row) => row.rule,
    decided_by: (row) => row.decidedBy,
    race_id: (row) => row.raceId,
    racing_date: (row) => row.date,
    start_time: (row) => instantOrNull(row.startTime),
    phase: (row) => row.phase,
    source_key: (row) => row.sourceKey,
    tab_entrant_id: (row) => row.tabEntrantId,
    manual_key: (row) => row.manualKey,
    name: (row) => row.name,
    name_key: (row) => row.nameKey,
    sire: (row) => row.sire,
    dam: (row) => row.dam,
    dam_sire: (row) => row.damSire,
    sex: (row) => row.sex,
    colour: (row) => row.colour,
    country: (row) => row.country,
    foaled_on: (row) => row.foaledOn,
    gait: (row) => row.gait,
    tab_horse_nz: (row) => row.ids['tab_horse:nz'] ?? null,
    tab_horse_intl: (row) => row.ids['tab_horse:intl'] ?? null,
    hrnz_guid: (row) => row.ids.hrnz_guid ?? null,
    hrnz_number: (row) => row.ids.hrnz_number ?? null,
    harness_nz_horse_id: (row) => row.ids.harness_nz_horse_id ?? null,
  },
})
