/**
 * Instants leave for the database in one form, so that SQLite, which keeps the text, orders and
 * returns them as Postgres does.
 */
export function instant(text: string): string {
  if (text.length === 24 && text.endsWith('Z')) return text
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new TypeError(`not an instant: ${text.slice(0, 40)}`)
  return new Date(time).toISOString()
}

export function instantOrNull(text: string | null): string | null {
  return text === null ? null : instant(text)
}

/** `2026-01-07 10:00:00.12+00`, as Postgres writes it in UTC, in the form of `instant`. */
export function instantFromPostgres(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/.exec(text)
  if (match === null) return text
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`
}
