import { sql } from 'kysely'

/** First half of the advisory locks of runs that share a job; the second is the run's id. */
export const workerLockSpace = 7246003

/**
 * Ids of the runs that share a job at this moment. Each holds a lock in the session of its job, so
 * the server itself knows who has died: no lease to renew, no clocks of several machines to compare,
 * and what a killed run had in hand is free at once.
 */
export const workersAtWork = sql<number>`(
  select objid::bigint from pg_locks
  where locktype = 'advisory' and granted and objsubid = 2
    and classid = ${sql.lit(workerLockSpace)}
    and database = (select oid from pg_database where datname = current_database())
)`
