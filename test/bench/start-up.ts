import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { median } from './figures.ts'
import { runTask } from './child.ts'
import type { Scratch } from './scratch.ts'
import { milliseconds, ratio, type Section } from './sections.ts'

/** The program as it was built, from the start of its process to the end. */
export function measureStartUp(
  scratch: Scratch,
  options: { readonly root: string; readonly rounds: number; readonly say: (line: string) => void },
): Section {
  options.say('start-up')
  const file = scratch.file('month')
  const database = scratch.database()
  const range = { from: '2026-05-01', to: '2026-05-28' }
  runTask('packWorld', { file, ...range, meetingsPerWeek: 6, lastDayMeetings: 0 })
  runTask('ingest', { file, ...range, sources: ['tab', 'hrnz'], database })
  const program = join(options.root, 'bin/run.js')
  const ways: readonly (readonly [title: string, argv: readonly string[]])[] = [
    ['node -e 0', ['-e', '0']],
    ['harness --version', [program, '--version']],
    ['harness --help', [program, '--help']],
    ['harness status', [program, 'status', '--db', database]],
  ]
  const times = ways.map((): number[] => [])
  // One round more than counts: the first one reads files that nobody has read yet.
  for (let round = 0; round <= options.rounds; round++) {
    for (const [index, [title, argv]] of ways.entries()) {
      const started = performance.now()
      const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
      const took = performance.now() - started
      if (status !== 0) throw new Error(`${title} failed: ${stderr}`)
      if (round > 0) times[index]?.push(took)
    }
  }
  const bare = times[0] ?? []
  return {
    title: 'Start-up',
    head: ['', 'median', '× node', 'fastest', '× node'],
    rows: ways.map(([title], index) => {
      const own = times[index] ?? []
      return [
        title,
        milliseconds(median(own)),
        ratio(median(own) / median(bare)),
        milliseconds(Math.min(...own)),
        ratio(Math.min(...own) / Math.min(...bare)),
      ]
    }),
    notes: [],
  }
}
