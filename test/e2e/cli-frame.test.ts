import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, runCli, scratchFolder } from '../support/run-cli.ts'

const freshDb = (): string => join(scratchFolder(), 'harness.db')

describe('the command line', () => {
  it.each([
    [['status', '--nope'], 'unknown flag: --nope'],
    [['status', 'extra'], 'unexpected argument'],
    [['db', 'status', '--log-format', 'xml'], 'log-format'],
    [['statsu'], 'Did you mean `harness status`'],
    [['db', 'migarte'], 'Did you mean `harness db migrate`'],
    [['--nope'], 'unknown flag'],
    [['status', '--quiet', '--verbose'], 'verbose'],
    [['scrape', '--form', 'today'], 'Did you mean --from?'],
    [['report', 'qualty'], 'Did you mean `harness report quality`?'],
    [['report', 'week', 'monday'], 'unexpected argument after `harness report week`: monday'],
    [['report', 'quality', '--by', 'venues'], '--by "venues" is none of: season, venue, source'],
    [['report', 'quality', '--by', 'venues'], 'Did you mean --by venue?'],
    [['scrape', '--days', 'x'], '--days: expected an integer but received: x'],
    [['scrape', '--limit'], '--limit needs a value'],
    [['export'], '--out is missing'],
    [['horses', 'merge', '1'], 'OTHER is missing: id or name of the other'],
    [['reconcile', 'show'], 'MEETING is missing: id of the meeting, or "DATE VENUE"'],
  ])('%j is a usage error that says so', async (argv, message) => {
    const plain = await runCli(argv)
    expect(plain).toMatchObject({ exitCode: 2, stdout: '' })
    expect(plain.stderr).toContain(message)
    const json = await runCli([...argv, '--json'])
    expect(json.exitCode).toBe(2)
    const { error } = JSON.parse(json.stdout) as { error: Record<string, unknown> }
    expect(Object.keys(error).sort()).toEqual(['code', 'exitCode', 'hint', 'message'])
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 })
  })

  it('shows control characters of a mistyped word to nobody', async () => {
    const { stderr } = await runCli(['\u001b[31mstatus\u0007'])
    expect(stderr).not.toMatch(/[\u001b\u0007]/)
  })

  it('answers --version without and --help with the commands', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^harness\/\d+\.\d+\.\d+ /)
    for (const argv of [['--help'], [], ['help']])
      expect(await runCli(argv)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('status'),
      })
    expect((await runCli(['help', 'db', 'migrate'])).stdout).toContain('--db')
  })

  it('shows a usage that can be read: what must be given, then the word for the flags', async () => {
    const usageOf = async (words: string) => {
      const { stdout } = await runCli([...words.split(' '), '--help'])
      return /USAGE\n {2}\$ harness (.*)\n\n/.exec(stdout)?.[1]
    }
    expect(await usageOf('scrape')).toBe('scrape [URL...] [FLAGS]')
    expect(await usageOf('export')).toBe('export --out DIR [FLAGS]')
    expect(await usageOf('reconcile why')).toBe(
      'reconcile why MEETING [RACE] [STARTER] [COLUMN] [FLAGS]',
    )
  })

  it('says what a command does once in its help, and all of the description', async () => {
    const { stdout } = await runCli(['db', 'archive', '--help'])
    expect(stdout.match(/move old raw documents/g)).toHaveLength(1)
    expect(stdout).toContain('Moves the bytes of documents')
    expect(stdout).toContain('The archive is one SQLite file')
  })

  it('does not fail when the reader of a pipe has seen enough', () => {
    const output = execFileSync(
      '/bin/sh',
      ['-c', `set -e; "${process.execPath}" bin/run.js --help | head -n 1; exit 0`],
      { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    )
    expect(output.split('\n')).toHaveLength(2)
  })

  it('leaves the stdin of a shell’s loop alone', () => {
    const loop = `printf 'a\\nb\\nc\\n' | while read -r line; do "${process.execPath}" bin/run.js config --format ndjson >/dev/null; echo "$line"; done`
    const output = execFileSync('/bin/sh', ['-c', loop], { cwd: root, encoding: 'utf8' })
    expect(output).toBe('a\nb\nc\n')
  })
})

it('import knows lines of JSON by both names: ndjson, and jsonl as export writes them', async () => {
  const folder = scratchFolder()
  const file = join(folder, 'starts.txt')
  const start = { meeting_date: '2026-03-06', venue: 'Karaka', race_number: 1, horse_name: 'Kea' }
  writeFileSync(file, `${JSON.stringify(start)}\n`)
  for (const name of ['ndjson', 'jsonl']) {
    const argv = ['import', file, '--input', name, '--dry-run', '--db', join(folder, 'harness.db')]
    expect(await runCli(argv)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 of 1 rows'),
    })
  }
})

