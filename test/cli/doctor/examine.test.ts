import { describe, expect, it } from 'vitest'
import { examineClock, examineNode } from '../../../src/cli/doctor/examine.ts'

const range = '^20.19.0 || ^22.13.0 || >=24'

describe('examineNode', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['20.18.9', 'broken'],
    ['21.7.0', 'broken'],
    ['22.12.0', 'broken'],
    ['22.20.1', 'ok'],
    ['25.0.0', 'ok'],
  ])('says of Node %s that it is %s', (version, state) => {
    expect(examineNode(version, range).state).toBe(state)
  })
})

describe('examineClock', () => {
  it('is content with a clock of our days, warns of a simulated one, and refuses 1970', () => {
    const now = Date.UTC(2026, 2, 6)
    expect(examineClock(now, null).state).toBe('ok')
    expect(examineClock(now, '2026-03-06T00:00:00Z').state).toBe('warning')
    expect(examineClock(0, null)).toMatchObject({ state: 'broken', next: expect.any(String) })
  })
})
