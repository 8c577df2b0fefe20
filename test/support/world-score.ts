import { type Score, scoreAgainstTruth } from '../../fixtures/world/score.ts'
import type { World } from '../../fixtures/world/world.ts'
import type { OpenDatabase } from '../../src/db/connect.ts'

/** Holds a database against the truth of the world that it was read from. */
export async function scoreDatabase(
  { db }: OpenDatabase,
  world: World,
  observed: ReadonlySet<string>,
): Promise<Score> {
  const meetings = await db
    .selectFrom('meetings')
    .leftJoin('observations', (join) =>
      join
        .onRef('observations.meeting_id', '=', 'meetings.id')
        .on('observations.source', '=', 'hrnz_scraper'),
    )
    .select([
      'meetings.id as meetingId',
      'meetings.tab_meeting_id as tabMeetingId',
      'observations.source_key as hrnzKey',
    ])
    .execute()
  const starters = await db
    .selectFrom('starters')
    .select([
      'id as starterId',
      'horse_id as horseId',
      'tab_entrant_id as tabEntrantId',
      'hrnz_key as hrnzKey',
    ])
    .execute()
  return scoreAgainstTruth(world.truth, { meetings, starters }, observed)
}
