/** What the dashboard shows beside the other reports. Texts are cut to what can be shown. */
export interface DashboardFacts {
  /** Meetings of a racing date that the same sources hold; neither: they were imported. */
  readonly meetings: readonly {
    readonly date: string
    readonly hrnz: number
    readonly tab: number
    readonly count: number
  }[]
  readonly failedReads: readonly {
    readonly date: string
    readonly source: string
    readonly count: number
  }[]
  readonly missed: readonly { readonly date: string; readonly count: number }[]
  readonly questions: readonly {
    readonly kind: 'meeting' | 'horse'
    readonly code: string
    readonly count: number
    /** First racing date of what they are about. */
    readonly oldest: string | null
  }[]
  readonly topQuestions: readonly OpenQuestion[]
  readonly failedPages: readonly {
    readonly source: string
    readonly kind: string
    readonly url: string
    readonly date: string | null
    readonly attempts: number
    readonly reason: string | null
  }[]
  /** What the owner was told of and is not well yet; quality is measured anew. */
  readonly alerts: readonly {
    readonly rule: string
    readonly subject: string
    readonly state: 'warn' | 'error'
    readonly openedAt: string
    readonly value: string
  }[]
  /** The latest run of each command, newest first. */
  readonly runs: readonly {
    readonly command: string
    readonly startedAt: string
    readonly exitCode: number | null
    readonly outcome: string | null
  }[]
  readonly refused: readonly {
    readonly host: string
    /** Epoch ms. */
    readonly until: number
    readonly reason: string | null
  }[]
}

export interface OpenQuestion {
  readonly kind: 'meeting' | 'horse'
  readonly code: string
  readonly subjectId: number
  readonly otherId: number | null
  readonly question: string
}

/** A meeting of a date, once for each page that tells of it. */
export interface MeetingPage {
  readonly id: number
  readonly date: string
  readonly venue: string
  readonly dataSource: string
  /** Null where nothing tells of it. */
  readonly source: string | null
  readonly url: string | null
}
