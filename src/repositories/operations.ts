/**
 * What the program keeps about its own running. Apart from the unit of work: these are written in
 * short transactions of their own, so that a run is on record even when its work was rolled back.
 */
export interface Run {
  readonly id: number
  readonly command: string
  readonly argv: string
  readonly version: string
  readonly host: string
  readonly pid: number
  readonly startedAt: string
  readonly endedAt: string | null
  readonly exitCode: number | null
  /** One sentence: what happened. */
  readonly outcome: string | null
  /** JSON of the counts. */
  readonly counters: string | null
}
/** A run at work that shares its job with others, and the page that it has in hand. */
export interface Worker extends Pick<Run, 'id' | 'command' | 'host' | 'pid' | 'startedAt'> {
  readonly page: {
    readonly url: string
    readonly date: string | null
    readonly club: string | null
  } | null
}
export interface CommandHistory {
  readonly command: string
  readonly lastEnded: Run
  /** ISO 8601; null where none ever left with 0. */
  readonly lastSuccess: string | null
}
export interface RunRepository {
  start(
    run: Pick<Run, 'command' | 'argv' | 'version' | 'host' | 'pid' | 'startedAt'>,
  ): Promise<number>
  finish(
    id: number,
    end: { endedAt: string; exitCode: number; outcome: string; counters: string },
  ): Promise<void>
  /** The latest run of each command, newest first. */
  latest(): Promise<Run[]>
  /** Of each command the latest run that came to an end, and the end of the latest that went well. */
  history(): Promise<CommandHistory[]>
  /** Runs that share a job at this moment, on whatever machine; the oldest first. */
  workers(): Promise<Worker[]>
}

/** How one host is treated, shared by every process that uses the database. Times in epoch ms. */
export interface HostState {
  readonly host: string
  /** No request before this. */
  readonly nextAt: number
  /** Refusals and failures in a row; decides the backoff. */
  readonly strikes: number
  /** Who has a request in flight, and when that claim lapses by itself. */
  readonly leaseOwner: string | null
  readonly leaseUntil: number
  /** The host refused us: leave it alone until then. */
  readonly refusedUntil: number
  readonly refusedReason: string | null
  readonly robotsText: string | null
  readonly robotsFetchedAt: number
}
/** What became of one request; kept as counts by host, day and status. */
export interface RequestTiming {
  /** NZ racing date. */
  readonly day: string
  /** HTTP status; 0 where there was no whole answer. */
  readonly status: number
  /** Real milliseconds to the last byte. */
  readonly ms: number
}
export interface HostPaceRepository {
  get(host: string): Promise<HostState | undefined>
  /**
   * Claims the right to send one request now. Gives 'go', or the instant from which it is worth
   * asking again. Atomic over all processes.
   */
  claim(
    host: string,
    claim: { owner: string; now: number; leaseMs: number },
  ): Promise<{ go: true } | { go: false; retryAt: number }>
  /** Ends the claim; no request before `nextAt`. What became of the request is counted. */
  release(
    host: string,
    release: {
      owner: string
      nextAt: number
      strikes: number
      request?: RequestTiming | undefined
    },
  ): Promise<void>
  refuse(host: string, refusal: { until: number; reason: string }): Promise<void>
  saveRobots(host: string, robots: { text: string; fetchedAt: number }): Promise<void>
  all(): Promise<HostState[]>
}
