/**
 * The instant (epoch ms) that a Retry-After header names, in either of its forms: seconds, or an
 * HTTP date. Undefined for anything else. The date is the server's own clock, so it is read against
 * the answer's `Date` header where there is one: a machine whose clock is wrong, or simulated, would
 * otherwise wait for years or not at all.
 */
export function retryAfterInstant(
  header: string | undefined,
  answer: { readonly receivedAt: number; readonly dateHeader?: string | undefined },
): number | undefined {
  const text = header?.trim()
  if (text === undefined || text === '' || text.length > 64) return undefined
  if (/^\d{1,9}$/.test(text)) return answer.receivedAt + Number(text) * 1000
  // HTTP dates begin with the day's name; `Date.parse` alone would read `-5` or `1.5` as a year.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const named = Date.parse(text)
  if (Number.isNaN(named)) return undefined
  const sent = Date.parse(answer.dateHeader ?? '')
  return Math.max(
    answer.receivedAt,
    Number.isNaN(sent) ? named : answer.receivedAt + (named - sent),
  )
}
