import { existsSync } from 'node:fs'
import { basename, dirname, format, join, parse } from 'node:path'
import { DatabaseError } from '../errors.ts'
import type {
  ArchiveEntry,
  ArchiveStore,
  ArchiveWriter,
  MovablePrice,
} from '../repositories/archiving.ts'
import { ArchiveFile } from './archive-file.ts'
import { mappingErrors } from './map-database-error.ts'

type Remembered = Pick<ArchiveEntry, 'file' | 'key'>

/** The archives of one database: found again, opened when they are first read. */
export class ArchiveFiles implements ArchiveStore {
  readonly defaultFile: string | null
  readonly #folder: string | null
  readonly #open = new Map<string, ArchiveFile>()

  /** `database`: its own file, where it has one. */
  constructor(database: string | null) {
    this.#folder = database === null ? null : dirname(database)
    this.defaultFile = database === null ? null : besides(database)
  }

  /** Where it was left; else beside the database, since both may have been moved together. */
  find({ file, key }: Remembered): string | null {
    const beside = this.#folder === null ? [] : [join(this.#folder, basename(file))]
    for (const place of [file, ...beside]) {
      if (existsSync(place) && this.#keyAt(place) === key) return place
    }
    return null
  }

  /** Throws where the file is not there, naming it and what to do. */
  reader(archive: Remembered): ArchiveFile {
    const open = this.#open.get(archive.key)
    if (open !== undefined) return open
    const place = this.find(archive)
    if (place === null)
      throw new DatabaseError(`the archive ${archive.file} is not there, or is another one`, {
        code: 'archive-missing',
        hint: 'put it back, or say where it is now: `harness db archive --to FILE`',
      })
    const opened = ArchiveFile.openForReading(place)
    this.#open.set(archive.key, opened)
    return opened
  }

  async keyOf(file: string): Promise<string> {
    return await mappingErrors(file, async () => {
      const archive = ArchiveFile.openForReading(file)
      archive.close()
      return archive.key
    })
  }

  async open(file: string): Promise<ArchiveWriter> {
    return await mappingErrors(file, async () => writer(ArchiveFile.openForWriting(file)))
  }

  close(): void {
    for (const archive of this.#open.values()) archive.close()
    this.#open.clear()
  }

  #keyAt(place: string): string | null {
    try {
      const archive = ArchiveFile.openForReading(place)
      archive.close()
      return archive.key
    } catch {
      // Damaged, or something else of that name: in either case not what is looked for.
      return null
    }
  }
}

function writer(archive: ArchiveFile): ArchiveWriter {
  const { file, key } = archive
  return {
    file,
    key,
    addDocuments: (documents) => mappingErrors(file, async () => archive.addDocuments(documents)),
    addPrices: (prices) => mappingErrors(file, async () => archive.addPrices(prices)),
    missingPrices: (prices) => mappingErrors(file, async () => missing(file, prices)),
    close: async () => archive.close(),
  }
}

/** By another connection, which knows of the file what the disk knows. */
function missing(file: string, prices: readonly MovablePrice[]): MovablePrice[] {
  const archive = ArchiveFile.openForReading(file)
  try {
    const events = [...new Set(prices.map(({ eventId }) => eventId))]
    const held = new Map(
      archive.prices(events).map((row) => [`${row.entrantId} ${row.firstSeen}`, row]),
    )
    return prices.filter((row) => {
      const found = held.get(`${row.entrantId} ${row.firstSeen}`)
      return (
        found === undefined ||
        found.lastSeen < row.lastSeen ||
        found.fixedWin !== row.fixedWin ||
        found.fixedPlace !== row.fixedPlace ||
        found.poolWin !== row.poolWin ||
        found.poolPlace !== row.poolPlace
      )
    })
  } finally {
    archive.close()
  }
}

/** `harness.db` has `harness.archive.db`. */
function besides(database: string): string {
  const { dir, name, ext } = parse(database)
  return format({ dir, name: `${name}.archive`, ext: ext === '' ? '.db' : ext })
}
