import type { LinkRow } from '../../domain/masters.ts'
import type { IdentifierScheme } from '../../domain/observation.ts'
import { instantOrNull } from '../instants.ts'
import { rowWriter } from '../row-writer.ts'
import type { LinksTable } from '../schema/evidence.ts'

/** Hands out one text for all equal ones. */
export type Sharing = <Text extends string | null>(text: Text) => Text

/** Names, dates and identifiers come again and again: a million links hold each of them once. */
export function sharedTexts(): Sharing {
  const texts = new Map<string, string>()
  return (text) => {
    if (text === null) return text
    const known = texts.get(text)
    if (known !== undefined) return known as typeof text
    texts.set(text, text)
    return text
  }
}

const asItIs: Sharing = (text) => text

/** By hand and not over a table of columns: `match --all` makes a million of these. */
export function toLink(row: LinksTable, shared: Sharing = asItIs): LinkRow {
  const ids: Partial<Record<IdentifierScheme, string>> = {}
  if (row.tab_horse_nz !== null) ids['tab_horse:nz'] = shared(row.tab_horse_nz)
  if (row.tab_horse_intl !== null) ids['tab_horse:intl'] = shared(row.tab_horse_intl)
  if (row.hrnz_guid !== null) ids.hrnz_guid = shared(row.hrnz_guid)
  if (row.hrnz_number !== null) ids.hrnz_number = shared(row.hrnz_number)
  if (row.harness_nz_horse_id !== null) ids.harness_nz_horse_id = shared(row.harness_nz_horse_id)
  return {
    starterId: row.starter_id,
    raceId: row.race_id,
    date: shared(row.racing_date),
    startTime: shared(row.start_time),
    phase: shared(row.phase),
    sourceKey: row.source_key,
    tabEntrantId: row.tab_entrant_id,
    manualKey: row.manual_key,
    name: shared(row.name),
    nameKey: shared(row.name_key),
    sire: shared(row.sire),
    dam: shared(row.dam),
    damSire: shared(row.dam_sire),
    sex: shared(row.sex),
    colour: shared(row.colour),
    country: shared(row.country),
    foaledOn: shared(row.foaled_on),
    gait: shared(row.gait),
    ids,
    horseId: row.horse_id,
    rule: shared(row.rule),
    decidedBy: shared(row.decided_by),
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
