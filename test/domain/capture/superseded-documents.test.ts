import { expect, test } from 'vitest'
import { supersededDocuments } from '../../../src/domain/capture/superseded-documents.ts'

function documents(...labels: string[]) {
  return labels.map((label, at) => ({
    id: at + 1,
    label,
    lastSeenAt: `2026-03-06T05:${String(at).padStart(2, '0')}:00.000Z`,
  }))
}

test('the first and the last of every status are kept', () => {
  expect(
    supersededDocuments(documents('open a', 'open b', 'open c', 'closed d', 'closed d')),
  ).toEqual([2])
})

test('after Final every one that says something new is kept', () => {
  expect(
    supersededDocuments(documents('final a', 'final a', 'final b', 'final b', 'final b')),
  ).toEqual([2, 4])
})

test('the last word is the one seen last, not the one that came last', () => {
  const [first, second, third] = documents('open a', 'open b', 'open c')
  const again = { ...second!, lastSeenAt: '2026-03-06T06:00:00.000Z' }
  expect(supersededDocuments([first!, again, third!])).toEqual([3])
})
