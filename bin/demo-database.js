// What the demo reads of its database for itself; the commands do all of the writing.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'

const publicTables = [
  ['meetings', 'id'],
  ['races', 'id'],
  ['starters', 'id'],
  ['horses', 'id'],
  ['horse_identifiers', 'scheme, value'],
  ['redirects', 'kind, old_id'],
]

/** One digest of every row of the public tables; null where there is no such database yet. */
export function digestOf(file) {
  return reading(file, null, (db) => {
    const digest = createHash('sha256')
    for (const [table, key] of publicTables) {
      digest.update(table)
      const rows = db.prepare(`select * from ${table} order by ${key}`).raw()
      for (const row of rows.iterate()) digest.update(JSON.stringify(row))
    }
    return digest.digest('hex')
  })
}

/** Meetings and starts with the sources' own keys, as the truth wants them. */
export function rowsOf(file) {
  return reading(file, { meetings: [], starters: [] }, (db) => ({
    meetings: db
      .prepare(
        `select meetings.id as meetingId, meetings.tab_meeting_id as tabMeetingId, source_key as hrnzKey
         from meetings left join observations
           on observations.meeting_id = meetings.id and observations.source = 'hrnz_scraper'`,
      )
      .all(),
    starters: db
      .prepare(
        `select id as starterId, horse_id as horseId, tab_entrant_id as tabEntrantId,
           hrnz_key as hrnzKey
         from starters`,
      )
      .all(),
  }))
}

/** How much there is, in numbers. */
export function holdingsOf(file) {
  return reading(file, {}, (db) => {
    const count = (sql) => db.prepare(`select count(*) from ${sql}`).pluck().get()
    return {
      meetings: count('meetings'),
      merged: count("meetings where data_source = 'merged'"),
      races: count('races'),
      starters: count('starters'),
      both: count('starters where tab_entrant_id is not null and hrnz_key is not null'),
      horses: count('horses'),
    }
  })
}

function reading(file, nothing, read) {
  if (!existsSync(file)) return nothing
  const db = new Database(file, { readonly: true })
  try {
    const made = db.prepare("select 1 from sqlite_master where name = 'redirects'").get()
    return made === undefined ? nothing : read(db)
  } finally {
    db.close()
  }
}
