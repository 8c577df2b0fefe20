import type { KnownMarket, MarketChanges } from '../domain/capture/plan-market.ts'

/** What TAB says of races besides their cards, by TAB's event ids. */
export interface MarketRepository {
  /** `history`: every snapshot of the odds, archived ones too, in place of the latest of each entrant. */
  load(eventIds: readonly string[], options: { readonly history: boolean }): Promise<KnownMarket>
  apply(changes: MarketChanges): Promise<void>
}

/** A look that came so late that what stood there in between is lost. Instants are ISO 8601. */
export interface MissedWindow {
  /** Id of the event, or `list` for TAB's list of meetings. */
  readonly subject: string
  readonly dueAt: string
  /** NZ racing date. */
  readonly date: string
  readonly raceNumber: number | null
  readonly lookedAt: string
  /** What the look was for. */
  readonly reason: string
  readonly cause: string
}

/** One round of a watcher: its heartbeat. */
export interface CaptureCycle {
  readonly startedAt: string
  readonly endedAt: string
  /** When it looks again; null when it ends. */
  readonly nextAt: string | null
  readonly racesRead: number
  readonly changed: number
  readonly failed: number
  readonly errorCode: string | null
  readonly outcome: string
}

/** How well the races were followed. */
export interface CaptureRecordRepository {
  /** Windows on record already are left as they are. */
  addMissed(windows: readonly MissedWindow[]): Promise<void>
  missed(filter: { readonly since: string }): Promise<MissedWindow[]>
  addCycle(cycle: CaptureCycle): Promise<void>
  lastCycle(): Promise<CaptureCycle | undefined>
  /** Drops the heartbeats before an instant. */
  forgetCycles(before: string): Promise<void>
}
