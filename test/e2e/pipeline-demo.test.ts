import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { expect, inject, it } from 'vitest'
import { root, runCli, scratchFolder } from '../support/run-cli.ts'

const run = promisify(execFile)

it('the demo does the whole job, agrees with the truth, and changes nothing the second time', async () => {
  expect(inject('buildFailure')).toBe('')
  const dir = scratchFolder()
  const demo = async (): Promise<string> =>
    (await run(process.execPath, [join(root, 'bin/demo.js'), '--dir', dir])).stdout
  const first = await demo()
  for (const command of ['discover', 'scrape', 'capture', 'reconcile', 'horses match', 'report'])
    expect(first).toContain(`$ harness ${command}`)
  expect(first).toMatch(/meetings +0 duplicates, 0 wrong merges, 0 lost/)
  expect(first).toMatch(/starts +0 duplicates, 0 wrong merges, 0 lost/)
  expect(first).toMatch(/horses +0 wrong merges/)
  // Commands that name the file are as long as its name.
  const long = first.split('\n').filter((line) => line.length > 80 && !line.includes(dir))
  expect(long).toEqual([])
  for (const { command, printed } of tour())
    expect((await answer(command, join(dir, 'harness.db'))).slice(0, printed.length)).toEqual(
      printed.map(cells),
    )
  expect(await demo()).toContain('unchanged: this run left every row')
}, 120_000)

/** The commands of the README's five minutes, and what they print there. */
function tour(): { command: string; printed: string[] }[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/^```\n\$ ((?:.*\n {4})*.*)\n([^`]*)\n```$/gm)]
  expect(blocks.length).toBeGreaterThanOrEqual(4)
  return blocks.map(([, command = '', printed = '']) => ({ command, printed: printed.split('\n') }))
}

/** The cells of each line that a command of the tour prints, harness or sqlite3. */
async function answer(command: string, database: string): Promise<string[][]> {
  const [, query] = /^sqlite3 .*"([^"]*)"$/s.exec(command) ?? []
  if (query === undefined) {
    const argv = command.replace('demo/harness.db', database).split(' ').slice(1)
    return (await runCli(argv)).stdout.split('\n').map(cells)
  }
  const raw = new BetterSqlite3(database, { readonly: true })
  try {
    return (raw.prepare(query).raw().all() as unknown[][]).map((row) => row.map(String))
  } finally {
    raw.close()
  }
}

const cells = (line: string): string[] => line.trim().split(/ {2,}/)
