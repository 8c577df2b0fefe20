/**
 * What the quality report measures. Each rule counts something that is wrong or missing among the
 * things where it could be; what cannot be there yet is counted apart and never against anyone.
 */
export interface QualityRule {
  readonly id: string
  /** What is counted, in the plural: `races without a result`. */
  readonly text: string
  /** What the denominator counts. */
  readonly of: string
  /** A share above it is a warning, an error; null where that is no finding. 0: a single one is. */
  readonly warnAbove: number | null
  readonly errorAbove: number | null
  /** The command that mends it, or tells more; `{…}` stands for something of what was found. */
  readonly mend: string
  /** The command to run now: the same, or the one that lists what was found. */
  readonly next: string
}

/** Hours after its start at which a race must have a result, and a card its starters. */
export const settledAfterHours = 48

/** A mile in metres as mile rates have it. */
export const mileMetres = 1609
/** Both values are rounded to tenths of a second: what they may differ by, in ms. */
export const mileRateToleranceMs = 150
/** No standardbred is faster; nothing that is timed is slower. In ms a mile. */
export const mileRateBoundsMs = { least: 105_000, most: 170_000 } as const

/** Months from foaling: no horse has raced so young; one that raced so old is two horses in one. */
export const startAgeMonths = { least: 18, most: 16 * 12 } as const

const readAgain = 'harness scrape --refresh --auto-discover --from {from} --to {to}'

