import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/**
 * better-sqlite3 for the Node that runs: its version 12 ends Node 24 with an assertion whenever a
 * statement is collected (seen with 24.21), its version 13 ends Node 20 with a segmentation fault
 * (it is built for a later Node-API, https://github.com/WiseLibs/better-sqlite3/issues/1514).
 * Version 13 is an optional dependency: npm leaves it out where Node is too old for it.
 */
const require = createRequire(import.meta.url)
const [major = 0] = process.versions.node.split('.').map(Number)

export const SqliteDatabase = require(
  major >= 24 ? 'better-sqlite3-13' : 'better-sqlite3',
) as typeof BetterSqlite3
