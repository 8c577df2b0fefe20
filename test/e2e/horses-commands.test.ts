import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeWorld } from '../../fixtures/world/world.ts'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../support/database.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { root, runCli, scratchFolder } from '../support/run-cli.ts'
import { hrnzUnits, tabUnits } from '../support/world-units.ts'

const now = Date.parse('2026-06-01T00:00:00Z')
let target = ''

beforeAll(async () => {
  target = (await createTestDatabase('sqlite')).target
  const world = makeWorld({ seed: 11, from: '2026-01-01', to: '2026-02-06', hrnzLinks: false })
  const database = await openDatabase(target)
  for (const unit of [...hrnzUnits(world, now), ...tabUnits(world, now)])
    await ingestMeeting(quietDeps(database, now), unit)
  await database.close()
}, 60_000)

const env = () => ({ HARNESS_DB: target })
async function harness(...argv: string[]) {
  const { stdout, stderr, exitCode } = await runCli(['horses', ...argv], { env: env() })
  return { stdout, stderr, exitCode }
}
async function json<T>(...argv: string[]): Promise<T> {
  const { stdout, exitCode, stderr } = await harness(...argv, '--json')
  expect(exitCode, stderr + stdout).toBe(0)
  return JSON.parse(stdout) as T
}
interface Listed {
  id: number
  name: string
}
interface Shown {
  id: number
  race_count: number
  form: { starter: number; date: string; placing: string }[]
  retired_ids: number[]
}

/** The program in a terminal of its own, 80 columns wide; keys are pressed as the screens come. */
async function inTerminal(command: string, keys: readonly string[]) {
  const child = spawn(
    'sh',
    [
      '-c',
      'exec script "$@"',
      'sh',

      '-qfec',
      `stty cols 80 rows 50; ${process.execPath} ${join(root, 'bin/run.js')} ${command}`,
      '/dev/null',
    ],
    { env: { PATH: process.env['PATH'] ?? '', HOME: scratchFolder(), TERM: 'xterm', ...env() } },
  )
  let screen = ''
  child.stdout.on('data', (chunk) => (screen += String(chunk)))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  for (const key of keys) {
    const before = screen.length
    while (!screen.slice(before).includes('q quit') && before === 0) await sleep(20)
    child.stdin.write(key)
    while (screen.length === before && child.exitCode === null) await sleep(20)
    await sleep(100)
  }
  return { exitCode: await ended, screen }
}

