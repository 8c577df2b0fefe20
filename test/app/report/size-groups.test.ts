import { expect, it } from 'vitest'
import { sizeGroups } from '../../../src/app/report/size-groups.ts'
import { openTestDatabase, testDialects } from '../../support/database.ts'

it('bytes of tables are summed up by what they are for, largest first', () => {
  const tables = [
    { name: 'races', bytes: 2 },
    { name: 'documents', bytes: 9 },
    { name: 'starters', bytes: 4 },
    { name: 'of tomorrow', bytes: 1 },
  ]
  expect(sizeGroups({ tables, freeBytes: 3, archives: [] })).toEqual([
    { name: 'archive', bytes: 9 },
    { name: 'masters', bytes: 6 },
    { name: 'free', bytes: 3 },
    { name: 'records', bytes: 1 },
  ])
})

it.each(testDialects)(
  'they are read on %s, and only the program’s own tables are records',
  async (dialect) => {
    const database = await openTestDatabase(dialect)
    const { tables } = await database.care.sizes()
    const total = tables.reduce((sum, { bytes }) => sum + bytes, 0)
    const groups = sizeGroups({ tables, freeBytes: 0, archives: [] })
    expect(groups.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total)
    expect(groups.map(({ name }) => name).sort()).toEqual([
      'archive',
      'market',
      'masters',
      'observations',
      'records',
    ])
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['documents', 'links']))
    await database.close()
  },
)
