import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportTables } from '../../src/app/report/export-tables.ts'
import { findByRule } from '../../src/app/report/quality-findings.ts'
import { writeDashboard } from '../../src/app/report/report-dashboard.ts'
import { reportHealth } from '../../src/app/report/report-health.ts'
import { reportQuality } from '../../src/app/report/report-quality.ts'
import { openTableFile } from '../../src/cli/text/table-files.ts'
import { openDatabase } from '../../src/db/connect.ts'
import type { Figures } from './figures.ts'

/** Each report once, then the view of starts written as CSV: milliseconds, and rows a second. */
export async function readReports(options: { readonly database: string }): Promise<Figures> {
  const database = await openDatabase(options.database)
  const { reports, alerts, care, measures, exports, unitOfWork } = database
  const clock = { now: () => Date.parse('2026-01-02'), sleepUntil: () => Promise.resolve() }
  const figures: Record<string, number> = {}
  const time = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now()
    await work()
    figures[name] = performance.now() - started
  }
  await time('report', () => reports.summary())
  await time('quality', () => reportQuality({ clock, reports }, ['all']))
  await time('rule', () => findByRule({ clock, reports, unitOfWork }, 'name-only-links', 20))
  await time('meetings', () => reports.meetings({ limit: 100 }))
  await time('health', () => reportHealth({ reports, alerts, care, clock }, 30))
  const out = mkdtempSync(join(tmpdir(), 'harness-bench-'))
  // With loading the library that draws it.
  await time('dashboard', () =>
    writeDashboard(
      { reports, measures, clock },
      { file: join(out, 'dashboard.html'), database: 'bench' },
    ),
  )
  const progress = { start: ignore, step: ignore, stop: ignore }
  const { signal } = new AbortController()
  const started = performance.now()
  const [file] = await exportTables(
    { exports, openTableFile, signal, progress },
    { out, formats: ['csv'], tables: ['starts'] },
  )
  figures['rowsPerSecond'] = (1000 * (file?.rows ?? 0)) / (performance.now() - started)
  rmSync(out, { recursive: true })
  await database.close()
  return figures
}

function ignore(): void {
  // Nobody watches.
}
