import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { DatabaseError } from '../errors.ts'
import type { CareFinding } from '../repositories/care.ts'
import { ArchiveFile } from './archive-file.ts'
import type { ArchiveFiles } from './archive-files.ts'
import { KyselyArchiveRepository } from './repositories/kysely-archive-repository.ts'
import type { Schema } from './schema.ts'

/** Findings that are shown of each check; the others are counted. */
const shown = 5
/** Documents whose rows are in memory at once. */
const documentsAtOnce = 2_000

/** Whether each archive is there, is whole, and gives every body by its hash. */
export async function checkArchives(
  db: Kysely<Schema>,
  files: ArchiveFiles,
): Promise<CareFinding[]> {
  const findings: CareFinding[] = []
  const archives = await db.selectFrom('archives').selectAll().orderBy('id').execute()
  for (const archive of archives) {
    const { count } = await db
      .selectFrom('documents')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('archive_id', '=', archive.id)
      .executeTakeFirstOrThrow()
    const holds = Number(count) > 0 || archive.has_prices === 1
    const place = files.find(archive)
    if (place === null) {
      if (holds) findings.push(gone(archive.file, Number(count)))
      continue
    }
    const damage = damageOf(place)
    findings.push(
      ...(damage === null ? await unsound(db, files, archive, place) : [broken(place, damage)]),
    )
  }
  return findings
}

function damageOf(place: string): string | null {
  const archive = ArchiveFile.openForReading(place)
  try {
    return archive.damage()
  } finally {
    archive.close()
  }
}

async function unsound(
  db: Kysely<Schema>,
  files: ArchiveFiles,
  archive: { readonly id: number },
  place: string,
): Promise<CareFinding[]> {
  const documents = new KyselyArchiveRepository(db, files)
  const wrong: string[] = []
  for (let after = 0; ;) {
    const some = await db
      .selectFrom('documents')
      .select(['id', 'url', 'hash'])
      .where('archive_id', '=', archive.id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(documentsAtOnce)
      .execute()
    const last = some.at(-1)
    if (last === undefined) break
    after = last.id
    for (const document of some)
      if (!(await isSound(documents, archive.id, document)))
        wrong.push(`document ${document.id} ${document.url}`)
  }
  return wrong.length === 0 ? [] : [notAsItWas(place, wrong)]
}

async function isSound(
  documents: KyselyArchiveRepository,
  archiveId: number,
  document: { readonly url: string; readonly hash: string },
): Promise<boolean> {
  try {
    const bytes = await documents.archivedBytes(archiveId, document)
    if (bytes === undefined) return false
    return createHash('sha256').update(bytes).digest('hex') === document.hash
  } catch (error) {
    if (error instanceof DatabaseError && error.code === 'archive-damaged') return false
    throw error
  }
}

const gone = (file: string, count: number): CareFinding => ({
  check: 'archive-missing',
  message: 'archives are not there',
  count: 1,
  examples: [`${file}: ${count} documents are in it`],
  next: 'put the file back, or say where it is now: `harness db archive --to FILE`',
})

const broken = (place: string, damage: string): CareFinding => ({
  check: 'archive-damaged',
  message: 'archives are damaged',
  count: 1,
  examples: [`${place}: ${damage}`],
  next: 'put a good copy of the file in its place',
})

const notAsItWas = (place: string, wrong: readonly string[]): CareFinding => ({
  check: 'archive-differs',
  message: `documents are not in ${place} as their hashes say`,
  count: wrong.length,
  examples: wrong.slice(0, shown),
  next: 'put a good copy of the file in its place',
})
