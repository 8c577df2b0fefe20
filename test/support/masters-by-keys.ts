import type { OpenDatabase } from '../../src/db/connect.ts'

/**
 * Everything that was decided, under the sources' own keys in place of database ids: what two
 * databases that were read in another order must agree on.
 */
export async function mastersByKeys({ db }: OpenDatabase) {
  const rows = await db.selectFrom('starts').selectAll().execute()
  const observations = await db
    .selectFrom('observations')
    .select(['source_key', 'kind', 'meeting_id'])
    .execute()
  const meetings = await db.selectFrom('meetings').selectAll().execute()
  const races = await db.selectFrom('races').selectAll().execute()
  const rulings = await db.selectFrom('rulings').selectAll().execute()
  const horses = await db.selectFrom('horses').selectAll().execute()
  const identifiers = await db.selectFrom('horse_identifiers').selectAll().execute()
  const questions = await db.selectFrom('review_items').selectAll().execute()
  const text = (value: unknown): string => JSON.stringify(value)
  const keysOf = (meetingId: number | null): string =>
    observations
      .filter((one) => one.meeting_id === meetingId)
      .map((one) => `${one.source_key} ${one.kind}`)
      .sort()
      .join(' + ')
  const starterKey = (row: (typeof rows)[number]): string =>
    [row.tab_entrant_id, row.hrnz_starter_key, row.manual_starter_key, row.number].join('|')
  const startsOf = (horseId: number | null): string[] =>
    rows
      .filter((row) => row.horse_id === horseId)
      .map(starterKey)
      .sort()
  return {
    meetings: meetings
      .map(({ id, last_updated: _1, match_evidence: _2, ...fields }) =>
        text([keysOf(id), { ...fields, matched_at: null }]),
      )
      .sort(),
    races: races
      .map(({ id: _1, meeting_id, ...fields }) => text([keysOf(meeting_id), fields]))
      .sort(),
    starters: rows
      .map(
        ({
          starter_id: _1,
          race_id: _2,
          meeting_id: _3,
          horse_id: _4,
          last_updated: _5,
          ...rest
        }) => text({ ...rest, matched_at: null }),
      )
      .sort(),
    rulings: rulings
      .map(({ starter_id, race_id: _1, document_id: _2, ...fields }) => {
        const start = rows.find((row) => row.starter_id === starter_id)
        return text([start === undefined ? null : starterKey(start), fields])
      })
      .sort(),
    horses: horses
      .map(({ id, tally: _1, ...fields }) =>
        text([
          fields,
          startsOf(id),
          identifiers
            .filter((one) => one.horse_id === id)
            .map(({ scheme, value }) => `${scheme}:${value}`)
            .sort(),
        ]),
      )
      .sort(),
    questions: questions
      .map(({ kind, code, subject, other }) => text([kind, code, subject, other]))
      .sort(),
  }
}
