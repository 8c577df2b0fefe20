import { megabytes } from '../../domain/megabytes.ts'
import { renderPairs, renderRows } from './render.ts'
import type { StatusReport } from './status-report.ts'

/** Where things stand, for a person: pairs, then the queue and the last runs as tables. */
export async function statusText({ database, holdings, next }: StatusReport): Promise<string> {
  const size = database.sizeBytes === null ? '' : ` (${megabytes(database.sizeBytes)})`
  const place = database.exists
    ? `${database.location}${size}`
    : `${database.location}: not there yet`
  const head: [string, unknown][] = [['database', place]]
  if (database.exists)
    head.push(['schema', `${database.schema ?? 'none'}, ${database.schemaState}`])
  if (holdings === null) return renderPairs([...head, ['next', next]])
  const { counts, questions, runs, workers, queues, refusedHosts } = holdings
  for (const [table, count] of Object.entries(counts)) head.push([table, count])
  head.push(['latest meeting', holdings.lastDate ?? 'none'])
  head.push(['questions', `${questions.meetings} on meetings, ${questions.horses} on horses`])
  const alone = runs.filter(({ id }) => workers.every((worker) => worker.id !== id))
  for (const run of alone.filter(({ state }) => state === 'running'))
    head.push(['running', `${run.command} since ${minute(run.startedAt)} UTC (process ${run.pid})`])
  for (const { command, host, pid, page } of workers) {
    const at = page === null ? 'no page in hand' : `${page.date ?? ''} ${page.club ?? page.url}`
    head.push(['sharing', `${at} (${command}, process ${pid} on ${host})`])
  }
  for (const { host, until, reason } of refusedHosts)
    head.push(['refused', `${host} until ${minute(until)} UTC: ${reason ?? 'no reason given'}`])
  for (const { state, openedAt, value } of holdings.alerts)
    head.push(['alert', `${state} since ${minute(openedAt)} UTC: ${value}`])
  const { heartbeat, missed, next: polls } = holdings.capture
  if (heartbeat !== null) {
    const then = heartbeat.nextAt === null ? 'the last' : `next ${minute(heartbeat.nextAt)}`
    head.push(['heartbeat', `${minute(heartbeat.endedAt)} UTC, ${then}: ${heartbeat.outcome}`])
  }
  for (const { dueAt, venue, date, reason } of polls)
    head.push([
      'next look',
      `${dueAt === null ? 'now' : `${minute(dueAt)} UTC`}: ${venue ?? 'a race'} ${date ?? ''}, ${reason ?? 'due'}`,
    ])
  if (holdings.large !== null)
    head.push(['large', `${holdings.large.message}: ${holdings.large.next}`])
  if (missed > 0) head.push(['missed looks', `${missed} in the last 13 days (missed_windows)`])
  const queueTable = await renderRows(
    queues,
    [
      { key: 'source', title: 'PAGES OF' },
      { key: 'kind', title: 'KIND' },
      { key: 'state', title: 'STATE' },
      { key: 'count', title: 'COUNT', align: 'right' },
      { key: 'due', title: 'DUE NOW', align: 'right' },
    ],
    'table',
  )
  const runTable = await renderRows(
    runs.map((run) => ({
      ...run,
      startedAt: minute(run.startedAt),
      exit: run.exitCode ?? run.state,
    })),
    [
      { key: 'command', title: 'LAST RUN' },
      { key: 'startedAt', title: 'STARTED, UTC' },
      { key: 'exit', title: 'EXIT', align: 'right' },
      { key: 'outcome', title: 'OUTCOME', wraps: true },
    ],
    'table',
  )
  const parts = [renderPairs(head), queueTable, runTable, renderPairs([['next', next]])]
  return parts.filter((part) => part !== '').join('\n')
}

/** `2026-03-06 11:00`, of an instant in UTC. */
const minute = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)}`
