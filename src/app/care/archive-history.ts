import { isoInstant, nzInstant } from '../../domain/dates.ts'
import { DatabaseError, InterruptedError, UsageError } from '../../errors.ts'
import type {
  ArchiveCut,
  ArchiveEntry,
  ArchiveStore,
  ArchiveWriter,
  MovableRows,
} from '../../repositories/archiving.ts'
import type { Warning } from '../counts.ts'
import { sha256 } from '../archive-fetched.ts'
import type { AppDeps } from '../ports.ts'

export type ArchiveDeps = AppDeps & { readonly archives: ArchiveStore }

export interface ArchivedRows {
  readonly file: string
  readonly documents: number
  /** Of their bodies, as they were kept. */
  readonly bytes: number
  readonly prices: number
  readonly warnings: readonly Warning[]
}

/** What `archiveHistory` would do. */
export async function previewArchive(
  deps: Pick<ArchiveDeps, 'unitOfWork' | 'archives'>,
  request: { readonly before: string; readonly to: string | null },
): Promise<MovableRows & { readonly file: string }> {
  const file = await chosenFile(deps, request.to)
  const rows = await deps.unitOfWork.read(({ archiving }) =>
    archiving.movable(cutAt(request.before)),
  )
  return { file, ...rows }
}

/**
 * Moves what is of before a date into the archive, a little at a time: written there and on the
 * disk, read back and compared, and only then let go of here. Whatever ends it, every body is in
 * one of the two places at least, and the next run goes on from there.
 */
export async function archiveHistory(
  deps: ArchiveDeps,
  request: { readonly before: string; readonly to: string | null },
): Promise<ArchivedRows> {
  const cut = cutAt(request.before)
  const writer = await deps.archives.open(await chosenFile(deps, request.to))
  try {
    const archiveId = await remember(deps, writer)
    const total = await deps.unitOfWork.read(({ archiving }) => archiving.movable(cut))
    deps.progress.start(total.documents + total.prices, 'rows')
    const moved = await moveDocuments(deps, { cut, writer, archiveId })
    const prices = await movePrices(deps, { cut, writer, archiveId })
    return { file: writer.file, ...moved, prices }
  } finally {
    deps.progress.stop()
    await writer.close()
  }
}

/** Takes note of where an archive of this database is now; gives the place. */
export async function moveArchive(
  deps: Pick<ArchiveDeps, 'unitOfWork' | 'archives' | 'clock'>,
  file: string,
): Promise<string> {
  const key = await deps.archives.keyOf(file)
  const known = await deps.unitOfWork.read(({ archiving }) => archiving.archives())
  if (!known.some((archive) => archive.key === key))
    throw new UsageError(
      `${file} is an archive, but of another database`,
      known.length === 0
        ? 'This database has none yet: `harness db archive --before DATE` makes one.'
        : `This database knows ${known.map((archive) => archive.file).join(' and ')}.`,
    )
  await remember(deps, { file, key })
  return file
}

interface Move {
  readonly cut: ArchiveCut
  readonly writer: ArchiveWriter
  readonly archiveId: number
}

async function moveDocuments(
  deps: ArchiveDeps,
  { cut, writer, archiveId }: Move,
): Promise<Pick<ArchivedRows, 'documents' | 'bytes' | 'warnings'>> {
  const warnings: Warning[] = []
  let documents = 0
  let bytes = 0
  for (let after = 0; ;) {
    const some = await deps.unitOfWork.read(({ archiving }) => archiving.nextDocuments(cut, after))
    const last = some.at(-1)
    if (last === undefined) return { documents, bytes, warnings }
    if (deps.signal.aborted) throw new InterruptedError()
    after = last.id
    await writer.addDocuments(some)
    const sound = await deps.unitOfWork.read(async ({ archive }) => {
      const found: typeof some = []
      for (const document of some) {
        const { url } = document
        try {
          const read = await archive.archivedBytes(archiveId, document)
          if (read !== undefined && sha256(read) === document.hash) found.push(document)
          else warnings.push(unsound(url, 'its bytes are not those of its hash'))
        } catch (error) {
          if (!(error instanceof DatabaseError) || error.code !== 'archive-damaged') throw error
          warnings.push(unsound(url, error.message))
        }
      }
      return found
    })
    const ids = sound.map(({ id }) => id)
    await deps.unitOfWork.run(({ archiving }) => archiving.releaseDocuments(ids, archiveId))
    documents += sound.length
    bytes += sound.reduce((sum, { body }) => sum + body.byteLength, 0)
    for (const { url } of sound) deps.progress.step(url)
  }
}

async function movePrices(deps: ArchiveDeps, { cut, writer, archiveId }: Move): Promise<number> {
  let moved = 0
  for (let after = 0; ;) {
    const some = await deps.unitOfWork.read(({ archiving }) => archiving.nextPrices(cut, after))
    const last = some.at(-1)
    if (last === undefined) return moved
    if (deps.signal.aborted) throw new InterruptedError()
    after = last.entrant
    await writer.addPrices(some)
    const missing = await writer.missingPrices(some)
    if (missing.length > 0)
      throw new DatabaseError(`${writer.file} does not keep the prices it was given`, {
        code: 'archive-damaged',
        hint: 'nothing was lost; look after the disk, then name a new file with --to',
      })
    moved += await deps.unitOfWork.run(({ archiving }) =>
      archiving.releasePrices(some, cut, archiveId),
    )
    for (const { eventId } of some) deps.progress.step(`prices of ${eventId}`)
  }
}

/** The file as asked for; else the one that was used last; else one beside the database. */
async function chosenFile(
  { unitOfWork, archives }: Pick<ArchiveDeps, 'unitOfWork' | 'archives'>,
  to: string | null,
): Promise<string> {
  if (to !== null) return to
  const last = (await unitOfWork.read(({ archiving }) => archiving.archives())).at(-1)
  if (last !== undefined) return placeOf(archives, last)
  if (archives.defaultFile !== null) return archives.defaultFile
  throw new UsageError(
    'this database is no file, so there is no place beside it',
    'Name the archive: --to /somewhere/harness.archive.db, where every machine that shares the work finds it.',
  )
}

function placeOf(archives: ArchiveStore, archive: ArchiveEntry): string {
  const place = archives.find(archive)
  if (place !== null) return place
  throw new DatabaseError(`the archive ${archive.file} is not there, or is another one`, {
    code: 'archive-missing',
    hint: 'put it back, or say where it is now: `harness db archive --to FILE`; --before with another --to begins a second one',
  })
}

function remember(
  { unitOfWork, clock }: Pick<ArchiveDeps, 'unitOfWork' | 'clock'>,
  { file, key }: Pick<ArchiveEntry, 'file' | 'key'>,
): Promise<number> {
  const at = isoInstant(clock.now())
  return unitOfWork.run(({ archiving }) => archiving.register({ file, key, at }))
}

const cutAt = (date: string): ArchiveCut => ({
  date,
  instant: isoInstant(nzInstant(date, '00:00')),
})

const unsound = (url: string, why: string): Warning => ({
  code: 'document-unsound',
  subject: url,
  message: `${why}; it stays where it is`,
})
