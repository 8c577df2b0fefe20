import { hostname } from 'node:os'

/** Who a run is, for its row: enough to find the process that holds a lock. */
export function runInfo(): { readonly host: string; readonly pid: number } {
  return { host: hostname(), pid: process.pid }
}

/**
 * Whether the process behind an unfinished run still lives; undefined for one of another machine,
 * which cannot be asked. A process id that was given to another program since reads as alive.
 */
export function isAlive(run: { readonly host: string; readonly pid: number }): boolean | undefined {
  if (run.host !== hostname()) return undefined
  try {
    process.kill(run.pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
