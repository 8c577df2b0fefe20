import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HorseChanges } from '../../src/repositories/horses.ts'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { aCard, aHorse, aLink, cardChanges, horseChanges } from './rows.ts'

export function horsesContract(dialect: TestDialect): void {
  describe('horses', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    const apply = (changes: HorseChanges) =>
      database.unitOfWork.run(({ horses }) => horses.apply(changes))
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
      await database.unitOfWork.run(({ cards }) => cards.apply(aCard(4).card))
    })
    afterEach(() => database.close())

    it('gives links, horses, identifiers and names back as they were written', async () => {
      const changes = horseChanges({
        horses: [aHorse(), aHorse({ id: 2, sire: null, foaledOn: null, raceCount: 0 })],
        links: [aLink(), aLink({ starterId: 2, horseId: 2, ids: {}, startTime: null, gait: null })],
        identifiers: [
          { horseId: 1, scheme: 'hrnz_guid', value: 'AAAA' },
          { horseId: 1, scheme: 'tab_horse:nz', value: '9007199254740993' },
        ],
        names: [
          { horseId: 1, nameKey: 'a', name: 'A', firstSeen: '2020-01-01', lastSeen: '2020-02-01' },
          { horseId: 1, nameKey: 'b', name: 'B', firstSeen: '2021-01-01', lastSeen: '2021-02-01' },
        ],
      })
      await apply(changes)
      const read = await database.unitOfWork.read(async ({ horses }) => ({
        links: await horses.allLinks(),
        horses: await horses.load([2, 1, 7]),
        identifiers: await horses.identifiers([1, 2]),
        names: await horses.names([1, 2]),
      }))
      expect(read).toEqual({
        links: changes.links,
        horses: changes.horses,
        identifiers: changes.identifiers,
        names: changes.names,
      })
    })

    it('sets the horse of the starters with the links', async () => {
      await apply(aCard(4).horses)
      await apply(horseChanges({ links: [aLink({ starterId: 3, horseId: 1 })] }))
      const rows = await database.db
        .selectFrom('starters')
        .select(['id', 'horse_id'])
        .orderBy('id')
        .execute()
      expect(rows.map((row) => row.horse_id)).toEqual([1, 2, 1, 4])
    })

    it('replaces the identifiers and names of the horses named, and of no other', async () => {
      await apply(aCard(3).horses)
      await apply(
        horseChanges({
          horses: [aHorse({ id: 1 })],
          replace: [1],
          identifiers: [{ horseId: 1, scheme: 'hrnz_guid', value: 'BBBB' }],
        }),
      )
      const { identifiers, names } = await database.unitOfWork.read(async ({ horses }) => ({
        identifiers: await horses.identifiers([1, 2, 3]),
        names: await horses.names([1, 2, 3]),
      }))
      expect(identifiers.map(({ horseId, value }) => [horseId, value])).toEqual([
        [1, 'BBBB'],
        [2, '2'],
        [3, '3'],
      ])
      expect(names.map(({ horseId }) => horseId)).toEqual([2, 3])
    })

    it('moves starts and identifiers from a horse that goes to the one that stays', async () => {
      await apply(aCard(2).horses)
      await apply(
        horseChanges({
          horses: [aHorse({ id: 1, raceCount: 2 })],
          links: [aLink({ starterId: 2, horseId: 1 })],
          identifiers: [
            { horseId: 1, scheme: 'hrnz_number', value: '1' },
            { horseId: 1, scheme: 'hrnz_number', value: '2' },
          ],
          deleteHorses: [2],
        }),
      )
      const { left, links, resolved } = await database.unitOfWork.run(async ({ horses }) => {
        await horses.redirect([
          { kind: 'horse', oldId: 2, id: 1, retiredAt: '2026-03-07T00:00:00.000Z', anchor: 'k' },
        ])
        return {
          left: await horses.load([1, 2]),
          links: await horses.linksOfHorses([1]),
          resolved: await horses.resolve([2]),
        }
      })
      expect(left.map(({ id }) => id)).toEqual([1])
      expect(links.map(({ starterId }) => starterId)).toEqual([1, 2])
      expect(resolved.get(2)).toBe(1)
    })

    it('gives every link, in order of its starter, however many there are', async () => {
      const { card, horses: changes } = aCard(4_500)
      const ids = await database.unitOfWork.run(async ({ cards, horses }) => {
        await cards.apply(card)
        await horses.apply(changes)
        return (await horses.allLinks()).map(({ starterId }) => starterId)
      })
      expect(ids).toEqual(card.starters.map(({ id }) => id))
    })

    it('finds the links of horses by name key, identifier and any source key, each once', async () => {
      const name = { name: 'N', firstSeen: '2026-03-06', lastSeen: '2026-03-06' }
      await apply(
        horseChanges({
          horses: [1, 2, 3, 4].map((id) => aHorse({ id })),
          names: [
            { horseId: 1, nameKey: 'one', ...name },
            { horseId: 2, nameKey: 'two', ...name },
          ],
          identifiers: [
            { horseId: 2, scheme: 'tab_horse:nz', value: '7' },
            { horseId: 3, scheme: 'tab_horse:intl', value: '7' },
          ],
          contested: [{ horseId: 4, scheme: 'hrnz_guid', value: 'X' }],
          links: [
            aLink({ starterId: 1, horseId: 1, sourceKey: 'hrnz:a' }),
            aLink({ starterId: 2, horseId: 2, sourceKey: 'k2' }),
            aLink({ starterId: 3, horseId: 3, sourceKey: 'k3' }),
            aLink({ starterId: 4, horseId: 4, tabEntrantId: 'e4', manualKey: 'manual:4' }),
          ],
        }),
      )
      const find = (keys: {
        nameKeys?: string[]
        identifiers?: { scheme: 'tab_horse:nz' | 'hrnz_guid'; value: string }[]
        sourceKeys?: string[]
      }) =>
        database.unitOfWork.read(async ({ horses }) =>
          (await horses.findLinks({ nameKeys: [], identifiers: [], sourceKeys: [], ...keys })).map(
            ({ starterId }) => starterId,
          ),
        )
      expect(await find({ nameKeys: ['two', 'one', 'none'] })).toEqual([1, 2])
      expect(await find({ identifiers: [{ scheme: 'tab_horse:nz', value: '7' }] })).toEqual([2])
      expect(await find({ identifiers: [{ scheme: 'hrnz_guid', value: 'X' }] })).toEqual([4])
      expect(await find({ sourceKeys: ['hrnz:a', 'k3'] })).toEqual([1, 3])
      expect(await find({ sourceKeys: ['tab:entrant:e4'] })).toEqual([4])
      expect(await find({ sourceKeys: ['manual:4'] })).toEqual([4])
      expect(
        await find({ nameKeys: ['one'], identifiers: [{ scheme: 'hrnz_guid', value: 'X' }] }),
      ).toEqual([1, 4])
    })

    it('finds a horse by a name it had before', async () => {
      await apply(
        horseChanges({
          horses: [aHorse({ id: 1, normalizedName: 'new name' })],
          names: [
            {
              horseId: 1,
              nameKey: 'old',
              name: 'Old',
              firstSeen: '2020-01-01',
              lastSeen: '2020-01-01',
            },
          ],
        }),
      )
      const [byNew, byOld, none] = await database.unitOfWork.read(({ horses }) =>
        Promise.all(['new name', 'old', 'other'].map((key) => horses.findByNameKey(key))),
      )
      expect([byNew, byOld, none].map((found) => found?.map(({ id }) => id))).toEqual([
        [1],
        [1],
        [],
      ])
    })

    it('keeps what a page says under each of its ids, the later page in place of the earlier', async () => {
      const facts = {
        name: 'Totara',
        sire: 'Art Minor',
        dam: null,
        damSire: null,
        sex: 'mare',
        colour: null,
        country: 'NZ',
        foaledOn: '2020-10-05',
      }
      const old = { ...facts, ids: { hrnz_guid: 'AA', hrnz_number: '27168' } }
      const newer = { ...facts, dam: 'Kowhai Girl', ids: { hrnz_guid: 'AA' } }
      await database.unitOfWork.run(async ({ horseFacts }) => {
        await horseFacts.save([{ facts: old, documentId: 1 }])
        await horseFacts.save([{ facts: newer, documentId: 2 }])
      })
      const asked = [
        { scheme: 'hrnz_guid' as const, value: 'AA' },
        { scheme: 'hrnz_number' as const, value: '27168' },
        { scheme: 'hrnz_number' as const, value: 'AA' },
      ]
      const found = await database.unitOfWork.read(({ horseFacts }) => horseFacts.of(asked))
      expect([...found]).toEqual([
        ['hrnz_guid:AA', newer],
        ['hrnz_number:27168', old],
      ])
    })

    it('refuses to delete a horse that still has starts, and then changes nothing', async () => {
      await apply(aCard(2).horses)
      await expect(apply(horseChanges({ horses: [], deleteHorses: [2] }))).rejects.toThrow()
      const left = await database.unitOfWork.read(({ horses }) => horses.identifiers([2]))
      expect(left).toHaveLength(1)
    })

    it('needs as many statements for 200 starters as for 10', async () => {
      expect(await statementsFor(dialect, 200)).toEqual(await statementsFor(dialect, 10))
    })

    it('needs no statement for empty lists', async () => {
      const statements: string[] = []
      const watched = await openTestDatabase(dialect, { onQuery: (sql) => statements.push(sql) })
      await watched.unitOfWork.run(async (r) => {
        statements.length = 0
        await r.ids.allocate({})
        await r.cards.apply(cardChanges())
        await r.cards.load([])
        await r.cards.resolve([])
        await r.cards.redirect([])
        await r.cards.revive([])
        await r.cards.redirectsTo([])
        await r.horses.apply(horseChanges())
        await r.horses.findLinks({ nameKeys: [], identifiers: [], sourceKeys: [] })
        await r.horses.linksOfStarters([])
        await r.horses.load([])
        await r.observations.save([])
        await r.observations.findByKeys([])
        await r.observations.loadTrees([])
        await r.observations.assign([])
        await r.observations.confirm([], '2026-01-01T00:00:00.000Z')
        await r.reviews.replace('horse', [], [])
        await r.reviews.ofSubjects('horse', [])
        await r.judgements.retract([], '2026-01-01T00:00:00.000Z')
        await r.archive.get([])
        await r.archive.remove([])
        await r.pages.register([])
        await r.pages.update([])
        await r.pages.findByUrls('tab_api', [])
        await r.log.add([])
        expect(statements).toEqual([])
      })
      await watched.close()
    })
  })
}

