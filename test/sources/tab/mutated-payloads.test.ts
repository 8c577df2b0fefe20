import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HarnessError } from '../../../src/errors.ts'
import { decodeEvent } from '../../../src/sources/tab/decode-event.ts'
import { decodeMeetings } from '../../../src/sources/tab/decode-meetings.ts'
import { quoteLongIntegers } from '../../../src/sources/tab/read-body.ts'
import { bytes, eventBody, listBody, listedMeeting, result } from './invented-payloads.ts'

const range = { from: '2026-03-06', to: '2026-03-06' }
const event = (): unknown =>
  eventBody({ race: { status: 'Final' }, results: [1, 2, 3].map((n) => result(n, n)) })
const list = (): unknown => listBody([listedMeeting(), listedMeeting({ meeting: 'second' })])

/** Something odd in place of any value of the payload. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    0,
    -1,
    1e308,
    'NaN',
    [],
    {},
    [[]],
    true,
    '__proto__',
  ),
  fc.string(),
  fc.double(),
  fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String),
  fc.object({ maxDepth: 2 }),
)

test('a mutated card is a decoded card or an error with a code', () => {
  fc.assert(
    fc.property(mutation(event), (body) => {
      expect(outcome(() => decodeEvent(bytes(body)))).not.toBe('')
    }),
    { numRuns: 400 },
  )
})

test('a mutated list is a decoded list or an error with a code', () => {
  fc.assert(
    fc.property(mutation(list), (body) => {
      expect(outcome(() => decodeMeetings(bytes(body), { range }))).not.toBe('')
    }),
    { numRuns: 400 },
  )
})

test('a card that is decoded in spite of a mutation has all its starters', () => {
  const replaced = fc.record({
    runner: fc.integer({ min: 0, max: 4 }),
    key: fc.constantFrom('sire', 'age', 'barrier', 'jockey', 'country', 'scr_time', 'horse_id'),
    value: odd,
  })
  fc.assert(
    fc.property(replaced, ({ runner, key, value }) => {
      const body = event() as { data: { runners: Record<string, unknown>[] } }
      body.data.runners[runner]![key] = value
      const decoded = decodeEvent(bytes(body))
      expect(decoded.kind === 'race' && decoded.race.starters.length).toBe(5)
    }),
    { numRuns: 200 },
  )
})

test('bytes of any kind are an error with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      expect(outcome(() => decodeEvent(noise))).not.toBe('')
    }),
    { numRuns: 200 },
  )
})

test('quoting long integers changes nothing else', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), (value, text) => {
      const json = JSON.stringify([value, `${text}"1234567890123456789`, 1e21, 1.5])
      expect(JSON.parse(quoteLongIntegers(json))).toEqual(withLongText(JSON.parse(json)))
    }),
    { numRuns: 300 },
  )
  expect(
    quoteLongIntegers('{"a":12345678901234567,"b":"12345678901234567","c":-1234567890123456}'),
  ).toBe('{"a":"12345678901234567","b":"12345678901234567","c":"-1234567890123456"}')
  expect(quoteLongIntegers('[1.1234567890123456789,1234567890123456e3]')).toBe(
    '[1.1234567890123456789,1234567890123456e3]',
  )
})

/** Numbers that JSON writes with 16 and more plain digits come back as text. */
function withLongText(value: unknown): unknown {
  if (typeof value === 'number') {
    const written = JSON.stringify(value)
    return /^-?\d{16,}$/.test(written) ? written : value
  }
  if (Array.isArray(value)) return value.map(withLongText)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withLongText(inner)]))
}

/** `decoded`, or the code of the error; any other exception fails the property. */
function outcome(work: () => unknown): string {
  try {
    work()
    return 'decoded'
  } catch (error) {
    if (error instanceof HarnessError) return error.code
    throw error
  }
}

/** The payload with one to three values replaced or removed, now and then cut short. */
function mutation(make: () => unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(make())
  const change = fc.record({ path: fc.constantFrom(...paths), value: odd, remove: fc.boolean() })
  return fc
    .record({
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 6 }),
    })
    .map(({ changes, cut }) => {
      const payload = make()
      for (const { path, value, remove } of changes)
        place(payload, path, remove ? undefined : value)
      const text = JSON.stringify(payload)
      return cut === null ? text : text.slice(0, Math.floor(text.length * cut))
    })
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  const inner = Object.entries(value).flatMap(([key, held]) => pathsOf(held, [...path, key]))
  return path.length === 0 ? inner : [[...path], ...inner]
}

function place(payload: unknown, path: readonly string[], value: unknown): void {
  let holder = payload
  for (const step of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return
    holder = (holder as Record<string, unknown>)[step]
  }
  if (typeof holder !== 'object' || holder === null) return
  ;(holder as Record<string, unknown>)[path.at(-1) ?? ''] = value
}
