import { describe, expect, it } from 'vitest'
import { Cluster } from '../../../src/domain/horses/cluster.ts'
import { checkHorses } from '../../../src/domain/horses/check-horses.ts'
import { isPlainlyOne } from '../../../src/domain/horses/plainly-one.ts'
import { possibleRenames } from '../../../src/domain/horses/possible-renames.ts'
import { spelledApart } from '../../../src/domain/horses/spelled-apart.ts'
import { isOneSlip, searchNames } from '../../../src/domain/horses/search-names.ts'
import { describeHorse } from '../../../src/domain/horses/describe-horse.ts'
import type { HorseRow } from '../../../src/domain/masters.ts'
import { aStart } from '../../support/starters.ts'

const aHorse = (said: Partial<HorseRow> & { id: number }): HorseRow => ({
  name: `Horse ${said.id}`,
  normalizedName: `horse ${said.id}`,
  sire: 'Art Minor',
  dam: 'Kowhai Girl',
  damSire: null,
  sex: null,
  colour: null,
  country: null,
  foaledOn: '2019-10-05',
  firstSeen: `202${said.id}-01-01`,
  lastSeen: `202${said.id}-06-01`,
  raceCount: 3,
  tally: null,
  ...said,
})

describe('possible renames', () => {
  const pairs = (...horses: HorseRow[]) =>
    possibleRenames(horses).map(({ before, after }) => [before.id, after.id])

  it('asks about two names of one dam and foal year whose careers follow each other', () => {
    expect(pairs(aHorse({ id: 2 }), aHorse({ id: 1 }))).toEqual([[1, 2]])
  })

  it('does not ask where anything contradicts, or the careers overlap', () => {
    const first = aHorse({ id: 1 })
    for (const other of [
      { firstSeen: '2021-05-01' },
      { dam: 'Kowhai Lass' },
      { foaledOn: '2020-10-05' },
      { foaledOn: '2019-11-20' },
      { sire: 'Art Major' },
      { normalizedName: 'horse 1' },
    ])
      expect(pairs(first, aHorse({ id: 2, ...other })), JSON.stringify(other)).toEqual([])
    expect(pairs({ ...first, sex: 'G' }, aHorse({ id: 2, sex: 'M' }))).toEqual([])
  })
})

describe('names that differ in their spaces', () => {
  const named = (...names: string[]) =>
    names.map((nameKey, index) => ({ horseId: index + 1, nameKey }))

  it('are pairs to ask about, and names spaced alike are not', () => {
    expect(spelledApart(named('mac gregor', 'macgregor', 'mac gregor', 'mac', ''))).toEqual([
      [1, 2],
      [2, 3],
    ])
    const [one, other] = named('mac gregor', 'macgregor')
    const both = [one!, { ...other!, horseId: one!.horseId }]
    expect(spelledApart(both)).toEqual([])
    expect(spelledApart([...both, other!])).toEqual([])
  })
})

describe('a name alone', () => {
  const identified = (...dates: string[]) =>
    Cluster.of(dates.map((date, id) => aStart({ id, date, ids: { 'tab_horse:nz': '1' } })))
  const bare = (...dates: string[]) =>
    Cluster.of(dates.map((date, index) => aStart({ id: 50 + index, date })))

  it('is not asked about while the identified horse of that name is racing', () => {
    expect(isPlainlyOne(identified('2026-01-01', '2026-06-01'), bare('2026-03-01'))).toBe(true)
    expect(isPlainlyOne(identified('2026-01-01'), bare('2026-06-01', '2026-11-01'))).toBe(true)
  })

  it('is asked about when it comes back after more than half a year, or nothing vouches for it', () => {
    expect(isPlainlyOne(identified('2026-01-01'), bare('2026-09-01'))).toBe(false)
    expect(isPlainlyOne(bare('2026-01-01'), bare('2026-02-01'))).toBe(false)
    const trotter = Cluster.of([aStart({ id: 60, date: '2026-02-01', gait: null })])
    expect(isPlainlyOne(identified('2026-01-01'), trotter)).toBe(false)
  })
})

describe('searching names', () => {
  const names = ['star galleria', 'star gallery', 'artie storm', 'macron otara'].map(
    (nameKey, horseId) => ({ horseId, nameKey }),
  )
  const found = (words: string) => searchNames(words, names).map(({ horseId }) => horseId)

  it('puts the name itself first, then beginnings, parts and slips', () => {
    expect(found('star galleria')).toEqual([0])
    expect(found('star gall')).toEqual([0, 1])
    expect(found('otara')).toEqual([3])
    expect(found('stargalleria')).toEqual([0])
    expect(found('star galeria')).toEqual([0])
    expect(found('atrie storm')).toEqual([2])
    expect(found('')).toEqual([])
  })

  it('takes one slip and no more', () => {
    expect(isOneSlip('kowhai', 'kowhia')).toBe(true)
    expect(isOneSlip('kowhai', 'kowhaii')).toBe(true)
    expect(isOneSlip('kowhai', 'owhai')).toBe(true)
    expect(isOneSlip('kowhai', 'kawhai')).toBe(true)
    expect(isOneSlip('kowhai', 'kawhia')).toBe(false)
    expect(isOneSlip('kowhai', 'kowhai')).toBe(false)
  })

  it('tells horses of one name apart in words', () => {
    const horse = aHorse({ id: 1, name: 'Star Galleria', colour: 'Bay', sex: 'Gelding' })
    expect(describeHorse(horse)).toBe('Star Galleria (2019 b g, Art Minor – Kowhai Girl)')
    expect(describeHorse({ ...horse, foaledOn: null, colour: null, sex: null, sire: null })).toBe(
      'Star Galleria (? – Kowhai Girl)',
    )
  })
})

describe('the check of derived figures', () => {
  const links = [1, 2].map((id) => ({
    ...aStart({ id, date: `2026-0${id}-01` }),
    horseId: 7,
    rule: 'new' as const,
    decidedBy: 'rule' as const,
  }))
  const right = { firstSeen: '2026-01-01', lastSeen: '2026-02-01', raceCount: 2 }

  it('finds nothing where count and dates are those of the starts', () => {
    expect(checkHorses([aHorse({ id: 7, ...right })], links)).toEqual([])
  })

  it('rings for each figure that is not, and for a horse without starts', () => {
    const faults = checkHorses(
      [aHorse({ id: 7, ...right, raceCount: 3, lastSeen: null }), aHorse({ id: 8 })],
      links,
    )
    expect(faults.map(({ horseId, field }) => `${horseId} ${field}`)).toEqual([
      '7 race_count',
      '7 last_seen',
      '8 starts',
    ])
  })
})
