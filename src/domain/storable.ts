/**
 * The same value with texts that every database gives back as it got them. Half a pair of surrogates
 * (a payload's, or ours where a long text was cut) comes back as U+FFFD and U+0000 not at all: what
 * was stored would differ from what is said at every reading, and the meeting change for ever.
 */
export function storable<T>(value: T): T {
  // JSON writes just these as escapes; nearly every value is told to be fine by one look.
  return /\\u(?:d[89a-f]|0000)/.test(JSON.stringify(value)) ? (cleaned(value) as T) : value
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').replace(/\p{Cs}/gu, '\ufffd')
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, said]) => [key, cleaned(said)]))
}
