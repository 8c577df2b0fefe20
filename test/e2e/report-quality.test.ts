import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { qualityRules } from '../../src/domain/quality/quality-rules.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { aCard, cardChanges } from '../contract/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import { root, runCli, scratchFolder } from '../support/run-cli.ts'

let target: string
let remove: () => Promise<void>
beforeAll(async () => {
  ;({ target, remove } = await createTestDatabase('sqlite'))
  const database = await openDatabase(target)
  await database.unitOfWork.run(async ({ cards, horses }) => {
    const { card, horses: linked } = aCard(2)
    // Two winners and then the third: a dead heat, which is no finding.
    await cards.apply(cardChanges({ ...card }))
    await horses.apply(linked)
  })
  await database.close()
})
afterAll(() => remove())

/** Paid is as much as the purse; one cent more is a warning or worse. */
async function overpay() {
  const database = await openDatabase(target)
  await database.db.updateTable('races').set({ stake_cents: 1_199_999 }).execute()
  await database.close()
}

interface Metrics {
  readonly metrics: readonly Record<string, unknown>[]
}
const quality = async (...more: string[]) => {
  const env = { HARNESS_CLOCK: '2026-04-01T00:00:00.000Z' }
  return await runCli(['report', 'quality', '--db', target, ...more], { env })
}

describe('harness report quality', () => {
  it('gives numerators and denominators for everything, seasons, venues and sources', async () => {
    const { stdout, exitCode } = await quality('--json')
    expect(exitCode).toBe(0)
    const { metrics } = JSON.parse(stdout) as Metrics
    for (const metric of metrics)
      expect(metric).toMatchObject({
        id: expect.stringMatching(/^[a-z-]+$/) as string,
        numerator: expect.any(Number) as number,
        denominator: expect.any(Number) as number,
        scope: expect.stringMatching(/^(all|(season|venue|source) .+)$/) as string,
        status: expect.stringMatching(/^(ok|info|warn|error)$/) as string,
      })
    const scopes = new Set(metrics.map(({ scope }) => scope))
    expect([...scopes]).toEqual(['all', 'season 2026', 'venue Karaka Flats', 'source merged'])
  })

  it('names commands that there are, with flags that they know', () => {
    expect(inject('buildFailure')).toBe('')
    const { commands } = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
      commands: Record<string, { flags: Record<string, unknown> }>
    }
    for (const next of qualityRules.flatMap((rule) => [rule.next, rule.mend])) {
      const words = next.replace(/^harness /, '').split(' ')
      const id = (/^[a-z]+( [a-z]+)?(?= |$)/.exec(words.join(' '))?.[0] ?? '').replace(' ', ':')
      expect(Object.keys(commands), next).toContain(id)
      for (const flag of words.filter((word) => word.startsWith('--')))
        expect(Object.keys(commands[id]!.flags), next).toContain(flag.slice(2))
    }
  })

  it('leaves with 1 when it is asked to fail on what it finds, with and without --json', async () => {
    expect((await quality('--fail-on', 'warn')).exitCode).toBe(0)
    await overpay()
    expect((await quality()).exitCode).toBe(0)
    for (const more of [[], ['--json'], ['--format', 'csv'], ['--quiet']]) {
      expect((await quality('--fail-on', 'warn', ...more)).exitCode).toBe(1)
      expect((await quality('--fail-on', 'error', ...more)).exitCode).toBe(1)
    }
    const { stdout } = await quality()
    expect(stdout).toMatch(/error +stakes-above-purse +1 +1/)
    // The command stands there whole, however narrow the terminal is.
    expect(stdout).toMatch(/stakes-above-purse +harness report quality --rule stakes-above-purse$/m)
  })

  it('lists what a rule finds, and names the command that mends it', async () => {
    await overpay()
    const found = await quality('--rule', 'stakes-above-purse')
    expect(found.stdout).toMatch(/Karaka Flats +1 +1 +paid_cents 1200000, stake_cents\n +1199999/)
    expect(found.stdout).toMatch(/\nharness reconcile why 1 1\n$/)
    const csv = await quality('--rule', 'stakes-above-purse', '--format', 'csv')
    expect(csv.stdout.split('\n')[0]).toBe('date,venue,meeting,race,number,name,start,horse,detail')
    const json = await quality('--rule', 'stakes-above-purse', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ findings: [{ meeting: 1, race: 1 }] })
    const none = await quality('--rule', 'winner-missing')
    expect(none).toMatchObject({ stdout: '', exitCode: 0 })
    expect(none.stderr).toContain('finds nothing')
  })
})

describe('harness export', () => {
  it('refuses what it does not know and writes nothing', async () => {
    const out = join(scratchFolder(), 'export')
    for (const more of [
      ['--format', 'xlsx'],
      ['--table', 'secrets'],
    ]) {
      const { exitCode, stderr } = await runCli(['export', '--db', target, '--out', out, ...more])
      expect(exitCode).toBe(2)
      expect(stderr).toContain('csv, jsonl, parquet')
    }
    expect(existsSync(out)).toBe(false)
  })

  it('writes the tables asked for, and the dictionary', async () => {
    const out = join(scratchFolder(), 'deep', 'export')
    const argv = ['export', '--db', target, '--out', out, '--format', 'csv', '--table', 'starts']
    const { exitCode, stdout } = await runCli([...argv, '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ out, files: [{ file: 'starts.csv', rows: 2 }] })
    expect(readdirSync(out)).toEqual(['data-dictionary.md', 'starts.csv'])
  })
})
