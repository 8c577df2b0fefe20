import { groupBy } from '../../domain/group-by.ts'
import { type HorseFacts, pageIdentifiers } from '../../domain/horses/horse-facts.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'
import type { HorseFactsRepository } from '../../repositories/horse-facts.ts'
import { inChunks, type Executor, rowWriter, withoutNul } from '../row-writer.ts'
import type { HorseFactsTable } from '../schema/evidence.ts'

export class KyselyHorseFactsRepository implements HorseFactsRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async of(identifiers: readonly HorseIdentifier[]): Promise<Map<string, HorseFacts>> {
    const facts = new Map<string, HorseFacts>()
    for (const [scheme, own] of groupBy(identifiers, (identifier) => identifier.scheme)) {
      const values = [...new Set(own.map(({ value }) => withoutNul(value)))]
      const rows = await inChunks(values, (chunk) =>
        this.#db
          .selectFrom('horse_facts')
          .selectAll()
          .where('scheme', '=', scheme)
          .where('value', 'in', chunk)
          .execute(),
      )
      for (const row of rows) facts.set(`${row.scheme}:${row.value}`, toFacts(row))
    }
    return facts
  }

  async save(
    pages: readonly { readonly facts: HorseFacts; readonly documentId: number }[],
  ): Promise<void> {
    const rows = pages.flatMap(({ facts, documentId }) =>
      pageIdentifiers(facts.ids).map((identifier) => ({ identifier, facts, documentId })),
    )
    await writeFacts(this.#db, rows)
  }
}

function toFacts(row: HorseFactsTable): HorseFacts {
  return {
    name: row.name,
    sire: row.sire,
    dam: row.dam,
    damSire: row.dam_sire,
    sex: row.sex,
    colour: row.colour,
    country: row.country,
    foaledOn: row.foaled_on,
    ids: {
      ...(row.hrnz_guid === null ? {} : { hrnz_guid: row.hrnz_guid }),
      ...(row.hrnz_number === null ? {} : { hrnz_number: row.hrnz_number }),
    },
  }
}

interface FactsRow {
  readonly identifier: HorseIdentifier
  readonly facts: HorseFacts
  readonly documentId: number
}

const writeFacts = rowWriter<'horse_facts', FactsRow>({
  table: 'horse_facts',
  key: ['scheme', 'value'],
  values: {
    scheme: ({ identifier }) => identifier.scheme,
    value: ({ identifier }) => identifier.value,
    name: ({ facts }) => facts.name,
    sire: ({ facts }) => facts.sire,
    dam: ({ facts }) => facts.dam,
    dam_sire: ({ facts }) => facts.damSire,
    sex: ({ facts }) => facts.sex,
    colour: ({ facts }) => facts.colour,
    country: ({ facts }) => facts.country,
    foaled_on: ({ facts }) => facts.foaledOn,
    hrnz_guid: ({ facts }) => facts.ids.hrnz_guid ?? null,
    hrnz_number: ({ facts }) => facts.ids.hrnz_number ?? null,
    document_id: ({ documentId }) => documentId,
  },
})
