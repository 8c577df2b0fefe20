import type { MeetingObservation } from '../observation.ts'

/** How much of a page's rows carried a field: per mille of `of`. */
export interface FieldShare {
  readonly field: string
  readonly share: number
  readonly of: number
}
/** What a field's share has been on the latest pages. */
export interface FieldBaseline {
  readonly field: string
  readonly share: number
  /** Pages it rests on, counted up to a limit: later ones weigh as one in so many. */
  readonly pages: number
}

const cardFields = ['number', 'driver', 'trainer'] as const
const resultFields = ['finishRaw', 'identifiers', 'timeMs', 'stakeCents', 'favouriteRanks'] as const
const raceFields = ['name', 'classText', 'distanceM', 'gait', 'stakeCents'] as const
const afterRaceFields = ['timesText', 'marginsText', 'dividendsText'] as const

/**
 * Which share of a page's runners and races carried each field. What only a result brings is counted
 * in races with a winner: the page of the evening holds races that are still to be run.
 */
export function fieldCoverage({ races }: MeetingObservation): readonly FieldShare[] {
  const held = races.filter(({ status }) => status !== 'abandoned')
  const done = held.filter(({ status }) => status === 'final')
  const ran = (of: typeof races) =>
    of.flatMap(({ starters }) => starters.filter(({ scratched }) => scratched !== true))
  const shares = <T extends object>(
    prefix: string,
    rows: readonly T[],
    fields: readonly (keyof T & string)[],
  ): FieldShare[] =>
    fields.map((field) => ({
      field: `${prefix}.${field}`,
      share: rows.length === 0 ? 0 : perMille(rows, (row) => row[field] !== undefined),
      of: rows.length,
    }))
  const runners = ran(held)
  return [
    ...shares('starter', runners, cardFields),
    {
      field: 'starter.draw',
      share: perMille(runners, (row) => row.barrier !== undefined || row.handicapM !== undefined),
      of: runners.length,
    },
    ...shares('starter', ran(done), resultFields),
    ...shares('race', held, raceFields),
    ...shares('race', done, afterRaceFields),
  ]
}

function perMille<T>(rows: readonly T[], has: (row: T) => boolean): number {
  if (rows.length === 0) return 0
  return Math.round((rows.filter(has).length * 1000) / rows.length)
}

/** Pages before a baseline may speak, and the fewest rows of a page on which it does. */
const pagesNeeded = 20
const rowsNeeded = { starter: 12, race: 2 }
const longMemory = 50

/**
 * Fields that the site has always filled and this page has not: less than half of the usual share of
 * a field that most rows carry. A column that was renamed looks like that.
 */
export function droppedFields(
  shares: readonly FieldShare[],
  baselines: readonly FieldBaseline[],
): readonly string[] {
  const usual = new Map(baselines.map((one) => [one.field, one]))
  return shares.flatMap(({ field, share, of }) => {
    const before = usual.get(field)
    if (before === undefined || before.pages < pagesNeeded || before.share < 600) return []
    const needed = field.startsWith('race.') ? rowsNeeded.race : rowsNeeded.starter
    if (of < needed || share * 2 >= before.share) return []
    return [`${field} in ${percent(share)} of ${of} rows, usually in ${percent(before.share)}`]
  })
}

const percent = (share: number): string => `${Math.round(share / 10)} %`

/** The baseline with one more page: a running mean that forgets slowly. */
export function nextBaselines(
  shares: readonly FieldShare[],
  baselines: readonly FieldBaseline[],
): readonly FieldBaseline[] {
  const usual = new Map(baselines.map((one) => [one.field, one]))
  return shares.flatMap(({ field, share, of }) => {
    if (of === 0) return []
    const before = usual.get(field) ?? { share, pages: 0 }
    const pages = Math.min(before.pages + 1, longMemory)
    return [{ field, share: Math.round(before.share + (share - before.share) / pages), pages }]
  })
}
