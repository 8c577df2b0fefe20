import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli, scratchFolder } from '../support/run-cli.ts'

const folder = scratchFolder()
const db = join(folder, 'harness.db')
const csv = join(folder, 'starts.csv')
const head = 'meeting_date,venue,race_number,number,horse_name,finish_position'
writeFileSync(
  csv,
  `${head}\n2026-03-06,Gore,1,1,Rata,1\n2026-03-06,Gore,1,2,Rimu,2\n2026-03-06,Oamaru,1,1,Kauri,1\n`,
)
const run = (...argv: string[]) => runCli([...argv, '--db', db])
const json = async <T>(...argv: string[]) => {
  const { stdout, exitCode } = await run(...argv, '--json')
  expect(exitCode).toBe(0)
  return JSON.parse(stdout) as T
}

describe('the commands about meetings', () => {
  it(
    'import, explain, correct, judge, undo, and carry decisions over',
    { timeout: 60_000 },
    async () => {
      const imported = await json<{ counts: { meetings: { created: number } }; badRows: number }>(
        'import',
        csv,
      )
      expect(imported).toMatchObject({ counts: { meetings: { created: 2 } }, badRows: 0 })

      expect((await run('reconcile', 'correct', '1', 'weather', 'Fine')).exitCode).toBe(2)
      const corrected = await run(
        'reconcile',
        'correct',
        '1',
        'weather',
        'Fine',
        '--reason',
        'saw it',
      )
      expect(corrected).toMatchObject({ exitCode: 0 })
      expect(corrected.stdout).toContain('harness reconcile undo 1')

      const why = await json<{ field: string; value: unknown; rule: string; url: string | null }[]>(
        'reconcile',
        'why',
        '2026-03-06 gore',
        '1',
        'rata',
        'finish_position',
      )
      expect(why).toMatchObject([{ field: 'finish_position', value: 1, rule: 'only' }])
      expect(why[0]!.url).toContain('starts.csv')
      expect(await json('reconcile', 'why', '1', 'weather')).toMatchObject([
        { rule: 'by-hand', value: 'Fine', taken: true },
      ])

      const same = await json<{ decision: { number: number } }>('reconcile', 'same', '1', '2')
      expect(await json('reconcile', 'list')).toMatchObject([{ rule: 'judgement' }])
      expect(await json('reconcile', 'show', '2')).toMatchObject({ retiredId: 2, starters: 3 })
      expect((await run('reconcile', 'split', '4711')).exitCode).toBe(2)

      const file = join(folder, 'decisions.jsonl')
      expect((await run('reconcile', 'export', file)).exitCode).toBe(0)
      expect(await json('reconcile', 'import', file)).toMatchObject({
        decisions: { created: 0, unchanged: 2 },
      })
      await json('reconcile', 'undo', String(same.decision.number))
      expect(await json('reconcile', 'list')).toEqual([])
      expect(await json<unknown[]>('reconcile', 'list', '--decisions')).toHaveLength(2)
      expect(await json('reconcile', 'list', '--overrides')).toEqual([])
      expect(await json('reconcile', 'review')).toMatchObject({ questions: [] })
    },
  )

  it('add, list and remove aliases, and refuse what joins two venues', async () => {
    const refused = await run('reconcile', 'alias', 'add', 'Alexandra', 'Alexandra Park')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('would join two places')
    expect(
      await json('reconcile', 'alias', 'add', 'The Oval', 'Gore', '--from', '2024-01-01'),
    ).toMatchObject({ dates: 0 })
    expect(await json('reconcile', 'alias', 'list', '--own')).toMatchObject([
      { text: 'The Oval', venue: 'Gore', validFrom: '2024-01-01' },
    ])
    expect((await run('reconcile', 'alias', 'remove', 'The Oval')).exitCode).toBe(0)
    expect((await run('reconcile', 'alias', 'remove', 'The Oval')).exitCode).toBe(2)
  })

  it('leave with 3 when rows were bad', async () => {
    const bad = join(folder, 'bad.csv')
    writeFileSync(bad, `${head}\n2026-03-06,Gore,1,1,Rata,1\nsoon,Gore,1,2,Rimu,2\n`)
    const { exitCode, stderr, stdout } = await run('import', bad, '--dry-run')
    expect(exitCode).toBe(3)
    expect(stderr).toContain('line 3: meeting_date "soon" is no meeting_date')
    expect(stdout).toContain('1 of 2 rows')
  })
})