/** What it takes to write and read back a card of this size, as the first words of each statement. */
async function statementsFor(dialect: TestDialect, starters: number): Promise<string[]> {
  const statements: string[] = []
  const watched = await openTestDatabase(dialect, { onQuery: (sql) => statements.push(sql) })
  const { card, horses: changes } = aCard(starters)
  await watched.unitOfWork.run(async ({ ids, cards, horses, reviews }) => {
    statements.length = 0
    await ids.allocate({ meeting: 1, race: 1, starter: starters, horse: starters })
    await cards.apply(card)
    await horses.apply(changes)
    await cards.load([1])
    const starterIds = card.starters.map(({ id }) => id)
    await horses.linksOfStarters(starterIds)
    await horses.findLinks({
      nameKeys: changes.links.map(({ nameKey }) => nameKey),
      identifiers: changes.identifiers,
      sourceKeys: changes.links.map(({ sourceKey }) => sourceKey),
    })
    await horses.resolve(starterIds)
    await reviews.replace('horse', starterIds, [])
    await horses.redirect(
      starterIds.map((id) => ({
        kind: 'horse',
        oldId: id + 1000,
        id,
        retiredAt: '2026-03-07T00:00:00.000Z',
        anchor: '',
      })),
    )
  })
  await watched.close()
  expect(statements.length).toBeGreaterThan(10)
  return statements.map((sql) => sql.slice(0, 30))
}
