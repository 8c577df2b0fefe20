const hourMs = 60 * 60_000

/** The longest that a host may ask to be left alone, in ms: it is tried again once a day. */
export const longestHoldMs = 24 * hourMs

/**
 * No hold reaches further: the day on which daylight saving ends has 25 hours, and the clocks of two
 * machines differ a little. What is on record beyond it was written under a clock that was set
 * ahead, and to obey it would be a silent stop for months.
 */
export const holdHorizonMs = 26 * hourMs

/** Whether an instant (epoch ms) until which a host is to be left alone counts at `now`. */
export function holds(until: number, now: number, horizonMs = holdHorizonMs): boolean {
  return until > now && until <= now + horizonMs
}
