/** What kind of value a column has: decides its type in Parquet. */
export type ColumnKind = 'text' | 'whole' | 'date' | 'instant'

export interface DictionaryColumn {
  readonly name: string
  readonly kind: ColumnKind
  readonly meaning: string
  readonly unit: string
  /** Who says so. */
  readonly source: string
}
export interface DictionaryTable {
  readonly name: string
  readonly about: string
  /** Columns that order its rows. */
  readonly key: readonly string[]
  readonly columns: readonly DictionaryColumn[]
}

type Said = readonly [name: string, kind: ColumnKind, meaning: string, source?: string]

const both = 'TAB, else HRNZ'
const own = 'harness'

function table(
  name: string,
  key: readonly string[],
  about: string,
  columns: readonly Said[],
): DictionaryTable {
  return {
    name,
    key,
    about,
    columns: columns.map(([column, kind, meaning, source = both]) => ({
      name: column,
      kind,
      meaning,
      unit: unitOf(column, kind),
      source,
    })),
  }
}

function unitOf(column: string, kind: ColumnKind): string {
  if (kind === 'date') return 'YYYY-MM-DD, New Zealand'
  if (kind === 'instant') return 'ISO 8601, UTC'
  if (column.endsWith('_cents')) return 'cents, NZD'
  if (column.endsWith('_ms')) return 'milliseconds'
  if (column.endsWith('_m')) return 'metres'
  return ''
}

const statuses = 'scheduled, open, closed, interim, final, abandoned or postponed'

const meetingColumns: readonly Said[] = [
  ['meeting_date', 'date', 'racing date'],
  ['venue', 'text', 'where it is run'],
  ['club', 'text', 'the club that runs it'],
]
const meetingTrace: readonly Said[] = [
  ['data_source', 'text', 'who holds it: tab_api, hrnz_scraper, manual, merged (several)', own],
  ['match_rule', 'text', 'rule by which the sources were found to be one; new: there is one', own],
  ['tab_meeting_id', 'text', 'TAB’s id of the meeting', 'TAB'],
  ['hrnz_url', 'text', 'address of the results page', 'HRNZ'],
]
const ground: readonly Said[] = [
  ['track_condition', 'text', 'state of the track, as written'],
  ['weather', 'text', 'weather, as written'],
]
const raceFacts: readonly Said[] = [
  ['class_text', 'text', 'conditions of the race, as written'],
  ['distance_m', 'whole', 'length of the race'],
  ['gait', 'text', 'pace or trot'],
  ['start_type', 'text', 'mobile or standing'],
  ['is_handicap', 'whole', '1 where starters have handicaps'],
  ['start_time', 'instant', 'advertised, later actual start', 'TAB'],
]
const raceTimes: readonly Said[] = [
  ['winning_time_ms', 'whole', 'time of the winner', 'TAB; HRNZ from two days after the meeting'],
  ['mile_rate_ms', 'whole', 'the winner’s time for a mile of 1609 m', 'as winning_time_ms'],
]
const starterFacts: readonly Said[] = [
  ['horse_name', 'text', 'name of the horse on this card'],
  ['barrier', 'text', 'draw as written: 3, Fr3 (front row), Sr2 (second row)'],
  ['handicap_m', 'whole', 'behind the front mark, 0 on it'],
  ['driver', 'text', 'driver'],
  ['trainer', 'text', 'trainer or trainers'],
  ['scratched', 'whole', '1 where it did not start'],
  ['finish_position', 'whole', 'official placing', 'TAB; HRNZ from two days after the meeting'],
  ['finish_raw', 'text', 'the placing in the source’s words', 'as finish_position'],
  ['time_ms', 'whole', 'time of this starter'],
  ['margin_raw', 'text', 'margin in the source’s words', 'as finish_position'],
  ['stake_cents', 'whole', 'what this start earned', 'as finish_position'],
  ['favourite_ranks', 'text', 'rank in the win and in the place market: 1/2', 'HRNZ'],
]
const breeding: readonly Said[] = [
  ['sire', 'text', 'father'],
  ['dam', 'text', 'mother'],
  ['dam_sire', 'text', 'mother’s father'],
  ['sex', 'text', 'sex, as last told'],
  ['colour', 'text', 'colour'],
  ['country', 'text', 'where it was foaled'],
  ['foaled_on', 'date', 'date of foaling'],
]
const lastUpdated: Said = ['last_updated', 'instant', 'last change of the meeting or its card', own]

