import { expect, it } from 'vitest'
import { withFieldsCells } from '../../../src/sources/hrnz/fields-cells.ts'
import { IssueList } from '../../../src/sources/hrnz/issue-list.ts'

function read(more: Readonly<Record<string, string>>) {
  const issues = new IssueList()
  const { sex, more: kept } = withFieldsCells({ key: 'k', horseName: 'Kea', more }, 'R1', issues)
  return { sex, more: kept, issues: issues.all().map(({ code, excerpt }) => [code, excerpt]) }
}

it.each([
  [{ Sex: 'g' }, 'G', undefined],
  [{ Sex: 'Mare' }, 'Mare', undefined],
  [{ Sex: '4G' }, 'G', { age: '4' }],
  [{ Sex: '3yo f', Age: '4' }, 'F', { age: '4' }],
  [{ Frm: '1x2' }, undefined, { form: '1x2' }],
  [{ Form: '1x2', Frm: '1' }, undefined, { form: '1x2' }],
  [{ Rating: '52' }, undefined, { Rating: '52' }],
])('%j says a sex that is known, and the form and age under one name', (cells, sex, more) => {
  expect(read(cells)).toEqual({ sex, more, issues: [] })
})

it.each(['X', 'B G', '4', '?'])('a sex of %j is kept as it stands, and is an issue', (Sex) => {
  expect(read({ Sex })).toEqual({
    sex: undefined,
    more: { Sex },
    issues: [['unknown-sex', Sex]],
  })
})
