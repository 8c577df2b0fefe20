import { expect, it } from 'vitest'
import { noCounts } from '../../../src/app/counts.ts'
import { writeSummary } from '../../../src/cli/command/write-summary.ts'

const ended = { warnings: [], partial: false, outcome: 'nothing to do' }

it('prints every count by name, also when all of them are nought, and then the reason', async () => {
  const text = await writeSummary({ ...ended, counts: noCounts() })
  for (const name of ['created', 'updated', 'unchanged', 'merged', 'skipped', 'failed'])
    expect(text).toContain(name)
  expect(text).toMatch(/meetings( +0){6}\n[^]*nothing to do\n$/)
})