/** Every table that may be built on, with each column: the data dictionary. */
export const dictionary: readonly DictionaryTable[] = [
  table('starts', ['starter_id'], 'One row for each start, flat: meeting, race, horse, origin.', [
    ['starter_id', 'whole', 'id of the start', own],
    ['race_id', 'whole', 'id of the race', own],
    ['meeting_id', 'whole', 'id of the meeting', own],
    ['horse_id', 'whole', 'id of the horse; empty where it is not linked', own],
    ...meetingColumns,
    ['meeting_status', 'text', `meeting: ${statuses}`],
    ...ground,
    ['race_number', 'whole', 'number of the race'],
    ['race_name', 'text', 'name of the race'],
    ...raceFacts,
    ['race_status', 'text', `race: ${statuses}`],
    ['race_stake_cents', 'whole', 'purse of the race'],
    ...raceTimes,
    ['number', 'whole', 'number in the race book'],
    ...starterFacts,
    ['master_name', 'text', 'name of the horse now', own],
    ['normalized_name', 'text', 'the name as it is compared', own],
    ...breeding,
    ...meetingTrace,
    ['tab_event_id', 'text', 'TAB’s id of the race', 'TAB'],
    ['hrnz_race_key', 'text', 'key of the race on HRNZ’s page', 'HRNZ'],
    ['manual_race_key', 'text', 'key of the race in an imported file', 'import'],
    ['tab_entrant_id', 'text', 'TAB’s id of the start', 'TAB'],
    ['hrnz_starter_key', 'text', 'key of the start on HRNZ’s page', 'HRNZ'],
    ['manual_starter_key', 'text', 'key of the start in an imported file', 'import'],
    ['link_rule', 'text', 'rule that linked it to its horse', own],
    ['link_decided_by', 'text', 'rule or human', own],
    ['link_source_key', 'text', 'key by which the link knows the start', own],
    ['tab_horse_nz', 'text', 'TAB’s number of the horse, of those below 1,000,000', 'TAB'],
    ['tab_horse_intl', 'text', 'TAB’s number of the horse, of those from 1,000,000 on', 'TAB'],
    ['hrnz_guid', 'text', 'HRNZ’s GUID of the horse', 'HRNZ'],
    ['hrnz_number', 'text', 'HRNZ’s number of the horse', 'HRNZ'],
    ['harness_nz_horse_id', 'text', 'id of the horse at harness.nz', 'TAB'],
    lastUpdated,
  ]),
  table('meetings', ['id'], 'One row for each meeting.', [
    ['id', 'whole', 'id', own],
    ...meetingColumns,
    ...meetingTrace,
    ['status', 'text', statuses],
    ...ground,
    ['match_evidence', 'text', 'JSON: what the rule saw', own],
    ['matched_at', 'instant', 'when the rule first brought the sources together', own],
    lastUpdated,
  ]),
  table('races', ['id'], 'One row for each race.', [
    ['id', 'whole', 'id', own],
    ['meeting_id', 'whole', 'its meeting', own],
    ['race_number', 'whole', 'number of the race'],
    ['name', 'text', 'name of the race'],
    ...raceFacts,
    ['status', 'text', statuses],
    ['stake_cents', 'whole', 'purse'],
    ...raceTimes,
    ['tab_event_id', 'text', 'TAB’s id of the race', 'TAB'],
    ['hrnz_key', 'text', 'its key on HRNZ’s page', 'HRNZ'],
    ['manual_key', 'text', 'its key in an imported file', 'import'],
  ]),
  table('starters', ['id'], 'One row for each start.', [
    ['id', 'whole', 'id', own],
    ['race_id', 'whole', 'its race', own],
    ['number', 'whole', 'number in the race book'],
    ['horse_id', 'whole', 'its horse; empty where it is not linked', own],
    ...starterFacts,
    ['tab_entrant_id', 'text', 'TAB’s id of the start', 'TAB'],
    ['hrnz_key', 'text', 'its key on HRNZ’s page', 'HRNZ'],
    ['manual_key', 'text', 'its key in an imported file', 'import'],
  ]),
  table(
    'rulings',
    ['starter_id', 'kind'],
    'What the stewards decided of a start, one row of a kind; a results page has the official placing.',
    [
      ['starter_id', 'whole', 'the start', own],
      ['kind', 'text', 'scratched (late), relegated or disqualified', 'HRNZ'],
      ['race_id', 'whole', 'its race', own],
      ['from_position', 'whole', 'placing before it, where told', 'HRNZ'],
      ['to_position', 'whole', 'placing after it, where told', 'HRNZ'],
      ['behind', 'text', 'horse that it is put behind, where told', 'HRNZ'],
      ['ruled_at', 'instant', 'time of a late scratching, where told', 'HRNZ'],
      ['reason', 'text', 'why, in the stewards’ words', 'HRNZ'],
      ['text', 'text', 'the sentence that says so', 'HRNZ'],
      ['agrees', 'whole', '1: the results page says so too; 0: otherwise; empty: nothing', own],
      ['document_id', 'whole', 'report in the archive, or results page with its comments', own],
    ],
  ),
  table('horses', ['id'], 'One row for each horse.', [
    ['id', 'whole', 'id', own],
    ['name', 'text', 'name at its last start'],
    ['normalized_name', 'text', 'the name as it is compared', own],
    ...breeding,
    ['first_seen', 'date', 'racing date of its first start here', own],
    ['last_seen', 'date', 'racing date of its last start here', own],
    ['race_count', 'whole', 'races with an unscratched start, abandoned ones left out', own],
  ]),
  table('horse_identifiers', ['scheme', 'value'], 'Numbers by which sources know a horse.', [
    ['horse_id', 'whole', 'the horse', own],
    ['scheme', 'text', 'whose number: tab_horse:nz, hrnz_guid, …', 'TAB or HRNZ'],
    ['value', 'text', 'the number or GUID', 'TAB or HRNZ'],
  ]),
  table('redirects', ['kind', 'old_id'], 'Ids that were merged away.', [
    ['kind', 'text', 'meeting or horse', own],
    ['old_id', 'whole', 'the id that is no more', own],
    ['id', 'whole', 'the one that took its place', own],
    ['retired_at', 'instant', 'when', own],
    ['anchor', 'text', 'source key that the old id stood for', own],
  ]),
  table('data_ingestion_log', ['id'], 'One row for each page or payload that was read.', [
    ['id', 'whole', 'id', own],
    ['source', 'text', 'tab_api, hrnz_scraper or manual', own],
    ['date_processed', 'date', 'racing date', own],
    ['url', 'text', 'what was read', own],
    ['status', 'text', 'success, failed or partial', own],
    ['records_created', 'whole', 'rows that it made', own],
    ['records_updated', 'whole', 'rows that it changed', own],
    ['errors', 'text', 'what went wrong', own],
    ['created_at', 'instant', 'when', own],
  ]),
  table('measures', ['day', 'measure'], 'The quality and health measures, day by day.', [
    ['day', 'date', 'day on which it was measured; the last look of a day counts', own],
    ['measure', 'text', 'rule of report quality, or figure of report health', own],
    ['numerator', 'whole', 'how many were found; or the figure: bytes, milliseconds, a count', own],
    ['denominator', 'whole', 'among how many; empty for what is no share', own],
    ['status', 'text', 'ok, info, warn or error', own],
  ]),
  table('meeting_sources', ['observation_id'], 'What each source said of a meeting.', [
    ['meeting_id', 'whole', 'the meeting', own],
    ['meeting_date', 'date', 'racing date', 'the source'],
    ['source', 'text', 'tab_api, hrnz_scraper or manual', own],
    ['kind', 'text', 'kind of document: card, results, stewards, fields, import', own],
    ['source_key', 'text', 'the source’s key of the meeting', 'the source'],
    ['url', 'text', 'where it was read', own],
    ['venue', 'text', 'venue in its words', 'the source'],
    ['club', 'text', 'club in its words', 'the source'],
    ['club_number', 'text', 'its number of the club', 'the source'],
    ['tab_meeting_id', 'text', 'TAB’s id of the meeting', 'TAB'],
    ['observed_at', 'instant', 'when it was first said like this', own],
    ['confirmed_at', 'instant', 'when it was last seen to say so', own],
    ['document_id', 'whole', 'document in the archive', own],
    ['document_hash', 'text', 'hash of its bytes', own],
    ['archived_in', 'text', 'file that its bytes were moved to; empty: they are in place', own],
    ['parser_version', 'text', 'what read it', own],
    ['observation_id', 'whole', 'id', own],
  ]),
]

/** Columns of these tables that are the program’s own working state and are not exported. */
export const internalColumns: Readonly<Record<string, readonly string[]>> = { horses: ['tally'] }

/** The dictionary as a page to read. */
export function dictionaryMarkdown(): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    '# Data dictionary',
    '',
    'An empty value is one that no source tells. Rows are in the order of the key.',
    ...dictionary.flatMap(({ name, about, key, columns }) => [
      '',
      `## ${name}`,
      '',
      `${about} Key: ${key.join(', ')}.`,
      '',
      line(['column', 'kind', 'meaning', 'unit', 'source']),
      line(['---', '---', '---', '---', '---']),
      ...columns.map((column) =>
        line([column.name, column.kind, column.meaning, column.unit, column.source]),
      ),
    ]),
    '',
  ].join('\n')
}
