import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeJson, safeLine, safeText } from '../../../src/cli/text/safe-text.ts'

// eslint-disable-next-line no-control-regex
const obeyed =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

const nasty = fc.string({
  unit: fc.constantFrom(
    ...['a', ' ', '\n', '\r', '\t', '\u001b', '[', ']', '3', '1', ';', 'm', '\u0007', '\\'],
    ...['\u009b', '\u202e', '\u2066', '\u200f', '\u007f', '\u0000', 'ā', '😀', '\u2028', '"'],
  ),
  maxLength: 80,
})

describe('safeText', () => {
  it('leaves nothing that a terminal would obey, whatever comes in', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        expect(safeText(text)).not.toMatch(obeyed)
        expect(safeLine(text)).not.toMatch(/[\n\t]/)
      }),
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(safeText(safeText(text))).toBe(safeText(text))
      }),
    )
  })

  it('takes whole escape sequences away, not only their first character', () => {
    expect(safeText('\u001b[31mred\u001b[0m \u001b]0;title\u0007end')).toBe('red end')
  })

  it('keeps macrons, accents and line ends', () => {
    expect(safeText('Ōtaki\tNéo\r\nnext')).toBe('Ōtaki\tNéo\nnext')
  })
})

describe('safeJson', () => {
  it('reads back as the same value and holds no mark in the raw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), nasty, (value, text) => {
        const json = safeJson({ value, text })
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, text })))
        expect(json).not.toMatch(obeyed)
      }),
    )
  })

  it('is one value for undefined too', () => {
    expect(safeJson(undefined)).toBe('null')
  })
})
