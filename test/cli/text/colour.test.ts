import { describe, expect, it } from 'vitest'
import { coloursFor } from '../../../src/cli/text/colour.ts'

describe('coloursFor', () => {
  it('colours a terminal only, and none with NO_COLOR or a dumb one', () => {
    const terminal = { isTTY: true }
    expect(coloursFor(terminal, {}).red('x')).not.toBe('x')
    expect(coloursFor(terminal, { NO_COLOR: '1' }).red('x')).toBe('x')
    expect(coloursFor(terminal, { TERM: 'dumb' }).red('x')).toBe('x')
    expect(coloursFor({}, {}).red('x')).toBe('x')
  })
})
