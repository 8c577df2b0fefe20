import { expect, it } from 'vitest'
import { watchRun } from '../../../src/domain/alerts/watch-run.ts'

it.each([
  // Done, failed, partly done, left to another run, a source away, interrupted.
  ['nightly', ['ok', 'error', 'warn', 'ok', 'error', 'error']],
  ['scrape', ['ok', 'error', 'ok', 'ok', '~', '~']],
  ['capture', ['ok', 'error', 'ok', 'ok', '~', '~']],
])('of %s each exit code is %j', (command, expected) => {
  const levels = [0, 1, 3, 4, 5, 130].map((exitCode) => {
    const { level, isClear } = watchRun(command, { exitCode, outcome: 'so' })
    return level === 'ok' && !isClear ? '~' : level
  })
  expect(levels).toEqual(expected)
})

it('a run is told of in the words of its outcome', () => {
  const ended = { exitCode: 1, outcome: 'the disk is full' }
  expect(watchRun('scrape', ended)).toMatchObject({
    rule: 'scrape',
    value: 'scrape: the disk is full',
  })
})
