import { isPlainDate } from '../dates.ts'

type Kind = 'text' | 'whole' | 'flag' | 'date' | 'instant' | readonly string[]

interface StartField {
  /** Other names under which a file may have the column. */
  readonly also: readonly string[]
  readonly kind: Kind
}

const text = (...also: string[]): StartField => ({ also, kind: 'text' })
const whole = (...also: string[]): StartField => ({ also, kind: 'whole' })

/** The columns of a file of starts: those of the view `starts`, and what else names a horse. */
export const startFields: Readonly<Record<string, StartField>> = {
  meeting_date: { also: ['date', 'racing_date'], kind: 'date' },
  venue: text('track', 'course'),
  club: text(),
  club_number: text(),
  track_condition: text(),
  weather: text(),
  tab_meeting_id: text(),
  race_number: whole('race', 'race_no'),
  race_name: text(),
  class_text: text(),
  distance_m: whole('distance'),
  gait: { also: [], kind: ['pace', 'trot'] },
  start_type: { also: [], kind: ['mobile', 'standing'] },
  is_handicap: { also: [], kind: 'flag' },
  start_time: { also: [], kind: 'instant' },
  race_status: {
    also: [],
    kind: ['scheduled', 'open', 'closed', 'interim', 'final', 'abandoned', 'postponed'],
  },
  race_stake_cents: whole(),
  winning_time_ms: whole(),
  mile_rate_ms: whole(),
  number: whole('book_number', 'saddlecloth'),
  horse_name: text('horse'),
  barrier: text('draw'),
  handicap_m: whole(),
  driver: text(),
  trainer: text(),
  scratched: { also: [], kind: 'flag' },
  finish_position: whole('placing', 'position'),
  finish_raw: text(),
  time_ms: whole(),
  margin_raw: text('margin'),
  stake_cents: whole(),
  favourite_ranks: text(),
  tab_entrant_id: text(),
  sire: text(),
  dam: text(),
  dam_sire: text(),
  sex: text(),
  colour: text('color'),
  country: text(),
  foaled_on: { also: [], kind: 'date' },
  tab_horse_id: text(),
  tab_horse_nz: text(),
  tab_horse_intl: text(),
  hrnz_guid: text(),
  hrnz_number: text(),
  harness_nz_horse_id: text(),
}

export type StartValue = string | number | boolean
/** One row of a file: what it says of one start, under the names above. */
export type StartRow = Readonly<Record<string, StartValue>>

/** Which column of a file each field is read from. */
export type ColumnMap = ReadonlyMap<string, string>

/** Finds each field's column; what the user has said outranks the names that we know. */
export function mapColumns(
  columns: readonly string[],
  asked: Readonly<Record<string, string>>,
): { readonly map: ColumnMap } | { readonly problem: string } {
  const byName = new Map(columns.map((column) => [column.trim().toLowerCase(), column]))
  const map = new Map<string, string>()
  for (const [field, column] of Object.entries(asked)) {
    if (!Object.hasOwn(startFields, field)) return { problem: `there is no field ${field}` }
    const found = byName.get(column.trim().toLowerCase())
    if (found === undefined)
      return { problem: `the file has no column ${column}; it has ${columns.join(', ')}` }
    map.set(field, found)
  }
  for (const [field, { also }] of Object.entries(startFields)) {
    if (map.has(field)) continue
    const found = [field, ...also].map((name) => byName.get(name)).find((one) => one !== undefined)
    if (found !== undefined) map.set(field, found)
  }
  const missing = ['meeting_date', 'race_number', 'horse_name'].filter((field) => !map.has(field))
  if (!map.has('venue') && !map.has('club')) missing.push('venue')
  return missing.length === 0
    ? { map }
    : {
        problem: `the file has no column for ${missing.join(', ')}; it has ${columns.join(', ')}`,
      }
}

/** Reads one row; the first value that cannot be right is the problem. */
export function readStart(
  row: Readonly<Record<string, unknown>>,
  map: ColumnMap,
): { readonly start: StartRow } | { readonly problem: string } {
  const start: Record<string, StartValue> = {}
  for (const [field, column] of map) {
    const said = plainText(row[column])
    if (said === '') continue
    if (said.length > 500) return { problem: `${column} is longer than 500 letters` }
    const value = valueOf(said, startFields[field]!.kind)
    if (value === undefined)
      return { problem: `${column} ${JSON.stringify(said.slice(0, 40))} is no ${field}` }
    start[field] = value
  }
  for (const field of ['meeting_date', 'race_number', 'horse_name']) {
    if (start[field] === undefined) return { problem: `${map.get(field)} is empty` }
  }
  if (start['venue'] === undefined && start['club'] === undefined)
    return { problem: 'neither venue nor club is given' }
  const race = start['race_number'] as number
  if (race < 1 || race > 99) return { problem: `race number ${race} cannot be` }
  return { start }
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value).trim()
}

function valueOf(said: string, kind: Kind): StartValue | undefined {
  switch (kind) {
    case 'text':
      return said
    case 'whole':
      return /^\d{1,15}(\.0+)?$/.test(said) ? Math.trunc(Number(said)) : undefined
    case 'flag':
      if (/^(1|yes|true|y)$/i.test(said)) return true
      return /^(0|no|false|n)$/i.test(said) ? false : undefined
    case 'date': {
      // A date column of a Parquet file is an instant at midnight UTC.
      const date = said.replace(/T00:00:00(\.0+)?Z$/, '')
      return isPlainDate(date) ? date : undefined
    }
    case 'instant': {
      const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/.test(said)
        ? Date.parse(said)
        : Number.NaN
      return Number.isNaN(time) || !isPlainDate(said.slice(0, 10))
        ? undefined
        : new Date(time).toISOString()
    }
    default: {
      const word = said.toLowerCase()
      return kind.includes(word) ? word : undefined
    }
  }
}
