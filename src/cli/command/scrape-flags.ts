import { Flags } from '@oclif/core'
import { daysFlag, dryRunFlag, limitFlag, rangeFlags } from './flags.ts'

const ways = ['auto-discover', 'refresh', 'reparse']

/** What `scrape` can be asked: which pages, by which way, how far, and beside whom. */
export const scrapeFlags = {
  ...rangeFlags,
  ...daysFlag,
  ...dryRunFlag,
  ...limitFlag,
  'auto-discover': Flags.boolean({ summary: 'Look for meetings of the range first.' }),
  file: Flags.string({
    multiple: true,
    helpValue: 'PATH',
    summary:
      'Read saved pages of any kind (HTML, MHTML, HAR, zip), or folders of them; no network.',
    exclusive: [...ways, 'from', 'to', 'days', 'limit'],
  }),
  dynamic: Flags.boolean({
    summary:
      "Read due race days of HRNZ's database (see discover --dynamic); needs HARNESS_CONTACT.",
    exclusive: [...ways, 'file', 'wanted', 'urls-file', 'dry-run'],
  }),
  refresh: Flags.boolean({ summary: 'Ask for final pages too, conditionally.' }),
  reparse: Flags.boolean({
    summary: 'Read everything in the archive again: pages, answers, imported files; no network.',
    exclusive: ['auto-discover', 'refresh', 'limit', 'dry-run'],
  }),
  wanted: Flags.boolean({
    summary: 'List the meetings whose page is missing, for saving by hand; no network.',
    exclusive: [...ways, 'file', 'limit', 'dry-run'],
  }),
  'urls-file': Flags.string({
    helpValue: 'FILE',
    summary: 'Read the pages whose addresses stand in FILE, one a line.',
    exclusive: [...ways, 'file', 'wanted'],
  }),
  share: Flags.boolean({
    summary:
      'Read the due pages together with other runs that say --share too, on any machine; Postgres only. Run discover before: it must be alone at work.',
  }),
  'max-requests': Flags.integer({ min: 1, helpValue: 'N', summary: 'Send at most N requests.' }),
  'max-minutes': Flags.integer({ min: 1, helpValue: 'N', summary: 'Stop after N minutes.' }),
}