describe('harness config', () => {
  it('says where each setting came from and hides secrets', async () => {
    const { stdout } = await runCli(['config', '--json'], {
      env: { HARNESS_DB: 'postgres://me:hush@127.0.0.1/x', HARNESS_CONTACT: 'me@example.org' },
    })
    const rows = JSON.parse(stdout) as { setting: string; value: unknown; origin: string }[]
    expect(rows.find(({ setting }) => setting === 'contact')).toMatchObject({
      value: 'me@example.org',
      origin: 'environment',
    })
    expect(stdout).not.toContain('hush')
  })

  it('writes no escape sequence with NO_COLOR, nor into a pipe', async () => {
    const { stdout, stderr } = await runCli(['config'], { env: { NO_COLOR: '1' } })
    expect(stdout + stderr).not.toContain('\u001b')
  })

  it('leaves with 2 on a bad setting, in the same words as every command', async () => {
    for (const command of ['config', 'status'])
      expect(await runCli([command], { env: { HARNESS_CONTACT: 'nobody' } })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('HARNESS_CONTACT'),
      })
  })

  it('refuses a clock that is none', async () => {
    const { exitCode, stderr } = await runCli(['status'], { env: { HARNESS_CLOCK: 'noon' } })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('HARNESS_CLOCK')
  })
})

describe('harness status', () => {
  it('says what to do when there is no database yet', async () => {
    const { stdout, exitCode } = await runCli(['status', '--db', freshDb()])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('harness init')
  })

  it('shows schema, counts, runs and the next step of a database', async () => {
    const db = freshDb()
    await runCli(['db', 'migrate', '--db', db])
    const { stdout } = await runCli(['status', '--json', '--db', db])
    expect(JSON.parse(stdout)).toMatchObject({
      database: { location: db, exists: true, schemaState: 'current' },
      holdings: { counts: { meetings: 0 }, runs: [{ command: 'db migrate', exitCode: 0 }] },
      next: 'harness discover --days 7',
    })
  })
})

describe('harness db', () => {
  it('migrates up, says when there is nothing to do, and rolls back when told to', async () => {
    const db = freshDb()
    expect((await runCli(['db', 'status', '--db', db])).exitCode).toBe(1)
    expect((await runCli(['db', 'migrate', '--db', db])).stdout).toContain('applied 0001')
    expect((await runCli(['db', 'migrate', '--db', db])).stdout).toContain('nothing to do')
    const asked = await runCli(['db', 'rollback', '--db', db])
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') })
    expect((await runCli(['db', 'rollback', '--db', db, '--yes'])).exitCode).toBe(0)
    const { stdout } = await runCli(['db', 'status', '--db', db, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ state: 'behind', pending: [expect.any(String)] })
  })

  it('names a file that is no database, and a folder that is not there', async () => {
    const file = join(scratchFolder(), 'notes.txt')
    writeFileSync(file, 'this is not a database, and it is longer than a header of one would be')
    const notOne = await runCli(['db', 'migrate', '--db', file, '--json'])
    expect(notOne.exitCode).toBe(1)
    expect(JSON.parse(notOne.stdout)).toMatchObject({ error: { code: 'not-a-database' } })
    const missing = await runCli(['db', 'migrate', '--db', join(file, '../none/x.db')])
    expect(missing).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('does not exist'),
    })
  })
})

describe('harness init', () => {
  it('writes the config file without asking, and prints cron and systemd lines', async () => {
    const home = scratchFolder()
    const run = (argv: string[]) => runCli(argv, { env: { HOME: home } })
    const first = await run(['init', '--contact', 'me@example.org', '--seasons', '2020..2023'])
    expect(first.exitCode).toBe(0)
    expect(first.stdout).toMatch(/^\*\/20 \* \* \* \* .*run\.js capture/m)
    expect(first.stdout).toContain('[Service]')
    expect(first.stdout).toContain('--from 2019-08-01 --to 2023-12-31')
    expect((await run(['config'])).stdout).toContain('me@example.org')
    const bad = await run(['init', '--contact', 'nobody'])
    expect(bad.exitCode).toBe(2)
    expect((await run(['config'])).stdout).toContain('me@example.org')
  })
})

describe('harness doctor', () => {
  it('finds nothing broken on a fresh machine and leaves with 0', async () => {
    const { stdout, exitCode } = await runCli(['doctor', '--json', '--db', freshDb()])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ broken: false })
  })

  it('leaves with 1 and a next step for each thing that is broken', async () => {
    const home = scratchFolder()
    mkdirSync(join(home, '.config/harness'), { recursive: true })
    writeFileSync(join(home, '.config/harness/config.json'), '{')
    const { stdout, exitCode } = await runCli(['doctor', '--json'], { env: { HOME: home } })
    expect(exitCode).toBe(1)
    const { findings } = JSON.parse(stdout) as {
      findings: { state: string; next: string | null }[]
    }
    const broken = findings.filter(({ state }) => state === 'broken')
    expect(broken).toHaveLength(1)
    expect(broken[0]?.next).toMatch(/harness init/)
  })
})
