import { spawnSync } from 'node:child_process'
import { runCascade } from './cascade.ts'
import type { Figures, Run } from './figures.ts'
import { ingest, parseOnly } from './ingest.ts'
import { matchAll } from './match-all.ts'
import { packWorld } from './packed-world.ts'
import { writeRaw } from './raw-rows.ts'
import { reconcileAgain } from './reconcile.ts'
import { readReports } from './reports.ts'
import { makeSeason } from './synthetic-season.ts'
import { watchWeek } from './watch-week.ts'

const tasks = {
  cascade: runCascade,
  ingest,
  matchAll,
  makeSeason,
  packWorld: (options: Parameters<typeof packWorld>[0]): Figures => {
    packWorld(options)
    return {}
  },
  parseOnly,
  readReports,
  reconcileAgain,
  watchWeek,
  writeRaw,
}

export type Task = keyof typeof tasks

/** Runs a task in a process of its own: its memory and its warming up are its own as well. */
export function runTask<Name extends Task>(
  name: Name,
  options: Parameters<(typeof tasks)[Name]>[0],
): Run {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [process.argv[1] ?? '', 'task', name, JSON.stringify(options)],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  if (status !== 0) throw new Error(`${name} failed: ${stderr.slice(-2000)}`)
  return JSON.parse(stdout) as Run
}

/** The other side of `runTask`. */
export async function answerTask(name: Task, options: string): Promise<void> {
  const task = tasks[name] as (options: unknown) => Figures | Promise<Figures>
  const figures = await task(JSON.parse(options))
  const run: Run = { figures, rss: process.resourceUsage().maxRSS / 1024 }
  process.stdout.write(JSON.stringify(run))
}
