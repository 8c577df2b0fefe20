import type { Generated } from 'kysely'

/** Tables of what TAB says besides the card, in the form of `Schema`. */
export interface MarketTables {
  tab_entrants: {
    id: Generated<number>
    tab_entrant_id: string
    tab_event_id: string
    number: number | null
  }
  odds_snapshots: {
    /** `tab_entrants.id` */
    entrant: number
    first_seen: string
    last_seen: string
    fixed_win_cents: number | null
    fixed_place_cents: number | null
    pool_win_cents: number | null
    pool_place_cents: number | null
  }
  dividends: {
    tab_event_id: string
    status: 'interim' | 'final'
    product: string
    numbers: string
    pays_cents: number
    pool_cents: number | null
    jackpot_cents: number | null
    seen_at: string
  }
  pools: {
    tab_event_id: string
    product: string
    status: string | null
    total_cents: number | null
    is_final: number
    seen_at: string
  }
  start_time_changes: { tab_event_id: string; seen_at: string; start_time: string }
  scratchings: {
    tab_entrant_id: string
    tab_event_id: string
    number: number | null
    scratched_at: string | null
    seen_at: string
    withdrawn_at: string | null
  }
  protests: {
    tab_event_id: string
    seen_at: string
    text: string
    /** Book numbers, separated by commas. */
    disqualified: string
  }
  past_starts: {
    horse_scheme: string
    horse_number: string
    racing_date: string
    track: string | null
    distance_m: number | null
    finish: string | null
    field_size: number | null
    margin: string | null
    time_text: string | null
    driver: string | null
    class_text: string | null
    price: string | null
    stewards: string | null
  }
  missed_windows: {
    /** Id of the event, or `list`. */
    subject: string
    due_at: string
    racing_date: string
    race_number: number | null
    looked_at: string
    reason: string
    cause: string
  }
  capture_cycles: {
    id: Generated<number>
    started_at: string
    ended_at: string
    next_at: string | null
    races_read: number
    changed: number
    failed: number
    error_code: string | null
    outcome: string
  }
}
