import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import {
  aLink,
  aCard,
  aHorse,
  aMeeting,
  aRace,
  aRuling,
  aStarter,
  cardChanges,
  horseChanges,
} from './rows.ts'

export function cardsContract(dialect: TestDialect): void {
  describe('cards', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
    })
    afterEach(() => database.close())

    it('gives a card back as it was written, in order of race and book number', async () => {
      const races = [
        aRace({ id: 8, raceNumber: 2 }),
        aRace({ id: 9, raceNumber: 1, isHandicap: null }),
      ]
      const starters = [
        aStarter({ id: 3, raceId: 9, number: null }),
        aStarter({ id: 4, raceId: 9, number: 2, scratched: true, finishPosition: null }),
        aStarter({ id: 5, raceId: 9, number: 1 }),
      ]
      const cards = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings: [aMeeting()], races, starters }))
        return cards.load([1])
      })
      expect(cards).toEqual([
        {
          meeting: aMeeting(),
          rulings: [],
          races: [
            { race: races[1], starters: [starters[2], starters[1], starters[0]] },
            { race: races[0], starters: [] },
          ],
        },
      ])
    })

    it('replaces rows by id, and the last of rows with one id counts', async () => {
      const [card] = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings: [aMeeting()] }))
        await cards.apply(
          cardChanges({
            meetings: [aMeeting({ venue: 'Elsewhere' }), aMeeting({ weather: null })],
          }),
        )
        return cards.load([1])
      })
      expect(card?.meeting).toEqual(aMeeting({ weather: null }))
    })

    it('keeps the horse of a starter that is written again', async () => {
      const { card, horses } = aCard(1)
      await database.unitOfWork.run(async (repositories) => {
        await repositories.cards.apply(card)
        await repositories.horses.apply(horses)
        await repositories.cards.apply(cardChanges({ starters: [aStarter({ barrier: '7' })] }))
      })
      const rows = await database.db
        .selectFrom('starters')
        .select(['horse_id', 'barrier'])
        .execute()
      expect(rows).toEqual([{ horse_id: 1, barrier: '7' }])
    })

    it('deletes what hangs below a row with it, links included', async () => {
      const { card, horses } = aCard(3)
      const left = await database.unitOfWork.run(async (repositories) => {
        await repositories.cards.apply(card)
        await repositories.horses.apply(horses)
        await repositories.cards.apply(cardChanges({ deleteStarters: [2] }))
        const afterStarter = (await repositories.horses.allLinks()).map((l) => l.starterId)
        await repositories.cards.apply(cardChanges({ deleteRaces: [1] }))
        const afterRace = await repositories.horses.allLinks()
        await repositories.cards.apply(cardChanges({ deleteMeetings: [1] }))
        return { afterStarter, afterRace, cards: await repositories.cards.load([1]) }
      })
      expect(left).toEqual({ afterStarter: [1, 3], afterRace: [], cards: [] })
    })

    it('keeps the rulings on its starters, replaces them and loses them with the starter', async () => {
      const second = aRuling({ starterId: 2, kind: 'disqualified', agrees: false, to: null })
      const third = aRuling({ starterId: 2, kind: 'scratched', agrees: null, at: null })
      const seen = await database.unitOfWork.run(async ({ cards, horses }) => {
        const { card, horses: own } = aCard(3)
        await cards.apply({ ...card, rulingsOf: [1, 2], rulings: [third, aRuling(), second] })
        await horses.apply(own)
        const rulings = async () => (await cards.load([1]))[0]?.rulings
        const first = await rulings()
        const moved = { ...aRuling(), starterId: 3 }
        await cards.apply(cardChanges({ rulingsOf: [1, 3], rulings: [moved] }))
        const moving = await rulings()
        await cards.apply(cardChanges({ deleteStarters: [2] }))
        return { first, moving, last: await rulings() }
      })
      expect(seen).toEqual({
        first: [aRuling(), second, third],
        moving: [second, third, aRuling({ starterId: 3 })],
        last: [aRuling({ starterId: 3 })],
      })
    })

    it('moves a race to another meeting before the old meeting goes', async () => {
      const cards = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(
          cardChanges({
            meetings: [aMeeting(), aMeeting({ id: 2 })],
            races: [aRace({ meetingId: 2 })],
          }),
        )
        await cards.apply(cardChanges({ races: [aRace({ meetingId: 1 })], deleteMeetings: [2] }))
        return cards.load([1, 2])
      })
      expect(cards.map((card) => [card.meeting.id, card.races.length])).toEqual([[1, 1]])
    })

    it('lists meetings of a range by date', async () => {
      const meetings = [
        aMeeting({ id: 1, meetingDate: '2026-03-08' }),
        aMeeting({ id: 2, meetingDate: '2026-03-06' }),
        aMeeting({ id: 3, meetingDate: '2026-03-09' }),
      ]
      const [all, some] = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings }))
        return [await cards.list(), await cards.list({ from: '2026-03-06', to: '2026-03-08' })]
      })
      expect(all.map(({ id }) => id)).toEqual([2, 1, 3])
      expect(some).toEqual([meetings[1], meetings[0]])
    })

    it('takes text that Postgres would refuse, and instants in any ISO form', async () => {
      const [card] = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(
          cardChanges({
            meetings: [aMeeting({ venue: 'Kara\0ka', lastUpdated: '2026-03-06T22:00:00+13:00' })],
          }),
        )
        return cards.load([1])
      })
      expect(card?.meeting.venue).toBe('Karaka')
      expect(card?.meeting.lastUpdated).toBe('2026-03-06T09:00:00.000Z')
    })

    it('gives any text back as it came', async () => {
      const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 50 })
      const text = fc.asyncProperty(texts, async (names) => {
        const [card] = await database.unitOfWork.run(async ({ cards }) => {
          await cards.apply(
            cardChanges({
              meetings: [aMeeting()],
              races: [aRace()],
              starters: names.map((name, i) =>
                aStarter({ id: i + 1, number: i, horseName: name, finishRaw: name }),
              ),
            }),
          )
          return cards.load([1])
        })
        const starters = card?.races[0]?.starters.slice(0, names.length) ?? []
        const expected = names.map((name) => name.replaceAll('\0', ''))
        expect(starters.map(({ horseName }) => horseName)).toEqual(expected)
        expect(starters.map(({ finishRaw }) => finishRaw)).toEqual(expected)
      })
      await fc.assert(text, { numRuns: 20 })
    })

    it('resolves live, retired and unknown ids', async () => {
      const resolved = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings: [aMeeting({ id: 5 })] }))
        await cards.redirect([aRedirect(3, 5)])
        return cards.resolve([3, 5, 9])
      })
      expect(resolved).toEqual(
        new Map([
          [5, 5],
          [3, 5],
        ]),
      )
    })

    it('points a redirect on when its target is merged later', async () => {
      const found = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings: [aMeeting({ id: 5 })] }))
        await cards.redirect([aRedirect(2, 3)])
        await cards.redirect([aRedirect(1, 2), aRedirect(3, 5)])
        return { resolved: await cards.resolve([1, 2, 3]), rows: await cards.redirectsTo([5]) }
      })
      expect([...found.resolved]).toEqual([
        [1, 5],
        [2, 5],
        [3, 5],
      ])
      expect(found.rows.map(({ oldId, anchor }) => [oldId, anchor])).toEqual([
        [1, 'hrnz:meeting:1'],
        [2, 'hrnz:meeting:2'],
        [3, 'hrnz:meeting:3'],
      ])
    })

    it('lets a merge be turned round, and an id be revived', async () => {
      const { turned, revived } = await database.unitOfWork.run(async ({ cards }) => {
        await cards.apply(cardChanges({ meetings: [aMeeting({ id: 1 }), aMeeting({ id: 2 })] }))
        await cards.redirect([aRedirect(1, 2)])
        await cards.redirect([aRedirect(2, 1)])
        const turned = await cards.redirectsTo([1, 2])
        await cards.revive([2])
        return { turned, revived: await cards.redirectsTo([1, 2]) }
      })
      expect(turned.map(({ oldId, id }) => [oldId, id])).toEqual([[2, 1]])
      expect(revived).toEqual([])
    })

    it('counts ids up and never gives one twice', async () => {
      const first = await database.unitOfWork.run(({ ids }) =>
        ids.allocate({ meeting: 2, starter: 10, horse: 0 }),
      )
      const second = await database.unitOfWork.run(({ ids }) =>
        ids.allocate({ starter: 1, horse: 1 }),
      )
      expect(first).toMatchObject({ meeting: 1, starter: 1 })
      expect(second).toMatchObject({ starter: 11, horse: 1 })
    })

    it('shows each start in one flat row, with where it came from', async () => {
      await database.unitOfWork.run(async (repositories) => {
        await repositories.cards.apply(
          cardChanges({
            meetings: [aMeeting()],
            races: [aRace()],
            starters: [aStarter(), aStarter({ id: 2, horseName: 'Unnamed', scratched: true })],
          }),
        )
        await repositories.horses.apply(horseChanges({ horses: [aHorse()], links: [aLink()] }))
      })
      const rows = await database.db
        .selectFrom('starts')
        .selectAll()
        .orderBy('starter_id')
        .execute()
      expect(rows).toHaveLength(2)
      expect(rows[0]).toMatchObject({
        meeting_date: '2026-03-06',
        venue: 'Karaka Flats',
        race_number: 1,
        start_time: '2026-03-06T05:12:00.000Z',
        horse_id: 1,
        sire: 'Old Canoe',
        foaled_on: '2021-10-04',
        link_rule: 'tab-horse',
        data_source: 'merged',
        hrnz_starter_key: 'hrnz:starter:2026-03-06/12/R1/tuis echo',
        stake_cents: 600_000,
        race_stake_cents: 1_200_000,
      })
      expect(rows[1]).toMatchObject({ horse_id: null, master_name: null, scratched: 1 })
    })
  })
}

const aRedirect = (oldId: number, id: number) => ({
  kind: 'meeting' as const,
  oldId,
  id,
  retiredAt: '2026-03-07T00:00:00.000Z',
  anchor: `hrnz:meeting:${oldId}`,
})
