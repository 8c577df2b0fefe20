import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { root, scratchFolder } from '../support/run-cli.ts'

const prefix = scratchFolder()
const installed = join(prefix, 'lib/node_modules/harness')
let packed: { filename: string; files: { path: string }[] }

function npm(argv: readonly string[], cwd: string): string {
  return execFileSync('npm', argv, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** What cron gives a job: a bare PATH, a home, nothing else. */
function bare(argv: readonly string[]): string {
  const node = join(process.execPath, '..')
  return execFileSync(join(prefix, 'bin/harness'), argv, {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: `${node}:/usr/bin:/bin`, HOME: join(prefix, 'home') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

beforeAll(() => {
  expect(inject('buildFailure')).toBe('')
  const folder = scratchFolder()
  // --ignore-scripts: dist/ stands already, a build here would pull it from under other tests.
  const answer = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
  packed = (JSON.parse(answer) as (typeof packed)[])[0] as typeof packed
  mkdirSync(join(prefix, 'home'))
  npm(
    // Compiling SQLite takes a minute: it is not done again, the module that is here is used below.
    [
      'install',
      '--global',
      '--ignore-scripts',
      '--prefer-offline',
      '--prefix',
      prefix,
      join(folder, packed.filename),
    ],
    folder,
  )
  const release = 'better-sqlite3/build/Release'
  const target = join(installed, 'node_modules', release)
  mkdirSync(target, { recursive: true })
  cpSync(
    join(root, 'node_modules', release, 'better_sqlite3.node'),
    join(target, 'better_sqlite3.node'),
  )
}, 180_000)

describe('the npm package', () => {
  it('holds the bundle, the manifest and the entry point, and nothing of the workshop', () => {
    const paths = packed.files.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining(['bin/run.js', 'dist/main.js', 'oclif.manifest.json', 'package.json']),
    )
    const allowed =
      /^(bin\/run\.js|dist\/(?!world)|oclif\.manifest\.json$|package\.json$|README|LICENSE)/
    expect(paths.filter((path) => !allowed.test(path))).toEqual([])
  })

  it('runs after a global install in cron’s bare environment', () => {
    expect(bare(['--version'])).toMatch(/^harness\//)
    expect(bare(['--help'])).toContain('status')
    expect(bare(['db', 'migrate'])).toContain('applied')
    const status = JSON.parse(bare(['status', '--json'])) as { database: { location: string } }
    expect(status.database.location).toBe(join(prefix, 'home/.local/share/harness/harness.db'))
    expect(existsSync(status.database.location)).toBe(true)
  })
})
