/** What is known of a look that was just taken. Instants in epoch ms. */
export interface LateLook {
  readonly lookedAt: number
  /** When it should have been taken; undefined for a race that nobody knew of. */
  readonly dueAt: number | undefined
  readonly reason: string | null
  readonly startAt: number | undefined
  /** Whether the event had been read before. */
  readonly seenBefore: boolean
  readonly graceMs: number
}

/**
 * The window that this look missed: what TAB said in between is gone for good, and a gap in the odds
 * or a late result must not look like a quiet hour. Undefined where it came in time.
 */
export function missedWindow(look: LateLook): { dueAt: number; reason: string } | undefined {
  const { lookedAt, dueAt, startAt, graceMs } = look
  if (!look.seenBefore) {
    if (startAt === undefined || lookedAt - startAt <= graceMs) return undefined
    return { dueAt: startAt, reason: 'never read before its start' }
  }
  if (dueAt === undefined || lookedAt - dueAt <= graceMs) return undefined
  return { dueAt, reason: look.reason ?? 'due' }
}

/** Meetings near their starts first: of the others nothing runs away. */
export function distanceToStart(startTimes: readonly (string | undefined)[], now: number): number {
  const distances = startTimes.flatMap((start) =>
    start === undefined ? [] : [Math.abs(Date.parse(start) - now)],
  )
  return Math.min(Number.MAX_SAFE_INTEGER, ...distances)
}
