import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDialect } from '../support/database.ts'
import { aCard } from './rows.ts'

export function formContract(dialect: TestDialect): void {
  describe('form and questions put off', () => {
    let database: Awaited<ReturnType<typeof openTestDatabase>>
    beforeEach(async () => {
      database = await openTestDatabase(dialect)
      const { card, horses: changes } = aCard(3)
      await database.unitOfWork.run(async ({ cards, horses }) => {
        await cards.apply(card)
        const [sire, foal, other] = changes.horses
        await horses.apply({
          ...changes,
          horses: [
            { ...sire!, name: 'Kōwhai King' },
            { ...foal!, sire: 'Kōwhai King (NZ)', foaledOn: '2021-10-01' },
            { ...other!, sire: null, dam: null },
          ],
        })
      })
    })
    afterEach(() => database.close())

    it('gives starts with their meeting and race, and the price when one was seen', async () => {
      const [line] = await database.unitOfWork.read(({ form }) => form.lines([1, 99]))
      expect(line).toMatchObject({
        starterId: 1,
        date: '2026-03-06',
        venue: 'Karaka Flats',
        raceNumber: expect.any(Number),
        scratched: false,
        priceCents: null,
        dataSource: 'merged',
      })
    })

    it('knows names, families and how many horses there are', async () => {
      const read = await database.unitOfWork.read(async ({ form }) => ({
        names: await form.allNames(),
        foals: await form.offspring('Kōwhai King'),
        bred: await form.withDamAndFoaling(),
        count: await form.countHorses(),
        past: await form.pastStarts([{ horseId: 1, scheme: 'tab_horse:nz', value: '1' }]),
        none: await form.pastStarts([]),
      }))
      expect(read.names.length).toBeGreaterThan(0)
      expect(read.foals.map(({ id }) => id)).toContain(2)
      expect(read.bred.map(({ id }) => id)).not.toContain(3)
      expect(read).toMatchObject({ count: 3, past: [], none: [] })
    })

    it('puts a question off, wakes it, and replaces all questions of a reason', async () => {
      const question = { kind: 'horse', code: 'name-only', subject: 'a', other: null } as const
      const { during, after, woken, known, left } = await database.unitOfWork.run(
        async ({ reviews }) => {
          await reviews.snooze(question, '2026-03-10T00:00:00.000Z')
          await reviews.snooze(question, '2026-03-12T00:00:00.000Z')
          const item = {
            ...question,
            code: 'masters-may-be-one' as const,
            subjectId: 1,
            otherId: null,
            question: 'One?',
            evidence: '{}',
            priority: 1,
          }
          const during = await reviews.snoozed('horse', '2026-03-11T00:00:00.000Z')
          const after = await reviews.snoozed('horse', '2026-03-12T00:00:00.000Z')
          await reviews.wake(question)
          const woken = await reviews.snoozed('horse', '2026-03-11T00:00:00.000Z')
          const code = item.code
          await reviews.replaceCode('horse', code, [item, { ...item, subject: 'gone' }])
          const known = await reviews.replaceCode('horse', code, [item, { ...item, subject: 'b' }])
          return { during, after, woken, known, left: await reviews.list({ kind: 'horse' }) }
        },
      )
      expect(during).toEqual([question])
      expect([after, woken]).toEqual([[], []])
      expect(known).toBe(1)
      expect(left.map(({ subject }) => subject).sort()).toEqual(['a', 'b'])
    })
  })
}
