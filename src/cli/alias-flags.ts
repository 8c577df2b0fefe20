import { Flags } from '@oclif/core'

/** Whose name it is, and what it names. */
export const aliasFlags = {
  source: Flags.option({
    options: ['any', 'tab_api', 'hrnz_scraper', 'manual'] as const,
    default: 'any' as const,
    summary: 'Whose wording it is.',
  })(),
  kind: Flags.option({
    options: ['venue', 'club'] as const,
    default: 'venue' as const,
    summary: 'Whether TEXT names a place or a club.',
  })(),
}
