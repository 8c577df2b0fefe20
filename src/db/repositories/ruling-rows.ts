import type { RulingRow } from '../../domain/masters.ts'
import { byStarterAndKind } from '../../domain/reconcile/plan-card.ts'
import { instantOrNull } from '../instants.ts'
import { forChunks, inChunks, rowWriter, type Executor } from '../row-writer.ts'
import type { RulingsTable } from '../schema/masters.ts'

/** What the stewards decided of starts: derived rows that are read and written with their cards. */
export async function rulingsOfMeetings(
  db: Executor,
  meetingIds: readonly number[],
): Promise<RulingRow[]> {
  const rows = await inChunks(meetingIds, (chunk) =>
    db
      .selectFrom('rulings')
      .innerJoin('races', 'races.id', 'rulings.race_id')
      .selectAll('rulings')
      .where('races.meeting_id', 'in', chunk)
      .execute(),
  )
  return rows.map(toRuling).sort(byStarterAndKind)
}

export async function replaceRulings(
  db: Executor,
  starterIds: readonly number[],
  rulings: readonly RulingRow[],
): Promise<void> {
  await forChunks(starterIds, (ids) =>
    db.deleteFrom('rulings').where('starter_id', 'in', ids).execute(),
  )
  await writeRulings(db, rulings)
}

const toRuling = (row: RulingsTable): RulingRow => ({
  starterId: row.starter_id,
  raceId: row.race_id,
  kind: row.kind,
  from: row.from_position,
  to: row.to_position,
  behind: row.behind,
  at: row.ruled_at,
  reason: row.reason,
  text: row.text,
  agrees: row.agrees === null ? null : row.agrees === 1,
  documentId: row.document_id,
})

const writeRulings = rowWriter<'rulings', RulingRow>({
  table: 'rulings',
  key: ['starter_id', 'kind'],
  values: {
    starter_id: (row) => row.starterId,
    kind: (row) => row.kind,
    race_id: (row) => row.raceId,
    from_position: (row) => row.from,
    to_position: (row) => row.to,
    behind: (row) => row.behind,
    ruled_at: (row) => instantOrNull(row.at),
    reason: (row) => row.reason,
    text: (row) => row.text,
    agrees: (row) => (row.agrees === null ? null : Number(row.agrees)),
    document_id: (row) => row.documentId,
  },
})
