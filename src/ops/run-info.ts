import { hostname } from 'node:os'

/** Who a run is, for its row: enough to find the process that holds a lock. */
export function runInfo(): { readonly host: string; readonly pid: number } {
  return { host: hostname(), pid: process.pid }
}
