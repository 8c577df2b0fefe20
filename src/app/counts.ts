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

/**
 * Adds up what a run read of meetings. A stewards' report or a fields page is another document of a
 * meeting that its results page may have counted in the same run: a meeting and its rows are counted
 * once, and by the most that was done to it.
 */
export class RunCounts {
  readonly sum = noCounts()
  readonly #done = new Map<number, 'created' | 'updated' | 'unchanged'>()

  add(unit: { readonly counts: WriteCounts; readonly meetingId: number }): void {
    const { meetings, races, starters, ...rest } = unit.counts
    const done = meetings.created > 0 ? 'created' : meetings.updated > 0 ? 'updated' : 'unchanged'
    const before = this.#done.get(unit.meetingId)
    // A unit that brings several meetings together says more than that it read one of them again.
    if (before === undefined || meetings.created + meetings.updated + meetings.unchanged > 1) {
      this.#done.set(unit.meetingId, done)
      addCounts(this.sum, unit.counts)
      return
    }
    addCounts(this.sum, {
      ...rest,
      meetings: { ...meetings, created: 0, updated: 0, unchanged: 0 },
      races: { ...races, unchanged: 0 },
      starters: { ...starters, unchanged: 0 },
    })
    if (before !== 'unchanged' || done === 'unchanged') return
    this.#done.set(unit.meetingId, done)
    this.sum.meetings.unchanged--
    this.sum.meetings[done]++
  }
}
