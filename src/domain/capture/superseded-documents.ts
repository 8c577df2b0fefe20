/** An archived body of one event; `label` is `<status> <digest of what it said>`. */
export interface EventDocument {
  readonly id: number
  readonly label: string | null
  /** Same bytes again only move this. */
  readonly lastSeenAt: string
}

/**
 * The bodies of one event that need not be kept: a race is read dozens of times. Kept are the first
 * and the last of every status, and every one after Final that said something new.
 */
export function supersededDocuments(documents: readonly EventDocument[]): number[] {
  const ordered = [...documents].sort((a, b) => compare(a.lastSeenAt, b.lastSeenAt) || a.id - b.id)
  const byStatus = new Map<string, EventDocument[]>()
  for (const document of ordered) {
    const status = statusOf(document.label)
    byStatus.set(status, [...(byStatus.get(status) ?? []), document])
  }
  const superseded: number[] = []
  for (const [status, ofStatus] of byStatus) {
    const between = ofStatus.slice(1, -1)
    for (const [index, document] of between.entries()) {
      const before = ofStatus[index]
      if (status === 'final' && before?.label !== document.label) continue
      superseded.push(document.id)
    }
  }
  return superseded
}

export const documentLabel = (status: string, digest: string): string => `${status} ${digest}`

export const statusOf = (label: string | null): string => (label ?? '').split(' ')[0] ?? ''

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
