import { safeJson } from '../text/safe-text.ts'

/**
 * Writes rows to stdout as they come, one line of JSON each. A reader that goes away ends the
 * process as SIGTERM does: there is nobody left to tell.
 */
export function changeStream(): (rows: readonly object[]) => void {
  process.stdout.once('error', () => process.kill(process.pid, 'SIGTERM'))
  return (rows) => {
    if (rows.length > 0) process.stdout.write(rows.map((row) => `${safeJson(row)}\n`).join(''))
  }
}
