import { createHash, randomBytes } from 'node:crypto'
import type { OpenDatabase } from '../../src/db/connect.ts'

/** Puts bodies that nothing makes smaller into the archive: a million bytes a unit. */
export async function putMegabytes({ unitOfWork }: OpenDatabase, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const bytes = randomBytes(1_000_000)
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
