import type { QualityRuleId } from '../../domain/quality/quality-rules.ts'
import {
  mileMetres,
  mileRateBoundsMs,
  mileRateToleranceMs,
  startAgeMonths,
} from '../../domain/quality/quality-rules.ts'

/**
 * What each rule means in columns: what it counts among what, and what is too early to count. Every
 * term is SQL that both databases understand, over the columns of quality-facts.ts. By the same
 * terms things are counted and listed.
 */
export interface Terms {
  readonly among: string
  readonly found: string
  readonly notYet?: string
  /** Columns that tell what is wrong, where one of them is found. */
  readonly shows?: readonly string[]
}

export type RuleTerms = Partial<Record<QualityRuleId, Terms>>

/** The same, of starters: they are counted by race, and `found` are rows of `startersThat`. */
export interface StarterTerms {
  /** Races in which it counts. */
  readonly where: string
  /** Column of the race that counts the starters looked at. */
  readonly among: string
  readonly found: StartersThat
  readonly notYet?: StartersThat
  /** Columns of the starter. */
  readonly shows?: readonly string[]
}

const settled = 'live = 1 and settled = 1'
export const early = 'live = 1 and settled = 0'
export const final = `live = 1 and status = 'final'`
const always = '1 = 1'

export const meetingTerms: RuleTerms = {
  'meetings-without-races': { among: settled, found: 'races = 0', notYet: 'races = 0' },
  'meetings-in-one-source': {
    among: settled,
    found: `data_source <> 'merged'`,
    notYet: `data_source <> 'merged'`,
    shows: ['data_source'],
  },
  'possible-same-meeting': { among: always, found: 'questions > 0' },
}

const rated = 'winning_time_ms is not null and mile_rate_ms is not null and distance_m is not null'
/** 2^1 + … + 2^n: no other n numbers from 1 to 40 have that sum, so the placings are 1 to n. */
const inOrder =
  'last_placing = placed and placed <= 40 and ' +
  'placing_bits = (cast(1 as bigint) << cast(placed + 1 as integer)) - 2'
const placingOutOfRank =
  'exists (select 1 from starters a where a.race_id = race.id and a.finish_position <> 1 + ' +
  '(select count(*) from starters b where b.race_id = a.race_id ' +
  'and b.finish_position < a.finish_position))'

export const raceTerms: RuleTerms = {
  'races-without-starters': { among: settled, found: 'starters = 0', notYet: 'starters = 0' },
  'races-without-result': {
    among: settled,
    found: `status <> 'final'`,
    notYet: `status <> 'final'`,
    shows: ['status'],
  },
  'winner-missing': { among: final, found: 'winners = 0', shows: ['starters', 'placed'] },
  'placing-gap': {
    among: `${final} and placed > 0`,
    found: `case when ${inOrder} then 0 when ${placingOutOfRank} then 1 else 0 end = 1`,
    shows: ['placed', 'last_placing'],
  },
  'race-time-missing': {
    // Nobody takes the time of a walkover.
    among: `${final} and settled = 1 and runners <> 1`,
    found: 'winning_time_ms is null',
    notYet: `status = 'final' and winning_time_ms is null and runners <> 1`,
  },
  'mile-rate-bounds': {
    among: 'mile_rate_ms is not null',
    found: `mile_rate_ms not between ${mileRateBoundsMs.least} and ${mileRateBoundsMs.most}`,
    shows: ['mile_rate_ms'],
  },
  'mile-rate-formula': {
    among: rated,
    // The winner of a handicap went further than the race is long.
    found:
      `abs(mile_rate_ms * (distance_m + winner_handicap_m) - winning_time_ms * ${mileMetres}) ` +
      `> ${mileRateToleranceMs} * (distance_m + winner_handicap_m)`,
    shows: ['mile_rate_ms', 'winning_time_ms', 'distance_m', 'winner_handicap_m'],
  },
  'stakes-above-purse': {
    among: 'stake_cents is not null and paid_cents > 0',
    found: 'paid_cents > stake_cents',
    shows: ['paid_cents', 'stake_cents'],
  },
}

