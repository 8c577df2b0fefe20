import { expect, it } from 'vitest'
import { archiveHint } from '../../src/domain/archive-hint.ts'

const now = Date.parse('2026-06-01T00:00:00Z')

it('a large database with old documents is told how to become smaller', () => {
  expect(archiveHint(2_340_000_000, '2019-08-01T00:00:00.000Z', now)).toEqual({
    message: '2.3 GB, with raw documents since 2019-08-01',
    next: 'harness db archive --before -365d --dry-run',
  })
})

it.each([
  ['one whose old documents have moved', 5_000_000_000, '2025-08-01T00:00:00.000Z'],
  ['one without documents', 5_000_000_000, null],
])('%s is left in peace', (_, size, oldest) => {
  expect(archiveHint(size, oldest, now)).toBeNull()
})
