import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expositionText } from '../../../src/domain/metrics/exposition.ts'
import { parseExposition } from '../../support/parse-exposition.ts'

describe('the metrics as text', () => {
  it('are what a strict reader of the format expects', () => {
    const text = expositionText([
      {
        name: 'harness_pages',
        help: 'Pages, by "state" and C:\\.',
        samples: [
          { labels: { source: 'tab_api', state: 'due' }, value: 3 },
          { labels: { source: 'hrnz_scraper', state: 'due' }, value: 0.5 },
        ],
      },
      { name: 'harness_none', help: 'Nothing.', samples: [] },
      { name: 'harness_size_bytes', help: 'Size.', samples: [{ labels: {}, value: 9e9 }] },
    ])
    expect(text).toBe(`# HELP harness_pages Pages, by "state" and C:\\\\.
# TYPE harness_pages gauge
harness_pages{source="tab_api",state="due"} 3
harness_pages{source="hrnz_scraper",state="due"} 0.5
# HELP harness_size_bytes Size.
# TYPE harness_size_bytes gauge
harness_size_bytes 9000000000
`)
  })

  it('give any text and any number back, however hostile', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a"b', '\\', '\\"', '\\n', 'x\ny{z="1"} 2\n# EOF', '\0', '\ud800', '}', ','),
    )
    const readable = (text: string) => Buffer.from(text).toString().replaceAll('\0', '')
    fc.assert(
      fc.property(
        fc.uniqueArray(hostile, { maxLength: 5, selector: readable }),
        hostile,
        fc.double(),
        (labels, help, value) => {
          const samples = labels.map((label) => ({ labels: { label, other: 'x' }, value }))
          const text = expositionText([{ name: 'harness_x', help, samples }])
          expect(Buffer.from(text).toString()).toBe(text)
          expect(parseExposition(text)).toEqual(
            samples.map((sample) => ({
              name: 'harness_x',
              labels: { label: readable(sample.labels.label), other: 'x' },
              value: Object.is(value, -0) ? 0 : value,
            })),
          )
        },
      ),
    )
  })

  it.each([
    'x 1',
    '# HELP x y\n# TYPE x gauge\nx 1 1700000000',
    '# HELP x y\n# TYPE x gauge\nx{a="b",a="c"} 1\n',
    '# HELP x y\n# TYPE x gauge\nx{a="\\t"} 1\n',
    '# HELP x y\n# TYPE x gauge\nx 1\nx 1\n',
    'x 1\n',
  ])('the reader of these tests refuses %j', (text) => {
    expect(() => parseExposition(text)).toThrow()
  })
})
