import { runTask } from './child.ts'
import type { Scratch } from './scratch.ts'
import { integer, ratio, type Section } from './sections.ts'

/** `capture --watch` over simulated days in one process. */
export function measureWatching(
  scratch: Scratch,
  options: { readonly days: number; readonly say: (line: string) => void },
): Section {
  const { days, say } = options
  say(`following the races of ${days} days`)
  const { figures, rss } = runTask('watchWeek', { database: scratch.database(), days, meetings: 6 })
  const of = (name: string): number => figures[name] ?? 0
  const races = Math.max(1, of('races'))
  return {
    title: 'capture --watch',
    head: [`${days} days`, ''],
    rows: [
      ['races, settled', `${integer(races)}, ${integer(of('settled'))}`],
      ['races twice, looks missed', `${integer(of('twice'))}, ${integer(of('missed'))}`],
      ['requests a race', ratio(of('requests') / races)],
      [
        'result after Final, median and most',
        `${integer(of('delayMedian'))} s, ${integer(of('delayMost'))} s`,
      ],
      [
        'memory after half a day, most, last',
        `${['memoryFirst', 'memoryMost', 'memoryLast'].map((name) => integer(of(name))).join(', ')} MB`,
      ],
      ['peak', `${integer(rss)} MB`],
      ['price snapshots a race', ratio(of('odds') / races)],
      ['archive a race', `${integer(of('archive') / races / 1024)} KB`],
      ['file a race', `${integer(of('bytes') / races / 1024)} KB`],
      ['time', `${integer(of('seconds'))} s`],
    ],
    notes: [],
  }
}
