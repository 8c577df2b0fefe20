import type { Listing } from '../command/reading-command.ts'

/** How the listings about matching are shown. */
export const mergeColumns: Readonly<
  Record<'merges' | 'questions' | 'decisions' | 'overrides', Omit<Listing, 'rows'>>
> = {
  merges: {
    columns: [
      { key: 'id', title: 'ID', align: 'right' },
      { key: 'date', title: 'DATE' },
      { key: 'venue', title: 'VENUE' },
      { key: 'rule', title: 'RULE' },
      { key: 'venue_score', title: 'PLACES', align: 'right' },
      { key: 'overlap', title: 'HORSES', align: 'right' },
      { key: 'matched_at', title: 'MATCHED' },
    ],
    empty: 'Nothing was brought together there.',
    note: 'Latest match first; `harness reconcile split ID` takes a wrong one apart.',
  },
  questions: {
    columns: [
      { key: 'subjectId', title: 'ID', align: 'right' },
      { key: 'otherId', title: 'OTHER', align: 'right' },
      { key: 'question', title: 'QUESTION', wraps: true },
      { key: 'priority', title: 'LIKELY', align: 'right' },
    ],
    empty: 'No open questions about meetings.',
    note: '`harness reconcile review` asks them one by one.',
  },
  decisions: {
    columns: [
      { key: 'number', title: 'NUMBER', align: 'right' },
      { key: 'words', title: 'DECISION' },
      { key: 'reason', title: 'REASON' },
      { key: 'actor', title: 'BY' },
      { key: 'createdAt', title: 'AT' },
      { key: 'retractedAt', title: 'TAKEN BACK' },
    ],
    empty: 'Nobody has decided anything about meetings yet.',
    note: 'Newest first; `harness reconcile undo NUMBER` takes one back.',
  },
  overrides: {
    columns: [
      { key: 'id', title: 'ID', align: 'right' },
      { key: 'date', title: 'DATE' },
      { key: 'venue', title: 'VENUE' },
      { key: 'race', title: 'RACE', align: 'right' },
      { key: 'starter', title: 'STARTER' },
      { key: 'field', title: 'FIELD' },
      { key: 'tab', title: 'TAB' },
      { key: 'hrnz', title: 'HRNZ' },
      { key: 'confirmed_at', title: 'CONFIRMED' },
    ],
    empty: 'TAB and HRNZ agree wherever HRNZ has the say.',
  },
}
