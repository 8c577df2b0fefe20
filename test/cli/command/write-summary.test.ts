import { expect, it } from 'vitest'
import { noCounts } from '../../../src/app/counts.ts'
import { writeSummary } from '../../../src/cli/command/write-summary.ts'

const ended = { warnings: [], partial: false, outcome: 'nothing to do' }

it('says in one sentence that nothing was done, without a table of noughts', async () => {
  expect(await writeSummary({ ...ended, counts: noCounts() })).toBe('nothing to do\n')
})

it('shows the table as soon as one count is not nought', async () => {
  const counts = noCounts()
  counts.starters.unchanged = 1
  expect(await writeSummary({ ...ended, counts })).toMatch(/^ .*created[^]*starters[^]*nothing/)
})
