/** What became of the rows of one kind. `merged` counts masters that two sources now share. */
export interface RowCounts {
  created: number
  updated: number
  unchanged: number
  merged: number
  skipped: number
  failed: number
}

/** The counts that every writing command prints (contract: JSON of the writers). */
export interface WriteCounts {
  meetings: RowCounts
  races: RowCounts
  starters: RowCounts
  /** `linked`: starts newly linked to a horse that was there; `review`: questions newly asked. */
  horses: { created: number; linked: number; review: number }
  requests: Record<string, number>
}

export interface Warning {
  readonly code: string
  readonly subject: string
  readonly message: string
}

/** What a writing use case gives back. */
export interface WriteResult {
  readonly counts: WriteCounts
  readonly warnings: readonly Warning[]
  /** True when a cap or a failed item left work that is due again (exit code 3). */
  readonly partial: boolean
  /** One sentence for the run's row and for the terminal. */
  readonly outcome: string
}

const noRows = (): RowCounts => ({
  created: 0,
  updated: 0,
  unchanged: 0,
  merged: 0,
  skipped: 0,
  failed: 0,
})

export const noCounts = (): WriteCounts => ({
  meetings: noRows(),
  races: noRows(),
  starters: noRows(),
  horses: { created: 0, linked: 0, review: 0 },
  requests: {},
})

/** Adds `more` into `sum`, in place. */
export function addCounts(sum: WriteCounts, more: WriteCounts): void {
  for (const kind of ['meetings', 'races', 'starters'] as const) {
    for (const key of Object.keys(sum[kind]) as (keyof RowCounts)[])
      sum[kind][key] += more[kind][key]
  }
  sum.horses.created += more.horses.created
  sum.horses.linked += more.horses.linked
  sum.horses.review += more.horses.review
  for (const [key, count] of Object.entries(more.requests)) {
    sum.requests[key] = (sum.requests[key] ?? 0) + count
  }
}
