import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { sql, type Selectable } from 'kysely'
import type { DateRange } from '../../domain/dates.ts'
import type { DocumentKind, MeetingObservation } from '../../domain/observation.ts'
import type { FieldAgreement } from '../../domain/reconcile/compare-sources.ts'
import type {
  ObservationHeader,
  ObservationRepository,
  Place,
  StoredObservation,
} from '../../repositories/observations.ts'
import { instant } from '../instants.ts'
import { forChunks, inChunks, rowWriter, type Executor } from '../row-writer.ts'
import type { ObservationsTable, SourceAgreementTable } from '../schema/evidence.ts'

export class KyselyObservationRepository implements ObservationRepository {
  readonly #db: Executor

  constructor(db: Executor) {
    this.#db = db
  }

  async findByKeys(keys: readonly string[]): Promise<ObservationHeader[]> {
    return inOrder(
      await inChunks(keys, (chunk) => this.#headers().where('source_key', 'in', chunk).execute()),
    )
  }

  async listByDates(dates: readonly string[]): Promise<ObservationHeader[]> {
    return inOrder(
      await inChunks(dates, (chunk) => this.#headers().where('racing_date', 'in', chunk).execute()),
    )
  }

  async listByMeetings(meetingIds: readonly number[]): Promise<ObservationHeader[]> {
    return inOrder(
      await inChunks(meetingIds, (chunk) =>
        this.#headers().where('meeting_id', 'in', chunk).execute(),
      ),
    )
  }

  async loadTrees(ids: readonly number[]): Promise<Map<number, MeetingObservation>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('observations').select(['id', 'tree']).where('id', 'in', chunk).execute(),
    )
    return new Map(
      rows.map(({ id, tree }) => [
        id,
        JSON.parse(inflateRawSync(tree).toString('utf8')) as MeetingObservation,
      ]),
    )
  }

  async save(observations: readonly Omit<StoredObservation, 'id' | 'meetingId'>[]): Promise<void> {
    await writeObservations(this.#db, observations)
  }

  async confirm(ids: readonly number[], confirmedAt: string): Promise<void> {
    await forChunks(ids, (chunk) =>
      this.#db
        .updateTable('observations')
        .set({ confirmed_at: instant(confirmedAt) })
        .where('id', 'in', chunk)
        .execute(),
    )
  }

  async assign(assignments: readonly { id: number; meetingId: number }[]): Promise<void> {
    const meetingOf = new Map(assignments.map(({ id, meetingId }) => [id, meetingId]))
    await forChunks(meetingOf.keys(), (ids) => {
      const cases = ids.map((id) => sql`when ${sql.lit(id)} then ${sql.lit(meetingOf.get(id)!)}`)
      return this.#db
        .updateTable('observations')
        .set({ meeting_id: sql<number>`case id ${sql.join(cases, sql` `)} end` })
        .where('id', 'in', ids)
        .execute()
    })
  }

  async rekey(
    observation: Pick<StoredObservation, 'id' | 'key' | 'clubNumber' | 'digest' | 'tree'>,
  ): Promise<void> {
    await this.#db
      .updateTable('observations')
      .set({
        source_key: observation.key,
        club_number: observation.clubNumber,
        digest: observation.digest,
        tree: deflateRawSync(JSON.stringify(observation.tree), { level: 1 }),
      })
      .where('id', '=', observation.id)
      .execute()
  }

  async agreement(meetingIds: readonly number[]): Promise<Map<number, FieldAgreement[]>> {
    const rows = await inChunks(meetingIds, (chunk) =>
      this.#db
        .selectFrom('source_agreement')
        .selectAll()
        .where('meeting_id', 'in', chunk)
        .orderBy('meeting_id')
        .orderBy('field')
        .execute(),
    )
    const ofMeetings = new Map<number, FieldAgreement[]>()
    for (const { meeting_id: id, ...agreement } of rows) {
      const known = ofMeetings.get(id)
      if (known === undefined) ofMeetings.set(id, [agreement])
      else known.push(agreement)
    }
    return ofMeetings
  }

  async saveAgreement(ofMeetings: ReadonlyMap<number, readonly FieldAgreement[]>): Promise<void> {
    await forChunks(ofMeetings.keys(), (ids) =>
      this.#db.deleteFrom('source_agreement').where('meeting_id', 'in', ids).execute(),
    )
    await writeAgreement(
      this.#db,
      [...ofMeetings].flatMap(([meeting_id, rows]) => rows.map((row) => ({ meeting_id, ...row }))),
    )
  }

  places(): Promise<Place[]> {
    return this.#db
      .selectFrom('observations')
      .select(['source', 'racing_date as date', 'venue', 'club'])
      .distinct()
      .execute()
  }

  async dates(range?: DateRange): Promise<string[]> {
    let query = this.#db.selectFrom('observations').select('racing_date').distinct()
    if (range !== undefined) {
      query = query.where('racing_date', '>=', range.from).where('racing_date', '<=', range.to)
    }
    const rows = await query.orderBy('racing_date').execute()
    return rows.map((row) => row.racing_date)
  }

  #headers() {
    return this.#db
      .selectFrom('observations')
      .select([
        'id',
        'source_key',
        'kind',
        'source',
        'racing_date',
        'venue',
        'club',
        'club_number',
        'tab_meeting_id',
        'card',
        'meeting_id',
        'digest',
        'document_id',
        'parser_version',
        'observed_at',
        'confirmed_at',
      ])
  }
}

type HeaderRow = Omit<Selectable<ObservationsTable>, 'tree'>

const inOrder = (rows: readonly HeaderRow[]): ObservationHeader[] =>
  rows.map(toHeader).sort((a, b) => a.id - b.id)

const toHeader = (row: HeaderRow): ObservationHeader => ({
  id: row.id,
  key: row.source_key,
  source: row.source,
  kind: row.kind as DocumentKind,
  date: row.racing_date,
  venue: row.venue,
  club: row.club,
  clubNumber: row.club_number,
  tabMeetingId: row.tab_meeting_id,
  card: row.card,
  meetingId: row.meeting_id,
  digest: row.digest,
  documentId: row.document_id,
  parserVersion: row.parser_version,
  observedAt: row.observed_at,
  confirmedAt: row.confirmed_at,
})

const writeAgreement = rowWriter<'source_agreement', SourceAgreementTable>({
  table: 'source_agreement',
  values: {
    meeting_id: (row) => row.meeting_id,
    field: (row) => row.field,
    told: (row) => row.told,
    differ: (row) => row.differ,
  },
})

const writeObservations = rowWriter<'observations', Omit<StoredObservation, 'id' | 'meetingId'>>({
  table: 'observations',
  key: ['source_key', 'kind'],
  values: {
    source_key: (row) => row.key,
    kind: (row) => row.kind,
    source: (row) => row.source,
    racing_date: (row) => row.date,
    venue: (row) => row.venue,
    club: (row) => row.club,
    club_number: (row) => row.clubNumber,
    tab_meeting_id: (row) => row.tabMeetingId,
    card: (row) => row.card,
    digest: (row) => row.digest,
    document_id: (row) => row.documentId,
    parser_version: (row) => row.parserVersion,
    observed_at: (row) => instant(row.observedAt),
    confirmed_at: (row) => instant(row.confirmedAt),
    tree: (row) => deflateRawSync(JSON.stringify(row.tree), { level: 1 }),
  },
})
