import { sql } from 'kysely'
import type { MeetingFilter } from '../../repositories/reports.ts'
import type { Executor } from '../row-writer.ts'

/** Meetings, newest first, with how much of them there is. */
export async function listMeetings(db: Executor, filter: MeetingFilter) {
  const { range, venue, source, status, limit } = filter
  let chosen = db.selectFrom('meetings').selectAll()
  if (range !== undefined)
    chosen = chosen.where('meeting_date', '>=', range.from).where('meeting_date', '<=', range.to)
  if (venue !== undefined) {
    const part = `%${venue.toLowerCase().replaceAll(/[\\%_]/g, (mark) => `\\${mark}`)}%`
    chosen = chosen.where(
      sql<boolean>`(lower(venue) like ${part} escape '\\' or lower(club) like ${part} escape '\\')`,
    )
  }
  if (source !== undefined) chosen = chosen.where('data_source', '=', source as never)
  if (status !== undefined) chosen = chosen.where('status', '=', status as never)
  // Cards are counted for the meetings that are shown, not for all of ten years.
  return await db
    .selectFrom(chosen.orderBy('meeting_date', 'desc').orderBy('id', 'desc').limit(limit).as('m'))
    .select((eb) => [
      'm.id',
      'm.meeting_date',
      'm.venue',
      'm.club',
      'm.status',
      'm.data_source',
      'm.match_rule',
      'm.tab_meeting_id',
      'm.hrnz_url',
      eb
        .selectFrom('races')
        .whereRef('races.meeting_id', '=', 'm.id')
        .select((count) => count.fn.countAll<number>().as('n'))
        .as('races'),
      eb
        .selectFrom('races')
        .innerJoin('starters', 'starters.race_id', 'races.id')
        .whereRef('races.meeting_id', '=', 'm.id')
        .select((count) => count.fn.countAll<number>().as('n'))
        .as('starters'),
    ])
    .orderBy('m.meeting_date', 'desc')
    .orderBy('m.id', 'desc')
    .execute()
}
