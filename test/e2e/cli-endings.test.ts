import { join } from 'node:path'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CliOptions, type CliResult, root, runCli, scratchFolder } from '../support/run-cli.ts'

// Inside the checkout, so that the native module is found from there.
const bundle = join(root, 'node_modules/.cache/harness/frame-commands.mjs')

beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'test/support/frame-commands.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['better-sqlite3', 'pg-native'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname; const __filename = import.meta.filename",
    },
  })
})
const freshDb = (): string => join(scratchFolder(), 'harness.db')

function runFrame(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return runCli(argv, { ...options, script: [bundle] })
}

/** Sends the signals one after the other, the first when the work has begun. */
function signalled(...signals: NodeJS.Signals[]): Pick<CliOptions, 'started'> {
  return {
    started: (child) => {
      child.stderr?.on('data', (chunk: unknown) => {
        const text = String(chunk)
        if (text.includes('sleeping'))
          signals.forEach((signal, index) => setTimeout(() => child.kill(signal), index * 200))
      })
    },
  }
}

interface LastRun {
  readonly command: string
  readonly exitCode: number
  readonly outcome: string
}

async function lastRun(db: string): Promise<LastRun | undefined> {
  const { stdout } = await runCli(['status', '--json', '--db', db])
  const report = JSON.parse(stdout) as { holdings: { runs: LastRun[] } }
  return report.holdings.runs[0]
}

describe('a writing command', () => {
  it.each([
    ['done', 0],
    ['partial', 3],
    ['refused', 5],
    ['stopped', 5],
    ['usage', 2],
    ['bug', 1],
  ])('that is %s leaves with %i, with and without --json, and on record', async (way, exitCode) => {
    const db = freshDb()
    const plain = await runFrame([way, '--db', db])
    const json = await runFrame([way, '--db', db, '--json'])
    expect([plain.exitCode, json.exitCode]).toEqual([exitCode, exitCode])
    expect(JSON.parse(json.stdout)).toBeTypeOf('object')
    expect((await lastRun(db))?.exitCode).toBe(exitCode)
  })

  it('prints the counts by name and says why nothing was done', async () => {
    const { stdout } = await runFrame(['done', '--db', freshDb()])
    for (const name of ['created', 'updated', 'unchanged', 'merged', 'skipped', 'failed'])
      expect(stdout).toContain(name)
    expect(stdout).toContain('nothing to do')
  })

  it('gives run, counts and warnings under --json, all of them', async () => {
    const { stdout, stderr } = await runFrame(['warned', '--db', freshDb(), '--json'])
    const result = JSON.parse(stdout) as { run: number; counts: object; warnings: unknown[] }
    expect(result.run).toBe(1)
    expect(result.counts).toHaveProperty('meetings.unchanged', 0)
    expect(result.warnings).toHaveLength(7)
    expect(stderr).toBe('')
  })

  it('shows a few warnings of a kind and counts the rest, without control characters', async () => {
    const { stderr } = await runFrame(['warned', '--db', freshDb()])
    expect(stderr.match(/warning: page/g)).toHaveLength(5)
    expect(stderr).toContain('2 more [odd-token]')
    expect(stderr).not.toContain('\u001b')
  })

  it('reports a fault of its own with how to report it, the stack only when asked', async () => {
    const plain = await runFrame(['bug', '--db', freshDb()])
    expect(plain.stderr).toContain('please report it')
    expect(plain.stderr).not.toMatch(/\n\s+at /)
    expect(plain.stderr).not.toContain('evil')
    const verbose = await runFrame(['bug', '--db', freshDb(), '--verbose'])
    expect(verbose.stderr).toMatch(/\n\s+at /)
  })

  it('prints counts and the reason when a source stopped it halfway', async () => {
    const { stdout } = await runFrame(['stopped', '--db', freshDb(), '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { meetings: { created: 0 } },
      error: { code: 'source-refused', exitCode: 5 },
    })
  })

  it('says nothing but errors with --quiet', async () => {
    const quiet = await runFrame(['warned', '--db', freshDb(), '--quiet'])
    expect(quiet).toMatchObject({ stdout: '', stderr: '', exitCode: 0 })
    expect((await runFrame(['refused', '--db', freshDb(), '--quiet'])).stderr).toContain(
      'host says no',
    )
  })

  it('leaves with 4 while another run of its job is at work', async () => {
    const db = freshDb()
    const [first, second] = await new Promise<CliResult[]>((resolve) => {
      const sleeper = runFrame(['sleep', '--db', db], {
        started: (child) =>
          child.stderr?.once('data', () => {
            void runFrame(['done', '--db', db, '--json']).then((busy) => {
              child.kill('SIGTERM')
              void sleeper.then((slept) => resolve([slept, busy]))
            })
          }),
      })
    })
    expect(second?.exitCode).toBe(4)
    expect(JSON.parse(second?.stdout ?? '')).toMatchObject({ error: { code: 'locked' } })
    expect(first?.exitCode).toBe(130)
    expect((await runFrame(['done', '--db', db])).exitCode).toBe(0)
  })
})

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends the work with 130, on record',
    async (signal) => {
      const db = freshDb()
      const { exitCode, stderr } = await runFrame(['sleep', '--db', db], signalled(signal))
      expect(exitCode).toBe(130)
      expect(stderr).toContain('interrupted')
      expect(await lastRun(db)).toMatchObject({ exitCode: 130 })
    },
  )

  it('SIGTERM is a clean end for a watcher, SIGINT is not', async () => {
    const ends = (signal: NodeJS.Signals) =>
      runFrame(['watch', 'sleep', '--db', freshDb()], signalled(signal))
    expect((await ends('SIGTERM')).exitCode).toBe(0)
    expect((await ends('SIGINT')).exitCode).toBe(130)
  })

  it('a second one ends work that does not listen, at once', async () => {
    const run = await runFrame(['deaf', '--db', freshDb()], signalled('SIGINT', 'SIGINT'))
    expect(run.exitCode).toBe(130)
  })
})
