import { createHash, randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openDatabase, type OpenDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../support/database.ts'

const mb = 1024 * 1024

/** A megabyte a unit, as a long run writes them. */
async function write({ unitOfWork }: OpenDatabase, megabytes: number): Promise<void> {
  for (let n = 0; n < megabytes; n++) {
    const bytes = randomBytes(mb)
    const hash = createHash('sha256').update(bytes).digest('hex')
    await unitOfWork.run(({ archive }) =>
      archive.put(
        {
          source: 'tab_api',
          kind: 'event',
          url: hash,
          hash,
          contentType: null,
          etag: null,
          lastModified: null,
          httpStatus: 200,
          date: '2026-03-06',
          label: null,
          fetchedAt: '2026-03-06T00:00:00.000Z',
        },
        bytes,
      ),
    )
  }
}

it('the log beside the file is small again once a long reader has left, and empty after a run', async () => {
  const { target, remove } = await createTestDatabase('sqlite')
  const log = () => statSync(`${target}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const writer = await openDatabase(target)
  const watch = await openDatabase(target)
  const reader = await openDatabase(target, { readOnly: true })
  await write(writer, 15)
  expect(log()).toBeLessThan(10 * mb)
  await reader.unitOfWork.read(async ({ archive }) => {
    await archive.list({ kind: 'event' })
    // Nobody can shorten what a reader may still look at.
    await write(writer, 40)
    expect(log()).toBeGreaterThan(30 * mb)
  })
  await write(writer, 8)
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
    await write(writer, 1)
    await writer.close()
    expect(await archive.list({ kind: 'event' })).toEqual([])
  })
  await reader.close()
  await remove()
})
