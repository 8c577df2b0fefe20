import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { root, scratchFolder } from '../support/run-cli.ts'

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
  expect(await demo()).toContain('unchanged: this run left every row')
}, 120_000)
