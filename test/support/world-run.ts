import type { ChildProcess } from 'node:child_process'
import type { FaultRule } from '../../fixtures/world/faults.ts'
import { startWorldServers, type WorldServers } from '../../fixtures/world/servers.ts'
import type { World } from '../../fixtures/world/world.ts'
import { openDatabase, type OpenDatabase } from '../../src/db/connect.ts'
import { type CliResult, runCli } from './run-cli.ts'

/** Shown milliseconds in a real one: waits of politeness become short, timeouts of HTTP do not. */
const speed = 50

/** The built program at work on one database, against a world's two servers, at one time. */
export class WorldRun {
  readonly target: string
  readonly world: World
  #shownMs = 0
  #realMs = 0
  #servers: WorldServers | undefined

  private constructor(world: World, target: string) {
    this.world = world
    this.target = target
  }

  /** `ports`: those of an earlier run that has been closed, since pages are known by address. */
  static async start(
    world: World,
    target: string,
    instant: string,
    ports: { readonly hrnzPort?: number; readonly tabPort?: number } = {},
  ): Promise<WorldRun> {
    const run = new WorldRun(world, target)
    run.moveTo(instant)
    run.#servers = await startWorldServers({ world, now: () => run.now(), ...ports })
    return run
  }

  get ports(): { hrnzPort: number; tabPort: number } {
    const { hrnzUrl, tabUrl } = this.servers
    return { hrnzPort: Number(new URL(hrnzUrl).port), tabPort: Number(new URL(tabUrl).port) }
  }

  get servers(): WorldServers {
    if (this.#servers === undefined) throw new Error('the servers have not been started')
    return this.#servers
  }

  now(): number {
    return Math.round(this.#shownMs + (Date.now() - this.#realMs) * speed)
  }

  /** Both the sources and the program see this time from now on. */
  moveTo(instant: string): void {
    this.#shownMs = Date.parse(instant)
    this.#realMs = Date.now()
  }

  setFaults(...rules: FaultRule[]): void {
    this.servers.setFaults(rules)
  }

  /** Runs one command line as it is typed. */
  harness(
    command: string,
    options: {
      readonly env?: Readonly<Record<string, string>>
      readonly started?: (child: ChildProcess) => void
    } = {},
  ): Promise<CliResult> {
    const { hrnzUrl, tabUrl, dynamicUrl } = this.servers
    return runCli(command.split(' '), {
      ...(options.started === undefined ? {} : { started: options.started }),
      env: {
        HARNESS_DB: this.target,
        HARNESS_HRNZ_URL: hrnzUrl,
        HARNESS_HRNZ_DYNAMIC_URL: dynamicUrl,
        HARNESS_TAB_URL: tabUrl,
        HARNESS_MIN_DELAY_MS: '0',
        HARNESS_CLOCK: `${new Date(this.#shownMs).toISOString()}@${this.#realMs}x${speed}`,
        ...options.env,
      },
    })
  }

  /** The same, which must leave with an exit code: its output is the message when it does not. */
  async ok(command: string, exitCode = 0): Promise<CliResult> {
    const result = await this.harness(command)
    if (result.exitCode !== exitCode)
      throw new Error(
        `harness ${command} left with ${result.exitCode}:\n${result.stdout}${result.stderr}`,
      )
    return result
  }

  /** Looks into the database, with nobody else at work. */
  async read<T>(look: (database: OpenDatabase) => Promise<T>): Promise<T> {
    const database = await openDatabase(this.target, { readOnly: true })
    try {
      return await look(database)
    } finally {
      await database.close()
    }
  }

  async close(): Promise<void> {
    await this.#servers?.close()
  }
}