/**
 * Starters that are the exception, as `race_id` and `starter_id`. Each is read from an index that
 * holds few others: a look at every starter's row would take longer than all the rest.
 */
export const startersThat = {
  without_driver: `select race_id, id as starter_id from starters
    where driver is null and scratched = 0`,
  scratched_placed: `select race_id, id as starter_id from starters
    where scratched = 1 and finish_position is not null`,
  handicapped: 'select race_id, id as starter_id from starters where handicap_m > 0',
  unlinked: 'select race_id, id as starter_id from starters where horse_id is null',
  unlinked_runners: `select race_id, id as starter_id from starters
    where horse_id is null and scratched = 0`,
  name_only: `select race_id, starter_id from links where rule = 'name-only'`,
  // Dates first, so that few starts are looked at; the second and further ones of each. A horse may
  // be entered in two races of a day: it is scratched from one of them, but that may be late.
  second_starts: `select race_id, starter_id from (
      select s.race_id, s.id as starter_id,
        row_number() over (partition by l.horse_id, l.racing_date order by s.id) as nth
      from (
        select horse_id, racing_date from links group by horse_id, racing_date having count(*) > 1
      ) twice
      join links l on l.horse_id = twice.horse_id and l.racing_date = twice.racing_date
      join starters s on s.id = l.starter_id
      join races r on r.id = s.race_id
      where s.scratched = 0 and r.status = 'final'
    ) nths where nth > 1`,
  resultless: `select race_id, id as starter_id from starters
    where finish_position is null and scratched = 0 and finish_raw is null
      and horse_id is not null`,
} as const

export type StartersThat = keyof typeof startersThat

export const starterTerms: Partial<Record<QualityRuleId, StarterTerms>> = {
  'driver-missing': {
    where: settled,
    among: 'runners',
    found: 'without_driver',
    notYet: 'without_driver',
  },
  'scratched-with-placing': {
    where: always,
    among: 'scratched',
    found: 'scratched_placed',
    shows: ['finish_position'],
  },
  'handicap-on-mobile': {
    where: `start_type = 'mobile'`,
    among: 'starters',
    found: 'handicapped',
    shows: ['handicap_m'],
  },
  'starters-unlinked': { where: always, among: 'starters', found: 'unlinked' },
  'name-only-links': { where: always, among: 'starters - unlinked', found: 'name_only' },
  'horse-twice-in-a-day': {
    where: always,
    among: 'runners - unlinked_runners',
    found: 'second_starts',
  },
}

/** Months between two dates, whatever the database holds them as. */
const monthsFrom = (date: string): string =>
  `(12 * cast(substr(cast(${date} as text), 1, 4) as integer) + ` +
  `cast(substr(cast(${date} as text), 6, 2) as integer))`
const ageAt = (date: string): string => `${monthsFrom(date)} - ${monthsFrom('foaled_on')}`

export const horseTerms: RuleTerms = {
  'possible-duplicate-horses': { among: always, found: 'doubtful = 1' },
  'pedigree-missing': {
    among: always,
    found: 'sire is null or dam is null',
    shows: ['sire', 'dam'],
  },
  'pedigree-impossible': {
    among: 'sire is not null or dam is not null',
    found: 'lower(name) = lower(sire) or lower(name) = lower(dam) or lower(sire) = lower(dam)',
    shows: ['sire', 'dam'],
  },
  'foaling-date-missing': { among: always, found: 'foaled_on is null' },
  'age-impossible': {
    among: 'foaled_on is not null and first_seen is not null',
    found:
      `${ageAt('first_seen')} < ${startAgeMonths.least} ` +
      `or ${ageAt('last_seen')} > ${startAgeMonths.most}`,
    shows: ['foaled_on', 'first_seen', 'last_seen'],
  },
}
