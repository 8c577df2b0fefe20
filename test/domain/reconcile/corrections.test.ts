import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  camelCase,
  columnName,
  correctableFields,
  correctionsOf,
  type CorrectionLevel,
  parseCorrection,
} from '../../../src/domain/reconcile/corrections.ts'
import { matchCard } from '../../../src/domain/reconcile/matched-card.ts'
import { resolveCard } from '../../../src/domain/reconcile/resolve-card.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'

describe('a value that is set by hand', () => {
  it.each([
    ['starter', 'finish_position', ' 3 ', 3],
    ['starter', 'finish_position', 'null', null],
    ['starter', 'scratched', 'yes', true],
    ['starter', 'foaled_on', '2021-10-04', '2021-10-04'],
    ['race', 'gait', 'trot', 'trot'],
    ['race', 'start_time', '2026-03-06T18:12:00+13:00', '2026-03-06T05:12:00.000Z'],
    ['meeting', 'venue', 'Gore Raceway', 'Gore Raceway'],
  ] as const)('%s %s %j is %j', (level, field, typed, value) => {
    expect(parseCorrection(level, field, typed)).toEqual({ value })
  })

  it.each([
    ['race', 'gait', 'gallop', /one of pace, trot/],
    ['race', 'distance_m', '-2', /whole number/],
    ['race', 'start_time', '2026-03-06', /an instant/],
    ['starter', 'foaled_on', '2021-02-30', /a date/],
    ['meeting', 'venue', 'null', /cannot be empty/],
    ['meeting', 'constructor', 'x', /no field constructor/],
    ['meeting', 'id', '4', /no field id/],
  ] as const)('%s %s %j is refused', (level, field, typed, problem) => {
    expect(parseCorrection(level, field, typed)).toEqual({
      problem: expect.stringMatching(problem) as unknown,
    })
  })

  it('of anything typed is a value or a problem', () => {
    const levels = Object.keys(correctableFields) as CorrectionLevel[]
    fc.assert(
      fc.property(fc.constantFrom(...levels), fc.nat(30), fc.string(), (level, at, typed) => {
        const fields = Object.keys(correctableFields[level])
        const parsed = parseCorrection(level, fields[at % fields.length]!, typed)
        expect('value' in parsed).not.toBe('problem' in parsed)
      }),
    )
  })

  it('goes to the column that it names, whatever the letters', () => {
    for (const fields of Object.values(correctableFields)) {
      for (const field of Object.keys(fields)) expect(columnName(camelCase(field))).toBe(field)
    }
  })

  it('shows in every resolved field that may be set', () => {
    const card = matchCard([
      aMeetingSaid('tab_api', 'm', {
        races: [
          aRaceSaid({
            key: 'tab:event:r',
            number: 1,
            starters: startersSaid('tab_api', 'r', ['Rata']),
          }),
        ],
      }),
    ])
    const keys = { meeting: 'tab:meeting:m', race: 'tab:event:r', starter: 'tab:entrant:r-0' }
    for (const [level, fields] of Object.entries(correctableFields)) {
      for (const field of Object.keys(fields)) {
        const corrections = correctionsOf([
          {
            id: 1,
            kind: 'correction',
            a: keys[level as CorrectionLevel],
            b: field,
            verdict: 'set',
            reason: null,
            actor: 'me',
            createdAt: '',
            evidence: '{"value":"by hand"}',
            retractedAt: null,
          },
        ])
        expect(JSON.stringify(resolveCard(card, false, corrections)), field).toContain('by hand')
      }
    }
  })

  it('that scratches a starter takes its placing', () => {
    const starters = startersSaid('tab_api', 'r', ['Rata']).map((starter) => ({
      ...starter,
      finishPosition: 1,
    }))
    const card = matchCard([
      aMeetingSaid('tab_api', 'm', {
        races: [aRaceSaid({ key: 'tab:event:r', number: 1, starters })],
      }),
    ])
    const corrections = new Map([['tab:entrant:r-0', { scratched: true }]])
    const [race] = resolveCard(card, false, corrections).races
    expect(race!.starters[0]).toMatchObject({
      fields: { scratched: true, finishPosition: null },
      evidence: { phase: 'scratched' },
    })
  })
})
