import { expect, it } from 'vitest'
import { schemeInWords } from '../../../src/domain/horses/compare-horses.ts'

it('names a kind of identifier by its source', () => {
  expect(schemeInWords('tab_horse:nz')).toBe('TAB nz')
  expect(schemeInWords('hrnz_guid')).toBe('HRNZ guid')
})
