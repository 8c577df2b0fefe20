import { documentLabel } from '../../domain/capture/superseded-documents.ts'
import type { ArchivedDocument } from '../../repositories/archive.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { archiveFetched, sha256 } from '../archive-fetched.ts'
import type { Fetched } from '../ports.ts'

export const listKind = 'meeting-list'
export const eventKind = 'event'

/** Keeps the body of an event as it was sent. */
export async function archiveEvent(
  repositories: Repositories,
  document: Fetched,
  about: {
    readonly url: string
    readonly date: string
    readonly said: string
    readonly status: string
  },
): Promise<{ documentId: number; label: string }> {
  const label = documentLabel(about.status, digest(about.said))
  const { url, date } = about
  const filing = { source: 'tab_api', kind: eventKind, url, date, label } as const
  return { documentId: await archiveFetched(repositories, document, filing), label }
}

/**
 * Keeps the body of a list. Every body differs (it carries the time of the answer), so one that says
 * the same as the last is not kept: the archive would grow with every look.
 */
export async function archiveList(
  repositories: Repositories,
  document: Fetched,
  about: { readonly url: string; readonly date: string; readonly said: string },
): Promise<number> {
  const label = documentLabel('list', digest(about.said))
  const known = await repositories.archive.list({
    source: 'tab_api',
    kind: listKind,
    url: about.url,
  })
  const last = inOrderSeen(known).at(-1)
  if (last !== undefined && last.label === label) return last.id
  const { url, date } = about
  const filing = { source: 'tab_api', kind: listKind, url, date, label } as const
  return await archiveFetched(repositories, document, filing)
}

/** Bytes that come again are the newest word, whenever they came first. */
export function inOrderSeen(documents: readonly ArchivedDocument[]): ArchivedDocument[] {
  return [...documents].sort((a, b) =>
    a.lastSeenAt === b.lastSeenAt ? a.id - b.id : a.lastSeenAt < b.lastSeenAt ? -1 : 1,
  )
}

/** Short: it only tells the bodies of one URL apart. */
const digest = (text: string): string => sha256(Buffer.from(text)).slice(0, 16)
