import type { WatchFacts } from '../../repositories/watching.ts'
import { instant } from '../instants.ts'
import type { Executor } from '../row-writer.ts'

/** Codes by which a page is known to look otherwise than all before; a redesign leaves no landmark. */
const layoutCodes = ['layout-changed', 'invalid-payload', 'not-a-results-page']
/** Kinds that the scheduled commands read; others wait for somebody to ask for them. */
const scheduledKinds = ['results', 'fields', 'stewards', 'event']

/** Causes of what is missed where nobody means to be there in time. */
const unwatched = ['no watcher ran', 'nobody looked in between']

/** What alerts watch, besides what the health report tells. */
export async function readWatchFacts(
  db: Executor,
  at: { readonly since: string; readonly overdue: string },
): Promise<WatchFacts> {
  const failedPages = await db
    .selectFrom('pages')
    .select((eb) => ['source', eb.fn.countAll<number>().as('pages')])
    .where('state', '=', 'failed')
    .where('error_code', 'in', layoutCodes)
    .groupBy('source')
    .execute()
  // Lists are no pages that are due: of them the log alone knows.
  const failedLists = await db
    .selectFrom('data_ingestion_log')
    .select((eb) => ['source', eb.fn.count<number>('url').distinct().as('pages')])
    .where('created_at', '>=', instant(at.since))
    .where('status', '=', 'failed')
    .where((eb) => eb.or(layoutCodes.map((code) => eb('errors', 'like', `${code}:%`))))
    .groupBy('source')
    .execute()
  const layoutChanged = new Map<string, number>()
  for (const { source, pages } of [...failedLists, ...failedPages])
    layoutChanged.set(source, Math.max(pages, layoutChanged.get(source) ?? 0))
  const overdue = await db
    .selectFrom('pages')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('state', 'in', ['due', 'failed'])
    .where('kind', 'in', scheduledKinds)
    .where('due_at', '<', instant(at.overdue))
    .executeTakeFirstOrThrow()
  const missed = await db
    .selectFrom('missed_windows')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('looked_at', '>=', instant(at.since))
    .where((eb) => eb.and(unwatched.map((cause) => eb('cause', 'not like', `${cause}%`))))
    .executeTakeFirstOrThrow()
  const watcher = await db
    .selectFrom('runs')
    .select(['started_at', 'ended_at', 'exit_code'])
    .where('command', '=', 'capture')
    .where('argv', 'like', '%--watch%')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const round = await db
    .selectFrom('capture_cycles')
    .select(['ended_at', 'next_at'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    layoutChanged: [...layoutChanged].sort().map(([source, pages]) => ({ source, pages })),
    overduePages: overdue.count,
    missedWindows: missed.count,
    watcher:
      watcher === undefined
        ? null
        : {
            startedAt: watcher.started_at,
            endedAt: watcher.ended_at,
            exitCode: watcher.exit_code,
            lastRoundAt: round?.ended_at ?? null,
            nextAt: round?.next_at ?? null,
          },
  }
}
