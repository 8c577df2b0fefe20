import type { Alert } from '../alerts/decide-alerts.ts'
import { addDays, type DateRange } from '../dates.ts'
import type { Measure } from '../quality/measures.ts'
import { qualityRules } from '../quality/quality-rules.ts'

/** What stands in the database of one week's work. */
export interface WeekFacts {
  /** Pages and payloads, and what they changed. */
  readonly sources: readonly {
    readonly source: string
    readonly read: number
    readonly failed: number
    readonly created: number
    readonly updated: number
  }[]
  /** Fields set by hand. */
  readonly corrections: number
  /** Questions that a person answered. */
  readonly answers: number
}

export interface WeekDigest extends WeekFacts {
  readonly from: string
  readonly to: string
  readonly questions: Trend
  readonly size: Trend
  /** Rules whose status has changed, or whose count has, the worst first. */
  readonly quality: readonly QualityChange[]
  readonly alerts: {
    readonly opened: number
    readonly recovered: number
    /** What is open now. */
    readonly open: readonly string[]
  }
}

/** As it was measured last in the week, and a week before; null where nobody looked. */
interface Trend {
  readonly now: number | null
  readonly before: number | null
}

export interface QualityChange {
  readonly rule: string
  readonly before: Figure
  readonly now: Figure
}
type Figure = Pick<Measure, 'numerator' | 'denominator' | 'status'>

/** How far back a look counts as one of a week before, in days. */
const lookBackDays = 14
const severity = ['ok', 'info', 'warn', 'error']

/** The first day whose measures a digest of this week is made from. */
export function measuresFrom({ from }: DateRange): string {
  return addDays(from, -lookBackDays)
}

/** The last Monday to Sunday that was over on a day. */
export function lastWholeWeek(today: string): DateRange {
  // 0 is Sunday; the date itself is meant, whatever the zone.
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay()
  const to = addDays(today, weekday === 0 ? -7 : -weekday)
  return { from: addDays(to, -6), to }
}

export function weekDigest(
  week: DateRange,
  facts: WeekFacts,
  measures: readonly Measure[],
  alerts: readonly Alert[],
  /** Whether an instant (ISO 8601) lies in the week. */
  isWithin: (instant: string) => boolean,
): WeekDigest {
  const now = latest(measures.filter(({ day }) => day >= week.from && day <= week.to))
  const before = latest(measures.filter(({ day }) => day < week.from))
  const trend = (measure: string): Trend => ({
    now: now.get(measure)?.numerator ?? null,
    before: before.get(measure)?.numerator ?? null,
  })
  return {
    ...facts,
    ...week,
    questions: trend('questions-open'),
    size: trend('database-bytes'),
    quality: qualityRules
      .flatMap(({ id }) => {
        const [was, is] = [before.get(id), now.get(id)]
        if (was === undefined || is === undefined) return []
        if (was.status === is.status && was.numerator === is.numerator) return []
        return [{ rule: id, before: figure(was), now: figure(is) }]
      })
      .toSorted((a, b) => step(b) - step(a)),
    alerts: {
      opened: alerts.filter(({ openedAt }) => isWithin(openedAt)).length,
      recovered: alerts.filter((one) => one.recoveredAt !== null && isWithin(one.recoveredAt))
        .length,
      open: alerts.filter(({ state }) => state !== 'ok').map(({ value }) => value),
    },
  }
}

/** Whether there is anything to tell. One in which all stood still is told: there was one before. */
export function isEmpty({ sources, size }: WeekDigest): boolean {
  return sources.length === 0 && size.now === null && size.before === null
}

/** How much worse it has become: a change of status before any change of a count. */
function step({ before, now }: QualityChange): number {
  const statuses = severity.indexOf(now.status) - severity.indexOf(before.status)
  return 1e15 * statuses + (now.numerator - before.numerator)
}

function figure({ numerator, denominator, status }: Measure): Figure {
  return { numerator, denominator, status }
}

/** The measures of the last day on which somebody looked. */
function latest(measures: readonly Measure[]): Map<string, Measure> {
  const last = measures
    .map(({ day }) => day)
    .toSorted()
    .at(-1)
  return new Map(measures.filter(({ day }) => day === last).map((one) => [one.measure, one]))
}
