const firstPages = Date.UTC(1990, 0)

/** When a file says that its page was saved, epoch ms; null for a time that cannot be. */
export function savedAtOf(said: unknown): number | null {
  const time = typeof said === 'string' ? Date.parse(said) : Number.NaN
  return time >= firstPages ? time : null
}
