import type { Migration } from 'kysely'
import { masters } from './0001-masters.ts'
import { evidence } from './0002-evidence.ts'
import { archive } from './0003-archive.ts'
import { operations } from './0004-operations.ts'
import { views } from './0005-views.ts'
import { market } from './0006-market.ts'
import { watching } from './0007-watching.ts'

/**
 * Every migration in order. A static map: scanning a folder would break in the bundle, and would run
 * whatever lies there.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-masters': masters,
  '0002-evidence': evidence,
  '0003-archive': archive,
  '0004-operations': operations,
  '0005-views': views,
  '0006-market': market,
  '0007-watching': watching,
}
