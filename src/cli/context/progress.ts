import type { Progress } from '../../app/ports.ts'
import { safeLine } from '../text/safe-text.ts'

/** Milliseconds of real time between two lines where no bar can be drawn. */
const lineEveryMs = 30_000

export interface ProgressOptions {
  readonly stream: NodeJS.WriteStream
  readonly silent: boolean
  readonly bar: boolean
}

/** A bar on a terminal, a line every half minute elsewhere (cron mails it), nothing when quiet. */
export function createProgress(options: ProgressOptions): Progress {
  if (options.silent) return { start: () => {}, step: () => {}, stop: () => {} }
  return options.bar ? new Bar(options.stream) : new Lines(options.stream)
}

class Lines implements Progress {
  readonly #stream: NodeJS.WriteStream
  #what = ''
  #total = 0
  #done = 0
  #subject = ''
  #timer: NodeJS.Timeout | undefined

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  start(total: number, what: string): void {
    this.stop()
    this.#total = total
    this.#what = what
    this.#done = 0
    this.#subject = ''
    this.#timer = setInterval(() => this.#print(), lineEveryMs)
    this.#timer.unref()
  }

  step(subject?: string): void {
    this.#done += 1
    if (subject !== undefined) this.#subject = subject
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #print(): void {
    const of = this.#total > 0 ? `/${this.#total}` : ''
    this.#stream.write(`${safeLine(`${this.#what}: ${this.#done}${of} ${this.#subject}`)}\n`)
  }
}

/** Draws through cli-progress, which is loaded at the first bar: most commands never show one. */
class Bar implements Progress {
  readonly #stream: NodeJS.WriteStream
  #bar: { increment(step: number, payload: object): void; stop(): void } | undefined
  #run = 0
  #done = 0
  #subject = ''

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  start(total: number, what: string): void {
    this.stop()
    this.#done = 0
    const run = this.#run
    void import('cli-progress').then(({ default: { SingleBar } }) => {
      if (run !== this.#run) return
      const bar = new SingleBar({
        stream: this.#stream,
        format: `${safeLine(what)} {bar} {value}/{total} {eta_formatted} {subject}`,
        hideCursor: true,
        clearOnComplete: true,
        stopOnComplete: false,
      })
      bar.start(total, this.#done, { subject: this.#subject })
      this.#bar = bar
    })
  }

  step(subject?: string): void {
    this.#done += 1
    if (subject !== undefined) this.#subject = safeLine(subject).slice(0, 40)
    this.#bar?.increment(1, { subject: this.#subject })
  }

  stop(): void {
    // A bar that is still being loaded must not appear after the work has ended.
    this.#run += 1
    this.#bar?.stop()
    this.#bar = undefined
  }
}
