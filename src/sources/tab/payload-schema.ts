import { z } from 'zod'

/**
 * The parts of TAB's payloads that are used. TAB calls its schema open: further keys may come at
 * any time and are passed over, keys may be absent or null, and a number may be written as text.
 */
const numberText = z.string().regex(/^\s*(?:-?\d{1,15}(?:\.\d{1,15})?)?\s*$/)
const number = z.union([z.number(), numberText.transform(asNumber)]).nullish()
const text = z.union([z.string(), z.number().transform(String)]).nullish()
const flag = z.boolean().nullish()

/** UUIDs of version 4 and 5 have been seen; they become part of a URL, so nothing else passes. */
const id = z.string().regex(/^[\w-]{1,64}$/)
const horseId = z.union([z.number().int(), z.string().regex(/^\s*\d{0,20}\s*$/)]).nullish()

export const listedRaceSchema = z.object({
  id,
  race_number: z.number().int().min(0).max(99),
  name: text,
  start_time: text,
  track_condition: text,
  distance: number,
  weather: text,
  status: text,
  protest: flag,
  protest_reason: text,
})

export const meetingSchema = z.object({
  meeting: id,
  name: text,
  date: text,
  meeting_date: text,
  tote_raceday_date: text,
  track_condition: text,
  state: text,
  tote_status: text,
  tote_meeting_number: number,
  jetbet_club_name: text,
  jetbet_track_name: text,
  /** Null where there are none; without the key it is another layout. */
  races: z.array(listedRaceSchema).max(100).nullable(),
})

/** Only what tells a New Zealand harness meeting from the others: these are not looked at further. */
export const meetingScopeSchema = z.object({ category: z.string(), country: z.string() })

export const meetingsEchoSchema = z.object({
  category: text,
  type: text,
  country: text,
  date_from: text,
  date_to: text,
  limit: number,
  offset: number,
})

export const raceSchema = z.object({
  event_id: id,
  meeting_id: id,
  race_number: z.number().int().min(0).max(99),
  status: text,
  description: text,
  advertised_start: number,
  actual_start: number,
  race_date_nz: text,
  type: text,
  start_type: text,
  country: text,
  distance: number,
  weather: text,
  track_condition: text,
  track_direction: text,
  rail_position: text,
  group: text,
  class: text,
  gait: text,
  weight_and_handicap_conditions: text,
  mile_rate_400: text,
  mile_rate_800: text,
  prize_monies: z.record(z.string(), z.unknown()).nullish(),
  protest: flag,
  protest_reason: text,
})

const oddsSchema = z.object({
  fixed_win: number,
  fixed_place: number,
  pool_win: number,
  pool_place: number,
})

/** Form of NZ cards: text throughout, dates as DD/MM/YYYY. A row that is none is passed over. */
const lastStartSchema = z.object({
  date: text,
  track: text,
  distance: text,
  finish: text,
  number_of_runners: text,
  margin: text,
  time_ran: text,
  jockey: text,
  class: text,
  starting_price: text,
  stipes: text,
})

export const runnerSchema = z.object({
  entrant_id: id,
  runner_number: z.number().int().min(0).max(999),
  name: z.string().regex(/\S/),
  horse_id: horseId,
  harness_nz_horse_id: horseId,
  barrier: number,
  barrier_position: text,
  handicap: number,
  is_scratched: flag,
  is_late_scratched: flag,
  scratch_time: number,
  scr_time: text,
  is_emergency: flag,
  emergency_position: text,
  age: number,
  sex: text,
  colour: text,
  country: text,
  sire: text,
  dam: text,
  dam_sire: text,
  dam_dam: text,
  foaling_date: text,
  owners: text,
  jockey: text,
  apprentice_indicator: text,
  trainer_name: text,
  trainer_location: text,
  gear: text,
  last_twenty_starts: text,
  odds: oddsSchema.nullish(),
  last_starts: z.array(lastStartSchema.nullable().catch(null)).max(500).nullish(),
})

export const resultSchema = z.object({
  position: number,
  runner_number: number,
  entrant_id: text,
  margin_length: number,
  positional_margin: text,
  winning_time: number,
  time_ran: number,
})

export const dividendSchema = z.object({
  product_name: text,
  status: text,
  dividend: number,
  description: text,
  pool_size: number,
  jackpot_size: number,
})

export const poolSchema = z.object({
  product_type: text,
  status: text,
  total: number,
  is_final: flag,
})

/** A card of 200 and more runners is no card; 24 is the largest field of the sport. */
export const eventSchema = z.object({
  race: raceSchema,
  runners: z.array(runnerSchema).max(200).nullable(),
  results: z.array(resultSchema).max(200).nullish(),
  dividends: z.array(dividendSchema).max(500).nullish(),
  tote_pools: z.array(poolSchema.nullable().catch(null)).max(200).nullish(),
})

export type ListedRace = z.infer<typeof listedRaceSchema>
export type ListedTabMeeting = z.infer<typeof meetingSchema>
export type TabRunner = z.infer<typeof runnerSchema>
export type TabResult = z.infer<typeof resultSchema>
export type TabDividend = z.infer<typeof dividendSchema>
export type TabPool = z.infer<typeof poolSchema>
export type TabEvent = z.infer<typeof eventSchema>

function asNumber(written: string): number | undefined {
  const trimmed = written.trim()
  return trimmed === '' ? undefined : Number(trimmed)
}
