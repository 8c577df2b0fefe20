import type { HorseFacts } from '../domain/horses/horse-facts.ts'
import type { HorseIdentifier } from '../domain/observation.ts'

/** What HRNZ's pages of single horses say, by the identifiers of the horse. */
export interface HorseFactsRepository {
  /** By `scheme:value`; identifiers without a page are left out. */
  of(identifiers: readonly HorseIdentifier[]): Promise<Map<string, HorseFacts>>
  /** Replaces what is on record under each of the facts' ids. */
  save(facts: readonly { readonly facts: HorseFacts; readonly documentId: number }[]): Promise<void>
}
