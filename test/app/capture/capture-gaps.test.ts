import { expect, it } from 'vitest'
import { CaptureGaps } from '../../../src/app/capture/capture-gaps.ts'

const minute = 60_000
const otherwise = 'other races were being read'

it('finds out that the process was stopped between two looks, and that a meant pause is none', () => {
  const gaps = new CaptureGaps(2 * minute, otherwise)
  gaps.begin(0)
  gaps.alive(minute)
  gaps.alive(61 * minute)
  expect(gaps.cause(30 * minute, 61 * minute)).toMatch(/^asleep, stopped or held up from 1970/)

  gaps.begin(200 * minute)
  gaps.alive(201 * minute)
  expect(gaps.cause(100 * minute, 201 * minute)).toBe(otherwise)
})

it('knows of no stretch of work where nobody watches', () => {
  const gaps = new CaptureGaps(2 * minute, otherwise)
  gaps.alive(0)
  gaps.alive(60 * minute)
  expect(gaps.cause(0, 60 * minute)).toBe(otherwise)
})
