import { counted } from '../../domain/counted.ts'
import { isoInstant } from '../../domain/dates.ts'
import {
  importedMeeting,
  type LinedStart,
  withEarlierRaces,
} from '../../domain/importing/imported-meeting.ts'
import { type ColumnMap, mapColumns, readStart } from '../../domain/importing/start-fields.ts'
import { InterruptedError, UsageError } from '../../errors.ts'
import type { UnitOfWork } from '../../repositories/repositories.ts'
import { addCounts, noCounts, type Warning, type WriteResult } from '../counts.ts'
import { dryRun } from '../dry-run.ts'
import { ImportSpill } from './import-spill.ts'
import { ingestMeeting } from '../reconcile/ingest-meeting.ts'
import { sha256 } from '../archive-fetched.ts'
import type { AppDeps, RowFile } from '../ports.ts'

/** Bad rows are all counted; so many are told one by one. */
const mostTold = 1000
export const importParserVersion = 'import-1'

/**
 * Takes a file of starts as the source `manual`: one unit a meeting, oldest first, so that it joins
 * meetings, races and horses by the rules that hold for every source.
 */
export async function importStarts(
  deps: AppDeps,
  file: RowFile,
  request: { readonly columns: Readonly<Record<string, string>>; readonly dryRun: boolean },
): Promise<WriteResult & { readonly rows: number; readonly badRows: number }> {
  const bad = new BadRows()
  const spill = await ImportSpill.open()
  try {
    const rows = await sortRows(deps, file, request.columns, spill, bad)
    const unitOfWork = request.dryRun ? takenBack(deps.unitOfWork) : deps.unitOfWork
    const counts = noCounts()
    let meetings = 0
    for await (const own of spill.meetings()) {
      if (deps.signal.aborted) throw new InterruptedError()
      addCounts(counts, await takeMeeting({ ...deps, unitOfWork }, file.name, own, bad))
      meetings++
      deps.progress.step(String(own[0]!.start['meeting_date']))
    }
    counts.starters.failed = bad.count
    const did = request.dryRun ? 'would be taken' : 'taken'
    const left = bad.count === 0 ? '' : `; ${counted(bad.count, 'bad row')} left out`
    return {
      counts,
      warnings: bad.warnings,
      partial: bad.count > 0,
      rows,
      badRows: bad.count,
      outcome:
        rows === 0
          ? `nothing to do: ${file.name} holds no rows`
          : `${rows - bad.count} of ${rows} rows of ${file.name} ${did}: ${counted(meetings, 'meeting')}${left}`,
    }
  } finally {
    deps.progress.stop()
    await spill.close()
  }
}

async function sortRows(
  { signal, progress }: AppDeps,
  file: RowFile,
  asked: Readonly<Record<string, string>>,
  spill: ImportSpill,
  bad: BadRows,
): Promise<number> {
  let rows = 0
  let map: ColumnMap | undefined
  progress.start(0, 'rows')
  for await (const { line, row } of file.rows()) {
    if (signal.aborted) throw new InterruptedError()
    rows++
    if (typeof row === 'string') {
      bad.add(line, row)
      continue
    }
    map ??= columnsOf(Object.keys(row), asked)
    const read = readStart(row, map)
    if ('problem' in read) bad.add(line, read.problem)
    else await spill.add({ line, start: read.start })
  }
  return rows
}

function columnsOf(columns: readonly string[], asked: Readonly<Record<string, string>>): ColumnMap {
  const mapped = mapColumns(columns, asked)
  if ('map' in mapped) return mapped.map
  throw new UsageError(mapped.problem, 'Say which column it is: --map horse_name=RUNNER.')
}

async function takeMeeting(
  deps: AppDeps,
  fileName: string,
  rows: readonly LinedStart[],
  bad: BadRows,
) {
  const imported = importedMeeting(rows)
  for (const { line, first } of imported.repeated)
    bad.add(line, `the same start as in line ${first}`)
  const { key, date, venue, club } = imported.observation
  const now = isoInstant(deps.clock.now())
  const before = await deps.unitOfWork.read(async ({ observations }) => {
    const [header] = await observations.findByKeys([key])
    return header && (await observations.loadTrees([header.id])).get(header.id)
  })
  // The rows themselves are the document: a value leads back to its line.
  const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const url = `file:${fileName}#${key}`
  const { id: documentId } = await deps.unitOfWork.run(({ archive }) =>
    archive.put(
      {
        source: 'manual',
        kind: 'import',
        url,
        hash: sha256(bytes),
        contentType: 'application/x-ndjson',
        etag: null,
        lastModified: null,
        httpStatus: null,
        date,
        label: venue ?? club ?? null,
        fetchedAt: now,
      },
      bytes,
    ),
  )
  const { counts } = await ingestMeeting(deps, {
    observation: withEarlierRaces(imported.observation, before),
    issues: [],
    documentId: documentId,
    url,
    parserVersion: importParserVersion,
    confirmedAt: now,
  })
  return counts
}

/** Every unit is done and taken back: horses that a unit would make are new to the next one again. */
function takenBack(unitOfWork: UnitOfWork): UnitOfWork {
  return {
    read: (work) => unitOfWork.read(work),
    run: (work) => dryRun(unitOfWork, work),
  }
}

class BadRows {
  readonly warnings: Warning[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  add(line: number, message: string): void {
    this.#count++
    if (this.#count <= mostTold)
      this.warnings.push({ code: 'bad-row', subject: `line ${line}`, message })
  }
}
