import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { JobLocks } from '../../../src/cli/context/job-locks.ts'
import { acquireJobLock } from '../../../src/db/job-lock.ts'
import { scratchFolder } from '../../support/run-cli.ts'

it('what two processes must not do at once is done when the other is ready, not left out', async () => {
  const target = join(scratchFolder(), 'harness.db')
  const other = await acquireJobLock(target, 'alerts')
  const done: string[] = []
  const waiting = new JobLocks(target).alone(
    'alerts',
    async () => done.push('told'),
    new AbortController().signal,
  )
  await sleep(500)
  expect(done).toEqual([])
  await other.release()
  await waiting
  expect(done).toEqual(['told'])
  await (await acquireJobLock(target, 'alerts')).release()
})

it('a signal ends the wait', async () => {
  const target = join(scratchFolder(), 'harness.db')
  const other = await acquireJobLock(target, 'alerts')
  const stop = new AbortController()
  const waiting = new JobLocks(target).alone('alerts', async () => 'told', stop.signal)
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'locked' })
  await other.release()
})