describe('harness horses', () => {
  it('lists, shows and explains', async () => {
    const [most] = await json<Listed[]>('list', '--limit', '1')
    const shown = await json<Shown>('show', String(most!.id))
    expect(shown.form).toHaveLength(shown.race_count)
    const text = await harness('show', String(most!.id))
    expect(text.stdout).toContain(most!.name)
    expect(text.stdout).toMatch(/DATE +TRACK +DIST/)
    for (const line of text.stdout.split('\n')) {
      if (/^\d{4}-|^DATE/.test(line)) expect([...line].length).toBeLessThanOrEqual(80)
    }
    const why = await json<{ rule: string; horse: { id: number } }>(
      'why',
      String(shown.form[0]!.starter),
    )
    expect(why.horse.id).toBe(most!.id)
    expect((await harness('why', String(shown.form[0]!.starter))).stdout).toContain(
      `by ${why.rule}:`,
    )
    const how = await json<{ steps: { starts: unknown[] }[] }>('how', String(most!.id))
    expect(how.steps.flatMap(({ starts }) => starts)).toHaveLength(shown.form.length)
  })

  it('finds by a name with a slip, in capitals, without apostrophes; says what is near nothing', async () => {
    const all = await json<Listed[]>('list', '--limit', '200')
    const apostrophe = all.find(({ name }) => /^\w+'s \w+$/.test(name))!
    const typed = apostrophe.name.toUpperCase().replace("'", '')
    const ids = async (words: string) => (await json<Listed[]>('search', words)).map(({ id }) => id)
    expect(await ids(typed)).toContain(apostrophe.id)
    expect(await ids(`${typed.slice(0, 4)}${typed.slice(5)}`)).toContain(apostrophe.id)
    const nothing = await harness('search', 'zzzzqqqq')
    expect(nothing).toMatchObject({ stdout: '', exitCode: 0 })
    expect(nothing.stderr).toContain('No horse is called')
  })

  it('merges, lists the decision, resolves the retired id, undoes', async () => {
    const horses = await json<Listed[]>('list', '--limit', '400')
    const [a] = horses
    let done: { decision: { number: number }; moves: { from: number; to: number }[] } | undefined
    for (const b of horses.slice(1)) {
      const tried = await harness('merge', String(a!.id), String(b.id), '--json')
      if (tried.exitCode === 0) {
        done = JSON.parse(tried.stdout) as typeof done
        break
      }
      expect(tried.exitCode).toBe(2)
    }
    const [move] = done!.moves
    expect((await json<Shown>('show', String(move!.from))).id).toBe(move!.to)
    const history = await json<{ number: number; undone_at: string | null }[]>('history')
    expect(history[0]).toMatchObject({ number: done!.decision.number, undone_at: null })
    const plan = await harness('undo', '--dry-run')
    expect(plan.stdout).toContain('would move')
    expect((await json<Shown>('show', String(move!.from))).id).toBe(move!.to)
    expect((await harness('undo', String(done!.decision.number))).exitCode).toBe(0)
    expect((await json<Shown>('show', String(move!.from))).id).toBe(move!.from)
    const undone = await json<{ undone_at: string | null }[]>('history')
    expect(undone[0]!.undone_at).not.toBeNull()
  }, 60_000)

  it('refuses bad input with exit 2 and the reason', async () => {
    const [a] = await json<Listed[]>('list', '--limit', '1')
    const id = String(a!.id)
    for (const [argv, reason] of [
      [['merge', id, id], /one horse already/],
      [['merge', id, '999999'], /no horse 999999/],
      [['split', id, '--from', '2020-01-01'], /nothing would be left/],
      [['split', id], /no starts are named/],
      [['undo', '4711'], /no decision 4711/],
      [['why', '99999999'], /no start/],
      [['show', 'Nobody Of That Name'], /no horse is called/],
      [['review'], /no terminal/],
    ] as const) {
      const refused = await harness(...argv)
      expect(refused.exitCode, argv.join(' ')).toBe(2)
      expect(refused.stderr).toMatch(reason)
    }
  }, 30_000)

  it('splits by date, exports and imports the decision', async () => {
    const [most] = await json<Listed[]>('list', '--limit', '1')
    const { form } = await json<Shown>('show', String(most!.id))
    const cut = form[0]!.date
    const file = join(scratchFolder(), 'decisions.jsonl')
    const { moves } = await json<{ moves: unknown[] }>('split', String(most!.id), '--from', cut)
    expect(moves).toHaveLength(1)
    expect((await harness('export', file)).exitCode).toBe(0)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toMatch(/"(horse_?id|id)":/)
    expect((await harness('undo')).exitCode).toBe(0)
    expect((await json<Shown>('show', String(most!.id))).form).toHaveLength(form.length)
    const taken = await json<{ decisions: object }>('import', file)
    expect(taken.decisions).toEqual({ created: 1, unchanged: 0 })
    expect((await harness('undo')).exitCode).toBe(0)
  }, 30_000)

  it('review asks in a terminal, keeps each answer, and goes on from there', async () => {
    const before = await json<{ questions: { subject: string }[] }>('review')
    expect(before.questions.length).toBeGreaterThan(2)
    const { screen, exitCode } = await inTerminal('horses review', ['e', 'r', 'y', 's', 'u', 'q'])
    expect(exitCode, screen).toBe(0)
    expect(screen).toContain('Question 1 of')
    expect(screen).toContain('Why this is asked')
    expect(screen).toContain('3 questions answered')
    const plain = screen.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '')
    expect(Math.max(...plain.split(/\r?\n/).map((line) => [...line].length))).toBeLessThanOrEqual(
      80,
    )
    const history = await json<{ reason: string | null }[]>('history')
    expect(history[1]!.reason).toMatch(/careers|career|name/)
    const after = await json<{ questions: { subject: string }[] }>('review')
    const answered = before.questions.slice(0, 3).map(({ subject }) => subject)
    expect(after.questions.map(({ subject }) => subject)).not.toEqual(
      expect.arrayContaining(answered),
    )
    expect(after.questions.length).toBeLessThanOrEqual(before.questions.length - 3)
  }, 30_000)
})
