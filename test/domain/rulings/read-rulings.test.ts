import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRulings } from '../../../src/domain/rulings/read-rulings.ts'

const horses = [
  'Hollow Tree',
  'Fernbank',
  "Tui's Echo",
  'Gift',
  'Star',
  'C C Arden',
  'Joyride(AUS)',
]
const read = (text: string) => {
  const { rulings, unclear } = readRulings(text, { number: 3, names: horses.map((one) => [one]) })
  return {
    rulings: rulings.map(({ starter, kind, from, to, behind }) =>
      [
        horses[starter],
        kind,
        ...(from === null ? [] : [`from ${from}`]),
        ...(to === null ? [] : [`to ${to}`]),
        ...(behind === null ? [] : [`behind ${horses[behind]}`]),
      ].join(' '),
    ),
    unclear,
  }
}

describe('a sentence that says plainly what was decided', () => {
  it.each([
    ['HOLLOW TREE relegated to 2nd placing.', 'Hollow Tree relegated to 2'],
    [
      'HOLLOW TREE (T Person) was relegated from 2nd to 3rd placing for causing interference to FERNBANK.',
      'Hollow Tree relegated from 2 to 3',
    ],
    [
      'The Adjudicative Committee upheld the protest by FERNBANK and relegated HOLLOW TREE from 1st to 2nd.',
      'Hollow Tree relegated from 1 to 2',
    ],
    ['Hollow Tree was relegated from second to third.', 'Hollow Tree relegated from 2 to 3'],
    ['HOLLOW TREE RELEGATED FROM 2ND TO 4TH PLACING', 'Hollow Tree relegated from 2 to 4'],
    ['HOLLOW TREE was relegated behind FERNBANK.', 'Hollow Tree relegated behind Fernbank'],
    [
      'The Adjudicative Committee upheld the protest and HOLLOW TREE was relegated from 2nd to 3rd.',
      'Hollow Tree relegated from 2 to 3',
    ],
    [
      'Subsequently the protest by FERNBANK was upheld and HOLLOW TREE relegated to 3rd placing.',
      'Hollow Tree relegated to 3',
    ],
    ['As a result GIFT was relegated from 4th to 6th.', 'Gift relegated from 4 to 6'],
    ['Relegation: No. 1 HOLLOW TREE from 2nd to 3rd.', 'Hollow Tree relegated from 2 to 3'],
    [
      'Following an enquiry into an incident near the 400m, FERNBANK was relegated from 3rd to 5th.',
      'Fernbank relegated from 3 to 5',
    ],
    ['HOLLOW TREE was disqualified from 2nd and placed 5th.', 'Hollow Tree relegated from 2 to 5'],
    ['HOLLOW TREE was disqualified from 2nd placing.', 'Hollow Tree disqualified from 2'],
    ['JOYRIDE (AUS) was disqualifed for galloping over the line.', 'Joyride(AUS) disqualified'],
    [
      'Decision of the Adjudicative Committee: JOYRIDE(AUS) disqualified.',
      'Joyride(AUS) disqualified',
    ],
    [
      'TUI\u2019S ECHO was a late scratching on veterinary advice at 5.40pm.',
      "Tui's Echo scratched",
    ],
    ['TUIS ECHO late scratching, veterinary advice.', "Tui's Echo scratched"],
    ['Late scratching: No. 3 C C ARDEN (vet).', 'C C Arden scratched'],
    ['Stewards ordered the late scratching of GIFT after it was found lame.', 'Gift scratched'],
    ['GIFT was scratched at the request of the trainer at 5.10pm.', 'Gift scratched'],
    ['STAR was disqualified from its 2nd placing by the Committee.', 'Star disqualified from 2'],
    ['GIFT was scratched from Race 3 on veterinary advice.', 'Gift scratched'],
    // A horse in brackets is somebody's else.
    ['Late scratchings: GIFT (replaced by FERNBANK).', 'Gift scratched'],
    ['FERNBANK (trained with HOLLOW TREE) was disqualified.', 'Fernbank disqualified'],
    ['No 3 GIFT scratched at 3.15pm.', 'Gift scratched'],
    ['3 GIFT - late scratching.', 'Gift scratched'],
    ['(3) GIFT was scratched at 3.15pm.', 'Gift scratched'],
    ['At the request of the trainer, GIFT was scratched.', 'Gift scratched'],
    ['GIFT was demoted from 2nd to 4th for causing interference.', 'Gift relegated from 2 to 4'],
    [
      'The Raceday Adjudicative Committee relegated GIFT from 2nd to 3rd.',
      'Gift relegated from 2 to 3',
    ],
    ['In Race 3 stewards relegated GIFT from 2nd to 3rd.', 'Gift relegated from 2 to 3'],
    [
      'After viewing the films the Panel relegated GIFT from 2nd to 3rd.',
      'Gift relegated from 2 to 3',
    ],
  ])('is a ruling: %s', (sentence, ruling) => {
    expect(read(sentence)).toEqual({ rulings: [ruling], unclear: [] })
  })

  it('may name several, tell a time and a reason', () => {
    const names = horses.map((one) => [one])
    const { rulings } = readRulings(
      'HOLLOW TREE and FERNBANK were scratched at 6.12 pm as they were not on course.\nGIFT and STAR were late scratchings at 17:05 due to a float accident.',
      { number: 3, names },
    )
    expect(rulings).toMatchObject([
      { starter: 3, time: '17:05', reason: 'due to a float accident' },
      { starter: 4, time: '17:05', text: expect.stringMatching(/^GIFT and STAR/) },
    ])
  })

  it('counts once when it is said twice, and not at all when it is said in two ways', () => {
    const said = 'GIFT was relegated from 2nd to 3rd. '
    expect(read(said + said).rulings).toHaveLength(1)
    const other = 'GIFT was relegated from 2nd to 4th.'
    expect(read(`${said}${other} ${said}`)).toEqual({
      rulings: [],
      unclear: [said.trim(), other],
    })
  })
})

