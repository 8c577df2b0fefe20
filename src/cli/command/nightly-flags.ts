import { Flags } from '@oclif/core'

/** How `nightly` is told what to do. */
export const nightlyFlags = {
  days: Flags.integer({
    min: 1,
    max: 400,
    default: 7,
    helpValue: 'N',
    summary: 'Look for meetings of the last N racing dates.',
  }),
  'max-minutes': Flags.integer({ min: 1, helpValue: 'N', summary: 'Scrape for N minutes.' }),
  backup: Flags.string({
    helpValue: 'FILE',
    summary: 'Where the backup goes; beside the database when nothing is said.',
  }),
  keep: Flags.integer({
    min: 1,
    max: 1000,
    default: 3,
    helpValue: 'N',
    summary: 'Backups to keep, FILE.1 the one before.',
  }),
  dashboard: Flags.string({
    helpValue: 'FILE.html',
    summary: 'Where the page to look at goes; beside the database when nothing is said.',
  }),
  'no-dashboard': Flags.boolean({ summary: 'Write no page.', exclusive: ['dashboard'] }),
  'no-backup': Flags.boolean({ summary: 'Take no backup.', exclusive: ['backup'] }),
}
