import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvField } from '../../../src/cli/text/render.ts'
import { safeLine } from '../../../src/cli/text/safe-text.ts'
import { openRowFile } from '../../../src/sources/files/row-file.ts'
import { scratchFolder } from '../../support/run-cli.ts'

const file = join(scratchFolder(), 'names.csv')

it('reads back what our own CSV wrote, whatever it begins with', async () => {
  const text = fc.oneof(
    fc.stringMatching(/^'{0,2}[-=+@＝]?[a"';,1]{0,4}$/),
    fc.string({ unit: 'binary' }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (names) => {
      writeFileSync(
        file,
        ['name,end', ...names.map((name) => `${csvField(name)},x`), ''].join('\n'),
      )
      const read: unknown[] = []
      for await (const { row } of (await openRowFile(file, 'csv')).rows())
        read.push((row as Record<string, string>)['name'])
      // A field is one line that a terminal shows; half of a pair of surrogates is no letter.
      expect(read).toEqual(names.map((name) => Buffer.from(safeLine(name)).toString()))
    }),
    { numRuns: 40 },
  )
})
