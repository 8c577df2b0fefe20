const capMs = 60_000

/**
 * How long a host is left alone after `strikes` failures in a row (from 1): doubling from its pace,
 * capped, and spread by jitter so that several machines do not come back in step. Never below the
 * pace itself.
 */
export function backoffMs(strikes: number, paceMs: number, random: number): number {
  const doubled = Math.min(capMs, Math.max(paceMs, 1000) * 2 ** Math.min(strikes, 16))
  return Math.max(paceMs, Math.round(doubled * (0.5 + random / 2)))
}