describe('a sentence that says that there was no ruling', () => {
  it.each([
    'There were no grounds to relegate HOLLOW TREE.',
    'The protest was dismissed and HOLLOW TREE was not relegated.',
    'The request to relegate HOLLOW TREE was declined.',
    'HOLLOW TREE was inspected and was not scratched.',
    'Stewards considered relegating HOLLOW TREE.',
    'Stewards considered whether to disqualify HOLLOW TREE.',
    'If HOLLOW TREE had broken it would have been disqualified.',
    'A driver was reminded that a horse may be disqualified.',
    'HOLLOW TREE was relegated at its last start.',
    'HOLLOW TREE broke in the straight. The protest of FERNBANK was withdrawn.',
    'The protest against HOLLOW TREE being relegated was dismissed.',
    'Relegation of HOLLOW TREE was not warranted.',
    'Late scratchings: Nil.',
    'Disqualifications - none',
  ])('is none, and no issue: %s', (sentence) => {
    expect(read(sentence)).toEqual({ rulings: [], unclear: [] })
  })
})

describe('a sentence that is not understood to its end', () => {
  it.each([
    // Another horse, race or day; two horses that might be meant; nobody.
    'LUCKY STAR was relegated to 3rd.',
    'THE GIFT was scratched on veterinary advice.',
    'FERNBANK which interfered with HOLLOW TREE was relegated to 4th placing.',
    'FERNBANK, hampering HOLLOW TREE, was relegated to 4th placing.',
    'GONE TODAY, which crossed HOLLOW TREE was relegated to 4th.',
    'HOLLOW TREE was scratched from Race 4 on veterinary advice.',
    'HOLLOW TREE was scratched from Addington on Friday.',
    'HOLLOW TREE was relegated from 2nd to 3rd on 4 March.',
    'It was subsequently scratched.',
    'Driver J Person was disqualified for six months.',
    // Denied is something else than the ruling.
    'HOLLOW TREE was disqualified as it had not been correctly gaited.',
    'HOLLOW TREE was relegated as the appeal was dismissed.',
    'As HOLLOW TREE was not sound it was scratched.',
    'HOLLOW TREE would not go into line so was scratched at the start.',
    'HOLLOW TREE which could not be hooked up was scratched.',
    'At the request of the trainer HOLLOW TREE was scratched.',
    'No 3 HOLLOW TREE scratched 3.15pm vets certificate',
    // Told of somebody else's words, another time, a driver, or a place in the running.
    'The trainer was unhappy that stewards relegated HOLLOW TREE from 2nd to 3rd.',
    'In March stewards relegated HOLLOW TREE from 2nd to 3rd.',
    'HOLLOW TREE (J Person) disqualified for careless driving.',
    'HOLLOW TREE was relegated to fourth after FERNBANK crossed to lead.',
    'HOLLOW TREE was placed last for causing interference.',
    'HOLLOW TREE was disqualified (decision under review).',
    // Half a ruling, or more than one.
    'HOLLOW TREE was disqualified for six months.',
    'HOLLOW TREE was relegated.',
    'HOLLOW TREE and GIFT were disqualified from 2nd placing.',
    'HOLLOW TREE was relegated from 3rd to 2nd.',
    'HOLLOW TREE was relegated from 3rd to 3rd.',
    'HOLLOW TREE was relegated to last.',
    'HOLLOW TREE was relegated from 2nd to 3rd and FERNBANK was disqualified.',
    'HOLLOW TREE, not troubled in running, was relegated from 2nd to 3rd.',
    'HOLLOW TREE was relegated from 2nd to 3rd, subject to an appeal.',
    'HOLLOW TREE was disqualified by the Committee, but keeps its placing.',
    'The horse inside HOLLOW TREE was relegated from 2nd to 3rd.',
    'After the one that beat HOLLOW TREE was relegated from 2nd to 3rd.',
    'The protest by HOLLOW TREE was upheld and the winner was relegated from 1st to 2nd.',
    'Was HOLLOW TREE relegated from 2nd to 3rd?',
    'HOLLOW TREE was disqualified for galloping?',
    'HOLLOW TREE was disqualified after GIFT was scratched.',
    `HOLLOW TREE was relegated from 2nd to 3rd for ${'crossing and '.repeat(60)}more.`,
  ])('is no fact but an issue: %s', (sentence) => {
    const { rulings, unclear } = read(sentence)
    expect(rulings).toEqual([])
    expect(unclear).toHaveLength(1)
  })

  it('is taken back by a later sentence', () => {
    const sentence = 'HOLLOW TREE was relegated from 2nd to 3rd.'
    for (const later of [' The decision was overturned on appeal.', '\nThis was set aside.'])
      expect(read(sentence + later)).toEqual({ rulings: [], unclear: [sentence] })
  })

  it('is none where its only word of a ruling is a name', () => {
    const race = { number: 3, names: [['Disqualified Dan'], ['Not Now']] }
    expect(readRulings('DISQUALIFIED DAN broke early.', race)).toEqual({
      rulings: [],
      unclear: [],
    })
    const told = readRulings('DISQUALIFIED DAN was relegated behind NOT NOW.', race)
    expect(told.rulings).toMatchObject([{ starter: 0, kind: 'relegated', behind: 1 }])
  })

  it('gives a reason in brackets whole, and a rule with its brackets', () => {
    const reason = (text: string) =>
      readRulings(text, { number: 3, names: [['Gift']] }).rulings[0]?.reason
    expect(reason('GIFT was scratched (vet).')).toBe('vet')
    expect(reason('GIFT was disqualified under Rule 1004D(2).')).toBe('under rule 1004d(2)')
  })

  it('names nobody where two starters of the race bear the name', () => {
    const twins = { number: 3, names: [['Gift'], ['GIFT (NZ)']] }
    const sentence = 'GIFT was disqualified.'
    expect(readRulings(sentence, twins)).toEqual({ rulings: [], unclear: [sentence] })
  })

  it('is none where the word is not written as a name', () => {
    const race = { number: 3, names: [['Runner']] }
    expect(readRulings('Stewards disqualified runner for galloping.', race).rulings).toEqual([])
    expect(readRulings('Stewards disqualified RUNNER for galloping.', race).rulings).toHaveLength(1)
  })

  it('is of the horse whose whole name it has', () => {
    const race = { number: 3, names: [['Gift'], ['Gift Of Life']] }
    const { rulings } = readRulings('Gift of Life was disqualified.', race)
    expect(rulings).toMatchObject([{ starter: 1 }])
  })

  it('knows a horse by each name that a source has for it', () => {
    const names = [['New Name', 'Old Name']]
    expect(readRulings('OLD NAME was disqualified.', { number: 1, names }).rulings).toHaveLength(1)
  })
})

