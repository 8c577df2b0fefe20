import { isoInstant } from '../../domain/dates.ts'

/** A stretch in which nothing was read, and why. Instants in epoch ms. */
interface Gap {
  readonly from: number
  readonly to: number
  readonly why: string
}

/** What is remembered of them; a watcher runs for months. */
const mostGaps = 50

/** Why looks come late: what was going on when they were due. */
export class CaptureGaps {
  readonly graceMs: number
  readonly #otherwise: string
  #gaps: Gap[] = []
  #aliveAt: number | undefined

  /** `graceMs`: shorter ones are no gap. `otherwise`: the cause where there was none. */
  constructor(graceMs: number, otherwise: string) {
    this.graceMs = graceMs
    this.#otherwise = otherwise
  }

  note(from: number, to: number, why: string): void {
    if (to - from <= this.graceMs) return
    this.#gaps = [...this.#gaps, { from, to, why }].slice(-mostGaps)
  }

  /** A watcher goes to work, after a pause that was meant. */
  begin(now: number): void {
    this.#aliveAt = now
  }

  /** Still at work. A process can be stopped anywhere, not only while it sleeps or waits for TAB. */
  alive(now: number): void {
    if (this.#aliveAt === undefined) return
    this.note(this.#aliveAt, now, 'asleep, stopped or held up')
    this.#aliveAt = now
  }

  /** The longest gap in which the look was due. */
  cause(dueAt: number, lookedAt: number): string {
    const overlap = ({ from, to }: Gap): number => Math.min(to, lookedAt) - Math.max(from, dueAt)
    const [longest] = this.#gaps
      .filter((gap) => overlap(gap) > 0)
      .sort((a, b) => overlap(b) - overlap(a))
    if (longest === undefined) return this.#otherwise
    return `${longest.why} from ${isoInstant(longest.from)} to ${isoInstant(longest.to)}`
  }
}
