/** An archived reading of a page; `said`: what was read from it, undefined where nothing could be. */
export interface Reading {
  readonly id: number
  readonly lastSeenAt: string
  readonly said: string | undefined
}

/**
 * Readings of one page that can go: the next one said the same. The latest always stays, as does
 * every one that said something else than the next, and every one that could not be read.
 */
export function spareReadings(readings: readonly Reading[]): number[] {
  const ordered = [...readings].sort((a, b) =>
    a.lastSeenAt < b.lastSeenAt ? -1 : a.lastSeenAt > b.lastSeenAt ? 1 : a.id - b.id,
  )
  const last = ordered.at(-1)
  return ordered
    .filter(({ lastSeenAt, said }, index) => {
      const next = ordered[index + 1]
      // Of two that were seen last at one time, none is the latest.
      if (next === undefined || lastSeenAt === last?.lastSeenAt) return false
      return said !== undefined && said === next.said
    })
    .map(({ id }) => id)
}
