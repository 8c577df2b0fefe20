import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/cli/did-you-mean.ts'

const names = ['status', 'scrape', 'capture', 'db migrate', 'db status']

describe('nearest', () => {
  it.each([
    ['statsu', 'status'],
    ['db migarte', 'db migrate'],
    ['captur', 'capture'],
  ])('finds what %s was meant to be', (typed, meant) => {
    expect(nearest(typed, names)[0]).toBe(meant)
  })

  it('suggests nothing for a word that is like none', () => {
    expect(nearest('frobnicate', names)).toEqual([])
  })

  it('finds every name that was typed right', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), (name) => {
        expect(nearest(name, names)[0]).toBe(name)
      }),
    )
  })
})
