export type IdKind = 'meeting' | 'race' | 'starter' | 'horse'

/** Ids only ever grow: one that was given is never given again, whatever was deleted since. */
export interface IdRepository {
  /** First id of a run of `count` for each kind asked for, in one statement. */
  allocate(counts: Partial<Record<IdKind, number>>): Promise<Record<IdKind, number>>
}
