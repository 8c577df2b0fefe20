import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  csvField,
  csvLines,
  renderPairs,
  renderRows,
  terminalWidth,
} from '../../../src/cli/text/render.ts'

const columns = [
  { key: 'name', title: 'name' },
  { key: 'count', title: 'count', align: 'right' as const },
]

describe('renderRows', () => {
  it('fits a table into the width, however long the cells are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: fc.string({ maxLength: 300 }), count: fc.integer() }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (rows) => {
          const lines = (await renderRows(rows, columns, 'table', 80)).split('\n')
          expect(lines).toHaveLength(rows.length + 2)
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('cuts text before figures: half a date says something else', async () => {
    const rows = [{ name: 'a long name '.repeat(9), count: '2026-04-30' }]
    const [, line] = (await renderRows(rows, columns, 'table', 30)).split('\n')
    expect(line).toMatch(/^a long name a l.*… {2}2026-04-30$/)
  })

  it('goes on in further lines where the text is what the row is read for', async () => {
    const read = [{ key: 'name', title: 'name', wraps: true as const }, columns[1]!]
    const rows = [{ name: 'was the horse renamed, or are they two?', count: 12 }]
    expect(await renderRows(rows, read, 'table', 31)).toBe(
      'name                    count\nwas the horse renamed,     12\nor are they two?\n',
    )
  })

  it('shows nothing for an empty table, an empty list as JSON, the head as CSV', async () => {
    expect(await renderRows([], columns, 'table')).toBe('')
    expect(await renderRows([], columns, 'json')).toBe('[]\n')
    expect(await renderRows([], columns, 'ndjson')).toBe('')
    expect(await renderRows([], columns, 'csv')).toBe('name,count\n')
  })

  it('writes one JSON object a line as ndjson', async () => {
    const text = await renderRows([{ name: 'a\nb' }, { name: null }], columns, 'ndjson')
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ name: 'a\nb' }, { name: null }])
  })
})

describe('csvField', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@cmd', "'@cmd"],
    ['+cmd', "'+cmd"],
    ['-cmd', "'-cmd"],
    [' \u0000=1+1', "'=1+1"],
    ['\tx', 'x'],
    ['\t=1+1', "'=1+1"],
    ['＝1+1', "'＝1+1"],
    ["'=1+1", "''=1+1"],
    ["'Twas", "'Twas"],
    ['-3', '-3'],
    [-3.5, '-3.5'],
    ['a,"b"', '"a,""b"""'],
    [null, ''],
    [true, '1'],
    ['a\nb', 'a b'],
  ])('writes %j as %j', (value, field) => {
    expect(csvField(value)).toBe(field)
  })

  it('never lets a text begin like a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const field = csvField(text).replace(/^"/, '')
        if (!/^[+-]?\d+(\.\d+)?$/.test(field)) expect(field).not.toMatch(/^[=+\-@＝＋－＠\t\r]/)
      }),
    )
  })
})

describe('csvLines', () => {
  it('is the fields with commas between, however the row is looked at', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[ab1 ,"=-]{0,6}$/),
      fc.integer(),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (row) => {
        expect(csvLines(row.length)(row)).toBe(row.map(csvField).join(','))
      }),
      { numRuns: 500 },
    )
  })
})

describe('terminalWidth', () => {
  it('is what COLUMNS says, and 80 where that makes no sense', () => {
    expect(terminalWidth({ COLUMNS: '120' })).toBe(120)
    expect(terminalWidth({ COLUMNS: '2' })).not.toBe(2)
  })
})

describe('renderPairs', () => {
  it('puts the values into one column', () => {
    expect(
      renderPairs([
        ['a', 1],
        ['long', null],
      ]),
    ).toBe('a     1\nlong  \n')
  })
})
