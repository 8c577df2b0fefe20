import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { InterruptedError } from '../../errors.ts'
import type { Clock } from '../../app/ports.ts'
import { holdHorizonMs, holds } from '../../domain/scraping/host-hold.ts'
import type { HostPaceRepository, HostState, RequestTiming } from '../../repositories/operations.ts'

/** The right to send one request to a host. It must be ended, whatever became of the request. */
export interface Turn {
  /** State of the host when the turn was given. */
  readonly state: HostState | undefined
  end(end: { nextAt: number; strikes: number; request?: RequestTiming | undefined }): Promise<void>
}

/** The host is to be left alone for longer than anybody should wait. */
export class HostHeldError extends Error {
  override name = 'HostHeldError'
  readonly until: number
  constructor(until: number) {
    super('the host is held')
    this.until = until
  }
}

/** Real ms after which a host that somebody else is asking is looked at again. */
const lookAgainMs = 500

/**
 * Waits for this process's turn at a host, whose pace all processes share through the database.
 * A lease left by a process of this machine that is dead is ended for it: `kill -9` and the same
 * command again must not wait for the lease to lapse.
 */
export async function takeTurn(
  deps: { readonly pace: HostPaceRepository; readonly clock: Clock },
  host: string,
  options: {
    readonly leaseMs: number
    readonly gapMs: number
    readonly maxWaitMs: number
    readonly speed: number
    readonly signal: AbortSignal
  },
): Promise<Turn> {
  const owner = `${hostname()}/${process.pid}/${randomUUID()}`
  const { pace, clock } = deps
  const horizonMs = Math.max(holdHorizonMs, 2 * options.leaseMs)
  const giveUpAt = clock.now() + options.maxWaitMs
  for (;;) {
    if (options.signal.aborted) throw new InterruptedError()
    const now = clock.now()
    const claim = await pace.claim(host, { owner, now, leaseMs: options.leaseMs })
    if (claim.go) {
      return {
        state: await pace.get(host),
        end: (end) => pace.release(host, { owner, ...end }),
      }
    }
    const state = await pace.get(host)
    const leased = state?.leaseOwner != null && holds(state.leaseUntil, now, horizonMs)
    if (leased && state.leaseOwner !== null && isDeadHere(state.leaseOwner)) {
      await pace.release(host, {
        owner: state.leaseOwner,
        nextAt: holds(state.nextAt, now, horizonMs)
          ? Math.max(state.nextAt, now + options.gapMs)
          : now + options.gapMs,
        strikes: state.strikes,
      })
      continue
    }
    if (!leased && claim.retryAt > giveUpAt) throw new HostHeldError(claim.retryAt)
    // The holder of a lease is mostly done long before it would lapse.
    const wakeAt = leased
      ? Math.min(state.leaseUntil, now + lookAgainMs * options.speed)
      : claim.retryAt
    await clock.sleepUntil(Math.max(wakeAt, now + 1), options.signal)
  }
}

function isDeadHere(owner: string): boolean {
  const [machine, pid] = owner.split('/')
  if (machine !== hostname() || pid === undefined || !/^\d{1,10}$/.test(pid)) return false
  if (Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
