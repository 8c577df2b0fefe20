import type { OpenDatabase } from '../../src/db/connect.ts'

type Row = Readonly<Record<string, unknown>>

/**
 * The public tables without what differs from one making of a database to the next: ids, times
 * of writing, the port of a made-up source. Rows are named by the sources' keys; a horse by
 * the set of its starts.
 */
export async function canonicalDump({ db }: OpenDatabase): Promise<readonly string[]> {
  const keys = await db.selectFrom('observations').select(['meeting_id', 'source_key']).execute()
  const keyOfMeeting = new Map<unknown, string>()
  for (const { meeting_id: id, source_key: key } of [...keys].sort(byKey))
    keyOfMeeting.set(id, [keyOfMeeting.get(id), key].filter(Boolean).join(' '))
  const meetings = await db.selectFrom('meetings').selectAll().execute()
  const races = await db.selectFrom('races').selectAll().execute()
  const starters = await db.selectFrom('starters').selectAll().execute()
  const rulings = await db.selectFrom('rulings').selectAll().execute()
  const horses = await db.selectFrom('horses').selectAll().execute()
  const identifiers = await db.selectFrom('horse_identifiers').selectAll().execute()
  const keyOfRace = new Map(
    races.map((race) => [race.id, `${keyOfMeeting.get(race.meeting_id)} R${race.race_number}`]),
  )
  const keyOfStarter = new Map(
    starters.map((starter) => [
      starter.id,
      `${keyOfRace.get(starter.race_id)} ${starter.tab_entrant_id ?? ''} ${starter.hrnz_key ?? ''}`,
    ]),
  )
  const startsOf = new Map<unknown, string[]>()
  for (const { id, horse_id: horse } of starters)
    startsOf.set(horse, [...(startsOf.get(horse) ?? []), keyOfStarter.get(id) ?? ''])
  const identifiersOf = (horse: number): string[] =>
    identifiers
      .filter((one) => one.horse_id === horse)
      .map(({ scheme, value }) => `${scheme} ${value}`)
      .sort()
  return [
    ...meetings.map((row) => inWords('meeting', keyOfMeeting.get(row.id), row)),
    ...races.map((row) => inWords('race', keyOfRace.get(row.id), row)),
    ...starters.map((row) => inWords('starter', keyOfStarter.get(row.id), row)),
    ...rulings.map((row) => inWords('ruling', keyOfStarter.get(row.starter_id), row)),
    ...horses.map((row) =>
      inWords('horse', (startsOf.get(row.id) ?? []).sort().join(', '), {
        ...row,
        identifiers: identifiersOf(row.id),
      }),
    ),
  ].sort()
}

/** Rows that only one of two dumps has, a few of them: whole dumps are too long to be read. */
export function dumpDifference(a: readonly string[], b: readonly string[]): readonly string[] {
  const [inA, inB] = [new Set(a), new Set(b)]
  return [
    ...a
      .filter((row) => !inB.has(row))
      .map((row) => `- ${row}`)
      .slice(0, 5),
    ...b
      .filter((row) => !inA.has(row))
      .map((row) => `+ ${row}`)
      .slice(0, 5),
  ]
}

// `tally` is what is kept of a horse's starts to make the next one cheap; it may be missing.
const leftOut = new Set([
  'id',
  'meeting_id',
  'race_id',
  'starter_id',
  'document_id',
  'horse_id',
  'matched_at',
  'last_updated',
  'tally',
])

function inWords(kind: string, key: string | undefined, row: Row): string {
  const fields = Object.entries(row)
    .filter(([name]) => !leftOut.has(name))
    .map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace(/127\.0\.0\.1:\d+/g, 'source') : value,
    ])
  return `${kind} ${key ?? '?'} ${JSON.stringify(Object.fromEntries(fields))}`
}

function byKey(a: { source_key: string }, b: { source_key: string }): number {
  return a.source_key < b.source_key ? -1 : 1
}
