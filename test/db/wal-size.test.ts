import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../support/database.ts'
import { putMegabytes } from '../support/put-megabytes.ts'

const mb = 1_000_000

it('the log beside the file is small again once a long reader has left, and empty after a run', async () => {
  const { target, remove } = await createTestDatabase('sqlite')
  const log = () => statSync(`${target}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const writer = await openDatabase(target)
  const watch = await openDatabase(target)
  const reader = await openDatabase(target, { readOnly: true })
  await putMegabytes(writer, 15)
  expect(log()).toBeLessThan(10 * mb)
  await reader.unitOfWork.read(async ({ archive }) => {
    await archive.list({ kind: 'event' })
    // Nobody can shorten what a reader may still look at.
    await putMegabytes(writer, 40)
    expect(log()).toBeGreaterThan(30 * mb)
  })
  await putMegabytes(writer, 8)
  expect(log()).toBeLessThan(20 * mb)
  await writer.close()
  expect(log()).toBe(0)
  await reader.close()
  await watch.close()
  await remove()
}, 30_000)

it('a run ends well beside a reader that stays', async () => {
  const { target, remove } = await createTestDatabase('sqlite')
  const writer = await openDatabase(target)
  const reader = await openDatabase(target, { readOnly: true })
  await reader.unitOfWork.read(async ({ archive }) => {
    await archive.list({ kind: 'event' })
    await putMegabytes(writer, 1)
    await writer.close()
    expect(await archive.list({ kind: 'event' })).toEqual([])
  })
  await reader.close()
  await remove()
})
