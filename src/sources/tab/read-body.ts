import { z } from 'zod'
import { LayoutChangedError, SourceUnavailableError } from '../../errors.ts'

/** What TAB says went wrong; it comes with HTTP 200 as well. */
export interface TabFailure {
  readonly code: string
  readonly message: string
}

/**
 * The JSON of one answer of TAB. Integers over 15 digits arrive as text: as numbers they would lose
 * their last digits, and two horses could become one.
 */
export function readBody(body: Uint8Array): {
  readonly json: Record<string, unknown>
  readonly failure: TabFailure | undefined
} {
  if (body.byteLength > maxBytes) {
    throw new LayoutChangedError(
      `TAB's answer has ${body.byteLength} bytes, more than the ${maxBytes} that any card needs`,
      { code: 'too-large' },
    )
  }
  let json: unknown
  try {
    json = JSON.parse(quoteLongIntegers(new TextDecoder('utf-8').decode(body)))
  } catch (error) {
    throw new LayoutChangedError(
      `TAB's answer is not JSON (${body.byteLength} bytes): ${excerpt((error as Error).message)}`,
      {
        code: 'broken-json',
        hint: 'run the same command again; the answer was probably cut short',
        cause: error,
      },
    )
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new LayoutChangedError("TAB's answer is not a JSON object", { code: 'invalid-payload' })
  }
  const header = envelope.safeParse(json)
  return {
    json: json as Record<string, unknown>,
    failure: header.success ? failureOf(header.data) : undefined,
  }
}

/** The error to throw for a failure that is not an answer in itself. */
export function failureError(failure: TabFailure, what: string): SourceUnavailableError {
  return new SourceUnavailableError(
    `TAB answered ${what} with the error ${excerpt(failure.code)}: ${excerpt(failure.message)}`,
    { code: `tab-${failure.code.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.slice(0, 40) },
  )
}

/** Puts integers of 16 and more digits in quotes; texts, fractions and exponents stay as they are. */
export function quoteLongIntegers(json: string): string {
  if (!/\d{16}/.test(json)) return json
  const parts: string[] = []
  let kept = 0
  let at = 0
  while (at < json.length) {
    const code = json.charCodeAt(at)
    if (code === quote) {
      at = endOfText(json, at)
      continue
    }
    if (!isNumberPart(code)) {
      at += 1
      continue
    }
    const start = at
    while (at < json.length && isNumberPart(json.charCodeAt(at))) at += 1
    if (at - start < 16) continue
    const token = json.slice(start, at)
    if (!/^-?\d{16,}$/.test(token)) continue
    parts.push(json.slice(kept, start), '"', token, '"')
    kept = at
  }
  parts.push(json.slice(kept))
  return parts.join('')
}

/** A card of TAB is under 1 MB, a day of meetings of all codes about 500 KB. */
const maxBytes = 20_000_000

const envelope = z.object({
  header: z
    .object({
      error: z.string().nullish(),
      error_code: z.union([z.string(), z.number()]).nullish(),
    })
    .nullish(),
})

function failureOf({ header }: z.infer<typeof envelope>): TabFailure | undefined {
  const code = String(header?.error_code ?? '')
  const message = header?.error ?? ''
  if (code === '' && message === '') return undefined
  return { code: code === '' ? 'unnamed' : code, message }
}

const quote = 0x22
const backslash = 0x5c

/** Index after the closing quote of the text that opens at `start`. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  while (at < json.length) {
    const code = json.charCodeAt(at)
    if (code === quote) return at + 1
    at += code === backslash ? 2 : 1
  }
  return json.length
}

/** Digits, signs, the point and the exponent's letter. */
function isNumberPart(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    code === 0x45 ||
    code === 0x65
  )
}

const excerpt = (text: string): string => text.slice(0, 200)
