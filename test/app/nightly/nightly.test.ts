import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noCounts } from '../../../src/app/counts.ts'
import { nightlyLook } from '../../../src/app/nightly/nightly-look.ts'
import { runNightly, worstExitCode, type NightlyStep } from '../../../src/app/nightly/nightly.ts'
import { acquireJobLock, type JobLock } from '../../../src/db/job-lock.ts'
import {
  DatabaseError,
  InterruptedError,
  SourceRefusedError,
  SourceUnavailableError,
} from '../../../src/errors.ts'
import { openTestDatabase } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

let database: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  database = await openTestDatabase('sqlite')
})
afterAll(() => database.close())

async function underLock<T>(job: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquireJobLock(database.target, job)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

const night = (steps: readonly NightlyStep[], signal = new AbortController().signal) =>
  runNightly({ ...quietDeps(database, 0), signal, underLock }, steps)

const step = (
  name: string,
  run: NightlyStep['run'],
  more: Partial<NightlyStep> = {},
): NightlyStep => ({ name, job: null, run, ...more })
const fine = async () => ({ outcome: 'fine' })
const failing = (error: Error) => async () => Promise.reject(error)

describe('a night', () => {
  it('goes on after every kind of failure, and leaves with the worst', async () => {
    const { steps, exitCode } = await night([
      step('down', failing(new SourceUnavailableError('down', { hint: 'wait' }))),
      step('some', async () => ({ outcome: 'some', partial: true })),
      step('refused', async () => ({
        outcome: 'a page',
        counts: noCounts(),
        stopped: new SourceRefusedError('refused'),
      })),
      step('bug', failing(new TypeError('x is not a function'))),
      step('disk', failing(new DatabaseError('full', { code: 'disk-full' }))),
      step('last', fine),
    ])
    expect(steps.map(({ name, state, exitCode: code }) => [name, state, code])).toEqual([
      ['down', 'failed', 5],
      ['some', 'partly', 3],
      ['refused', 'failed', 5],
      ['bug', 'failed', 1],
      ['disk', 'failed', 1],
      ['last', 'done', 0],
    ])
    expect(steps[0]).toMatchObject({ outcome: 'down', hint: 'wait' })
    expect(exitCode).toBe(1)
  })

  it('takes a full disk for what it is, and not for a fault of ours', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    const { steps } = await night([step('dashboard', failing(full))])
    expect(steps[0]).toMatchObject({
      exitCode: 1,
      outcome: 'ENOSPC: no space left on device',
      hint: expect.stringContaining('Free some space'),
    })
  })

  it('leaves out what another run is at; work that is shared is not missing', async () => {
    const locks: JobLock[] = []
    for (const job of ['hrnz', 'capture']) locks.push(await acquireJobLock(database.target, job))
    const steps = [
      step('late results', fine, { job: 'capture', sharesWork: true }),
      step('reconcile', fine, { job: 'masters' }),
    ]
    const shared = await night(steps)
    expect(shared.steps.map(({ state }) => state)).toEqual(['busy', 'done'])
    expect(shared.exitCode).toBe(0)
    const { exitCode } = await night([step('scrape', fine, { job: 'hrnz' }), ...steps])
    expect(exitCode).toBe(4)
    for (const lock of locks) await lock.release()
    expect((await night(steps)).steps.map(({ state }) => state)).toEqual(['done', 'done'])
  })

  it('ends at an interruption, and says what was not begun', async () => {
    const stop = new AbortController()
    const interrupted = step('scrape', async () => {
      stop.abort()
      throw new InterruptedError()
    })
    const { steps, exitCode } = await night(
      [step('discover', fine), interrupted, step('match', fine)],
      stop.signal,
    )
    expect(steps.map(({ state }) => state)).toEqual(['done', 'failed', 'not begun'])
    expect(exitCode).toBe(130)
  })

  it('sums the counts and keeps the warnings of its steps', async () => {
    const counts = noCounts()
    counts.meetings.created = 2
    const warning = { code: 'c', subject: 's', message: 'm' }
    const counting = async () => ({ outcome: 'x', counts, warnings: [warning] })
    const { counts: sum, warnings } = await night([step('a', counting), step('b', counting)])
    expect(sum.meetings.created).toBe(4)
    expect(warnings).toEqual([warning, warning])
  })
})

it.each([
  [[], 0],
  [[0, 4, 0], 4],
  [[4, 3], 3],
  [[5, 3], 5],
  [[5, 1, 3], 1],
  [[1, 130], 130],
  [[77, 5], 77],
])('of the exit codes %j the worst is %d', (codes, worst) => {
  expect(worstExitCode(codes)).toBe(worst)
})

describe('what a night knows of itself', () => {
  it('says nothing of the quality when that was not looked at', () => {
    expect(nightlyLook({ exitCode: 0, outcome: '' }, []).rules.has('quality')).toBe(false)
  })
})