const rules = [
  {
    id: 'meetings-without-races',
    text: 'meetings without races',
    of: 'meetings held',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: 'harness scrape --wanted',
  },
  {
    id: 'meetings-in-one-source',
    text: 'meetings that one source alone holds',
    of: 'meetings held',
    warnAbove: null,
    errorAbove: null,
    mend: 'harness scrape --wanted',
  },
  {
    id: 'possible-same-meeting',
    text: 'meetings that may be one with another',
    of: 'meetings',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: 'harness reconcile review',
  },
  {
    id: 'races-without-starters',
    text: 'races without starters',
    of: 'races run',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: readAgain,
  },
  {
    id: 'races-without-result',
    text: `races without a result after ${settledAfterHours} hours`,
    of: 'races run',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: readAgain,
  },
  {
    id: 'winner-missing',
    text: 'final races without a winner',
    of: 'final races',
    warnAbove: 0,
    errorAbove: 0.02,
    mend: readAgain,
  },
  {
    id: 'placing-gap',
    text: 'final races with a placing left out, or given twice without a dead heat',
    of: 'final races with placings',
    warnAbove: 0.02,
    errorAbove: 0.2,
    mend: readAgain,
  },
  {
    id: 'race-time-missing',
    text: 'final races without a winning time',
    of: 'final races',
    warnAbove: 0.05,
    errorAbove: 0.5,
    mend: readAgain,
  },
  {
    id: 'mile-rate-bounds',
    text: 'mile rates below 1:45 or above 2:50',
    of: 'races with a mile rate',
    warnAbove: 0,
    errorAbove: 0.02,
    mend: 'harness reconcile why {meeting} {race}',
  },
  {
    id: 'mile-rate-formula',
    text: 'mile rates that are not time × 1609 / distance',
    of: 'races with mile rate, time and distance',
    warnAbove: 0.02,
    errorAbove: 0.2,
    mend: 'harness reconcile why {meeting} {race}',
  },
  {
    id: 'stakes-above-purse',
    text: 'races that paid more than their purse',
    of: 'races with both',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: 'harness reconcile why {meeting} {race}',
  },
  {
    id: 'driver-missing',
    text: 'runners without a driver',
    of: 'runners of races run',
    warnAbove: 0.02,
    errorAbove: 0.2,
    mend: readAgain,
  },
  {
    id: 'scratched-with-placing',
    text: 'scratched starters with a placing',
    of: 'scratched starters',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: readAgain,
  },
  {
    id: 'handicap-on-mobile',
    text: 'starters with a handicap in a mobile race',
    of: 'starters of mobile races',
    warnAbove: 0,
    errorAbove: 0.02,
    mend: 'harness reconcile why {meeting} {race}',
  },
  {
    id: 'starters-unlinked',
    text: 'starters without a horse',
    of: 'starters',
    warnAbove: 0,
    errorAbove: 0.05,
    mend: 'harness horses match',
  },
  {
    id: 'name-only-links',
    text: 'starters that are linked by their name alone',
    of: 'linked starters',
    warnAbove: 0.1,
    errorAbove: 0.5,
    mend: 'harness horses why {start}',
  },
  {
    id: 'horse-twice-in-a-day',
    text: 'second starts of a horse on one day',
    of: 'linked runners',
    warnAbove: 0,
    errorAbove: 0.01,
    mend: 'harness horses why {start}',
  },
  {
    id: 'rating-missing',
    text: 'runners without a rating',
    of: 'runners of final races',
    warnAbove: null,
    errorAbove: null,
    // Why there is none is told there.
    mend: 'harness report quality --json',
  },
  {
    id: 'possible-duplicate-horses',
    text: 'horses that may be one with another (open questions)',
    of: 'horses',
    warnAbove: 0.02,
    errorAbove: 0.2,
    mend: 'harness horses review',
  },
  {
    id: 'pedigree-missing',
    text: 'horses without sire or dam',
    of: 'horses',
    warnAbove: 0.25,
    errorAbove: null,
    mend: 'harness horses fetch {horse}',
  },
  {
    id: 'pedigree-impossible',
    text: 'horses that are their own parent, or have one horse for both',
    of: 'horses with sire or dam',
    warnAbove: 0,
    errorAbove: 0.02,
    mend: 'harness horses how {horse}',
  },
  {
    id: 'foaling-date-missing',
    text: 'horses without a foaling date',
    of: 'horses',
    warnAbove: null,
    errorAbove: null,
    mend: 'harness horses fetch {horse}',
  },
  {
    id: 'age-impossible',
    text: 'horses that raced before 18 months or after 16 years of age',
    of: 'horses with a foaling date',
    warnAbove: 0,
    errorAbove: 0.02,
    mend: 'harness horses how {horse}',
  },
  {
    id: 'race-count-differs',
    text: 'meetings for which the sources have different races',
    of: 'meetings compared',
    warnAbove: 0,
    errorAbove: 0.2,
    mend: 'harness reconcile show {meeting}',
  },
  {
    id: 'starters-in-one-source',
    text: 'starters that one source alone has on a card of both',
    of: 'starters of races that both have',
    warnAbove: 0.02,
    errorAbove: 0.2,
    mend: 'harness reconcile why {meeting} {race}',
  },
  {
    id: 'fields-differ',
    text: 'values in which the sources differ',
    of: 'values that both tell',
    warnAbove: 0.02,
    errorAbove: 0.2,
    mend: 'harness reconcile why {meeting} {race}',
  },
] as const satisfies readonly Omit<QualityRule, 'next'>[]

export type QualityRuleId = (typeof rules)[number]['id']
export const qualityRules: readonly (QualityRule & { readonly id: QualityRuleId })[] = rules.map(
  (rule) => ({
    ...rule,
    next: rule.mend.includes('{') ? `harness report quality --rule ${rule.id}` : rule.mend,
  }),
)

export type QualityStatus = 'ok' | 'info' | 'warn' | 'error'

/** `info`: there are some, and that is no finding. */
export function statusOf(
  rule: Pick<QualityRule, 'warnAbove' | 'errorAbove'>,
  numerator: number,
  denominator: number,
): QualityStatus {
  if (numerator === 0) return 'ok'
  const share = denominator === 0 ? 1 : numerator / denominator
  if (rule.errorAbove !== null && share > rule.errorAbove) return 'error'
  if (rule.warnAbove !== null && share > rule.warnAbove) return 'warn'
  return 'info'
}
