import type { Kysely } from 'kysely'
import type { Measure } from '../../domain/quality/measures.ts'
import type { MeasureRepository } from '../../repositories/watching.ts'
import { mappingErrors } from '../map-database-error.ts'
import { rowWriter } from '../row-writer.ts'
import type { Schema } from '../schema.ts'

const writeMeasures = rowWriter<'measures', Measure>({
  table: 'measures',
  values: {
    day: ({ day }) => day,
    measure: ({ measure }) => measure,
    numerator: ({ numerator }) => numerator,
    denominator: ({ denominator }) => denominator,
    status: ({ status }) => status,
  },
  key: ['day', 'measure'],
})

export class KyselyMeasureRepository implements MeasureRepository {
  readonly #db: Kysely<Schema>
  readonly #target: string

  constructor(db: Kysely<Schema>, target: string) {
    this.#db = db
    this.#target = target
  }

  saveDay(day: string, measures: readonly Omit<Measure, 'day'>[]): Promise<void> {
    return mappingErrors(this.#target, () =>
      this.#db.transaction().execute(async (db) => {
        await db.deleteFrom('measures').where('day', '=', day).execute()
        await writeMeasures(
          db,
          measures.map((measure) => ({ ...measure, day })),
        )
      }),
    )
  }

  since(day: string): Promise<Measure[]> {
    return this.#db
      .selectFrom('measures')
      .selectAll()
      .where('day', '>=', day)
      .orderBy('day')
      .orderBy('measure')
      .execute()
  }
}
