import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld } from '../../../fixtures/world/world.ts'
import {
  answerQuestions,
  openHorseQuestions,
  questionSides,
} from '../../../src/app/horses/horse-questions.ts'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import { checkHorses } from '../../../src/domain/horses/check-horses.ts'
import type { Cluster } from '../../../src/domain/horses/cluster.ts'
import { openTestDatabase } from '../../support/database.ts'
import { quietDeps } from '../../support/quiet-deps.ts'
import { scoreDatabase } from '../../support/world-score.ts'
import { hrnzUnits, keysOf, tabUnits } from '../../support/world-units.ts'

const now = Date.parse('2026-06-01T00:00:00Z')

for (const hrnzLinks of [true, false]) {
  describe(`horses of a made-up season ${hrnzLinks ? 'with' : 'without'} links on HRNZ’s pages`, () => {
    const world = makeWorld({ seed: 7, from: '2026-01-01', to: '2026-02-28', hrnzLinks })
    const observed = new Set<string>()
    let database: OpenDatabase

    beforeAll(async () => {
      database = await openTestDatabase('sqlite')
      for (const unit of [...hrnzUnits(world, now), ...tabUnits(world, now)]) {
        await ingestMeeting(quietDeps(database, now), unit)
        for (const key of keysOf(unit)) observed.add(key)
      }
    }, 60_000)
    afterAll(() => database.close())

    const score = async () => (await scoreDatabase(database, world, observed)).horses

    it('are told apart and found again before anybody answers a question', async () => {
      const { pairwise, mixed, duplicatesShare } = await score()
      expect(mixed.examples).toEqual([])
      expect(pairwise.precision).toBeGreaterThanOrEqual(0.9995)
      expect(pairwise.recall).toBeGreaterThanOrEqual(0.99)
      expect(duplicatesShare).toBeLessThan(0.01)
    })

    it('leave few questions: 20 a month and no more', async () => {
      const questions = await openHorseQuestions(quietDeps(database, now))
      expect(questions.length).toBeGreaterThan(0)
      expect(questions.length).toBeLessThanOrEqual(40)
    })

    it('have the counts and dates that their starts bear out', async () => {
      const faults = await database.unitOfWork.read(async ({ horses }) => {
        const links = await horses.allLinks()
        return checkHorses(
          await horses.load([...new Set(links.map((link) => link.horseId))]),
          links,
        )
      })
      expect(faults).toEqual([])
    })

    it('are all right once the review is answered from the truth, and stay so', async () => {
      const deps = quietDeps(database, now)
      const truthOf = (cluster: Cluster): Set<string | undefined> =>
        new Set(
          cluster.starters.map(
            ({ sourceKey, tabEntrantId }) =>
              (
                world.truth.startByKey.get(sourceKey) ??
                world.truth.startByKey.get(`tab:entrant:${tabEntrantId}`)
              )?.horseId,
          ),
        )
      for (let answered = 0; answered < 200; answered++) {
        const [item] = await openHorseQuestions(deps)
        if (item === undefined) break
        const sides = await database.unitOfWork.read((repositories) =>
          questionSides(repositories, item),
        )
        const both = new Set([...truthOf(sides!.subject), ...truthOf(sides!.other)])
        const answer = both.size === 1 ? 'same' : 'different'
        await answerQuestions(deps, { items: [item], answer, actor: 'truth', reason: null })
      }
      expect(await openHorseQuestions(deps)).toEqual([])
      const { pairwise, mixed, split } = await score()
      expect({ mixed: mixed.examples, split: split.examples }).toEqual({ mixed: [], split: [] })
      expect(pairwise).toMatchObject({ precision: 1, recall: 1 })
      expect((await matchHorses(deps, { all: true, dryRun: true })).outcome).toMatch(
        /all as they were/,
      )
    }, 60_000)
  })
}
