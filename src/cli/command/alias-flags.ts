import { Flags } from '@oclif/core'
import { sourceOrder } from '../../domain/observation.ts'

/** Whose name it is, and what it names. */
export const aliasFlags = {
  source: Flags.option({
    options: ['any', ...sourceOrder] as const,
    default: 'any' as const,
    summary: 'Whose wording it is.',
  })(),
  kind: Flags.option({
    options: ['venue', 'club'] as const,
    default: 'venue' as const,
    summary: 'Whether TEXT names a place or a club.',
  })(),
}
