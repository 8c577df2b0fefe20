import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { archiveHistory } from '../../../src/app/care/archive-history.ts'
import type { OddsSnapshot } from '../../../src/domain/capture/plan-market.ts'
import { openDatabase, type OpenDatabase } from '../../../src/db/connect.ts'
import { createTestDatabase, testDialects } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { scratchFolder } from '../../support/run-cli.ts'

const races = 350
const at = (minute: number): string =>
  new Date(Date.parse('2026-03-06T00:00:00Z') + minute * 60_000).toISOString()

const price = (entrantId: string, minute: number, lastSeen = minute): OddsSnapshot => ({
  entrantId,
  fixedWin: 100 + minute,
  fixedPlace: null,
  poolWin: null,
  poolPlace: null,
  firstSeen: at(minute),
  lastSeen: at(lastSeen),
})

/** A body and a price of each race, as a look at it would leave them; `minute` tells looks apart. */
async function look({ unitOfWork }: OpenDatabase, from: number, to: number, minute: number) {
  await unitOfWork.run(async ({ archive, market }) => {
    const entrants: { entrantId: string; eventId: string; number: number }[] = []
    for (let n = from; n < to; n++) {
      const bytes = Buffer.from(`race ${n} at ${minute}`)
      await archive.put(
        {
          source: 'tab_api',
          kind: 'event',
          url: `race ${n}`,
          hash: createHash('sha256').update(bytes).digest('hex'),
          contentType: null,
          etag: null,
          lastModified: null,
          httpStatus: 200,
          date: '2026-03-06',
          label: null,
          fetchedAt: at(minute),
        },
        bytes,
      )
      entrants.push({ entrantId: `e${n}`, eventId: `race ${n}`, number: 1 })
    }
    const odds = entrants.flatMap(({ entrantId }) =>
      // The price of before was seen for longer than was thought.
      minute === 0
        ? [price(entrantId, 0)]
        : [price(entrantId, 0, minute - 1), price(entrantId, minute)],
    )
    const none = { dividends: [], replaceDividends: [], pools: [], startTimes: [] }
    await market.apply({ ...none, odds, entrants, scratchings: [], protests: [], pastStarts: [] })
  })
}

it.each(testDialects)(
  'nothing is lost that another process writes meanwhile, on %s',
  async (dialect) => {
    const { target, remove } = await createTestDatabase(dialect)
    const [database, other] = [await openDatabase(target), await openDatabase(target)]
    await look(database, 0, races, 0)
    await look(database, 0, races, 5)
    const to = join(scratchFolder(), 'a.db')
    const archiving = () =>
      archiveHistory(
        { ...quietDeps(database, 0), archives: database.archives },
        { before: '2026-04-01', to },
      )
    const writing = (async () => {
      for (let from = 0; from < races; from += 50) await look(other, from, from + 50, 9)
    })()
    await Promise.all([archiving(), writing])
    await archiving()
    const found = await other.unitOfWork.read(async ({ archive, market }) => {
      const texts: string[] = []
      const documents = await archive.list({ source: 'tab_api' })
      for (const { id } of documents) texts.push(Buffer.from((await archive.bytes(id))!).toString())
      const events = Array.from({ length: races }, (_, n) => `race ${n}`)
      const { odds } = await market.load(events, { history: true })
      return { texts, odds, inPlace: documents.filter(({ archivedIn }) => archivedIn === null) }
    })
    const expected = Array.from({ length: races }, (_, n) =>
      [0, 5, 9].map((minute) => `race ${n} at ${minute}`),
    )
    expect(found.texts.sort()).toEqual(expected.flat().sort())
    expect(found.inPlace).toEqual([])
    expect(found.odds).toHaveLength(3 * races)
    expect(
      found.odds
        .filter(({ firstSeen }) => firstSeen === at(0))
        .every(({ lastSeen }) => lastSeen === at(8)),
    ).toBe(true)
    await Promise.all([database.close(), other.close()])
    await remove()
  },
  30_000,
)
