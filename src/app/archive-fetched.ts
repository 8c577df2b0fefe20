import { createHash } from 'node:crypto'
import { isoInstant } from '../domain/dates.ts'
import type { Source } from '../domain/observation.ts'
import type { Repositories } from '../repositories/repositories.ts'
import type { Fetched } from './ports.ts'

/** Digest by which the archive knows bytes. */
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** Under what an answer is filed; the address is the one that was asked for. */
export interface Filing {
  readonly source: Source
  readonly kind: string
  readonly url: string
  /** Racing date that it speaks of, where known. */
  readonly date?: string | null
  readonly label?: string | null
}

/** Keeps an answer as it was sent; gives the document's id. */
export async function archiveFetched(
  { archive }: Pick<Repositories, 'archive'>,
  { bytes, contentType, etag, lastModified, status, fetchedAt }: Fetched,
  { source, kind, url, date = null, label = null }: Filing,
): Promise<number> {
  const { id } = await archive.put(
    {
      source,
      kind,
      url,
      hash: sha256(bytes),
      contentType,
      etag,
      lastModified,
      httpStatus: status,
      date,
      label,
      fetchedAt: isoInstant(fetchedAt),
    },
    bytes,
  )
  return id
}
