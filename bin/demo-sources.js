// The two made-up sources of the demo, and the time that they and the commands agree on.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './prepare.js'

/**
 * Time only goes forward, over all runs of the demo, and stands still between them: `clock` is kept
 * beside the database, and so are the ports, since pages are known by their addresses.
 */
export class DemoSources {
  #child
  #file
  #ports
  #clock
  #since = Date.now()
  #about

  constructor(file) {
    this.#file = file
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
    this.#ports = kept.ports ?? ['0', '0']
    this.#clock = kept.clock ?? ''
  }

  async start({ from, to }) {
    const [hrnzPort, tabPort] = this.#ports
    const argv = ['--seed', '1', '--from', from, '--to', to]
    this.#child = fork(
      join(root, 'dist/world.js'),
      [...argv, '--hrnz-port', hrnzPort, '--tab-port', tabPort],
      { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    )
    let trouble = ''
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (trouble += text))
    const line = await Promise.race([
      once(this.#child.stdout, 'data').then(([data]) => String(data)),
      once(this.#child, 'close').then(() => undefined),
    ])
    if (line === undefined) throw new Error(whyNotStarted(trouble, this.#ports))
    this.#about = JSON.parse(line)
    this.#ports = ['hrnzUrl', 'tabUrl'].map((name) => new URL(this.#about[name]).port)
    this.#save()
    return this.#about
  }

  /** Environment of a command that works against these sources, at their time. */
  get environment() {
    return {
      HARNESS_HRNZ_URL: this.#about.hrnzUrl,
      HARNESS_TAB_URL: this.#about.tabUrl,
      HARNESS_MIN_DELAY_MS: '0',
      HARNESS_CLOCK: `${this.#clock}@${this.#since}`,
    }
  }

  isPast(instant) {
    return this.#clock > instant
  }

  /** Moves the time on to an instant, never back. */
  async moveTo(instant) {
    if (!this.isPast(instant)) this.#clock = instant
    this.#since = Date.now()
    await this.#ask({ ask: 'clock', clock: `${this.#clock}@${this.#since}` })
  }

  /** To be called when a command has ended: the next run begins after it. */
  keepTime() {
    const now = Date.now()
    this.#clock = new Date(Date.parse(this.#clock) + now - this.#since).toISOString()
    this.#since = now
    this.#save()
  }

  /** Holds rows of the database against the truth. `read`: what was read of whom. */
  score(rows, read) {
    return this.#ask({ ask: 'score', rows, read })
  }

  stop() {
    if (this.#child?.connected) this.#child.disconnect()
  }

  async #ask(question) {
    const answer = once(this.#child, 'message')
    this.#child.send(question)
    return (await answer)[0]
  }

  #save() {
    // Renamed into place: a kill must not leave half a file.
    writeFileSync(`${this.#file}.new`, JSON.stringify({ ports: this.#ports, clock: this.#clock }))
    renameSync(`${this.#file}.new`, this.#file)
  }
}

function whyNotStarted(trouble, ports) {
  return trouble.includes('EADDRINUSE')
    ? `port ${ports.join(' or ')} is taken, perhaps by another demo that still runs; ` +
        'end it, or start over with `npm run demo -- --fresh`'
    : `the made-up sources did not start:\n${trouble.trim().slice(-2000)}`
}