describe('any words', () => {
  const words = fc.constantFrom(
    ...'HOLLOW TREE FERNBANK GIFT STAR was were relegated scratched disqualified from to 2nd 3rd and , . ( ) not if race 4 behind late scratching : stewards committee the for on veterinary advice placing at 5.40pm < > <0> ; - \n'.split(
      ' ',
    ),
  )

  it('name only horses of the race, quote a sentence of the text, and never crash', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (list) => {
        const text = list.join(' ')
        const { rulings, unclear } = readRulings(text, {
          number: 3,
          names: horses.map((one) => [one]),
        })
        for (const ruling of rulings) {
          expect(horses[ruling.starter]).toBeDefined()
          expect(text.replace(/\s+/g, ' ')).toContain(ruling.text)
        }
        for (const sentence of unclear) expect(text.replace(/\s+/g, ' ')).toContain(sentence)
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(
          readRulings(`${text} scratched ${text}`, { number: 1, names: [[text]] }),
        ).toBeDefined()
      }),
    )
  })

  it('are read in time that grows with their length', () => {
    const horrors = [
      '<',
      'a ',
      'HOLLOW TREE (',
      'HOLLOW TREE and ',
      'stewards and ',
      'no ',
      '. ',
      '1',
    ]
    for (const part of horrors) {
      const text = `${part.repeat(8000 / part.length)} scratched relegated`
      expect(readRulings(text, { number: 3, names: horses.map((one) => [one]) }).rulings).toEqual(
        [],
      )
    }
  })
})
