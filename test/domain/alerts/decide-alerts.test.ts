import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterTelling,
  type Alert,
  type AlertChange,
  decideAlerts,
  type Sighting,
  untold,
} from '../../../src/domain/alerts/decide-alerts.ts'

const rules = new Set(['slow', 'refused', 'silent'])
const at = (look: number): string => new Date(look * 3_600_000).toISOString()

type Seen = 'clear' | 'between' | 'warn' | 'error' | 'gone'

function sighting(rule: string, subject: string, seen: Seen): Sighting[] {
  if (seen === 'gone') return []
  const level = seen === 'clear' || seen === 'between' ? 'ok' : seen
  return [{ rule, subject, level, isClear: seen === 'clear', value: `${subject} is ${seen}` }]
}

/** Looks at one thing of one rule after the other; `told`: whether each look's notice arrives. */
function looks(seen: readonly Seen[], told: (look: number) => boolean = () => true, rule = 'slow') {
  let alerts: Alert[] = []
  const notices: (readonly AlertChange[])[] = []
  const kinds: string[] = []
  for (const [look, one] of seen.entries()) {
    alerts = decideAlerts(alerts, { rules, sightings: sighting(rule, 'h', one) }, at(look))
    const changes = untold(alerts)
    if (changes.length === 0 || !told(look)) continue
    alerts = afterTelling(alerts, changes, at(look))
    notices.push(changes)
    kinds.push(...changes.map(({ kind }) => kind))
  }
  return { alerts, notices, kinds }
}

describe('an alert', () => {
  it('opens at the first bad look, is told once, and recovers after two clear ones', () => {
    expect(looks(['clear', 'warn', 'warn', 'clear']).kinds).toEqual(['opened'])
    const { kinds, alerts } = looks(['warn', 'clear', 'clear', 'clear'])
    expect(kinds).toEqual(['opened', 'recovered'])
    expect(alerts).toEqual([
      {
        rule: 'slow',
        subject: 'h',
        state: 'ok',
        openedAt: at(0),
        recoveredAt: at(2),
        value: 'h is warn',
        clearLooks: 0,
        told: 'ok',
        toldAt: at(2),
      },
    ])
  })

  it('does not flap when a figure wavers about its limit', () => {
    expect(looks(['warn', 'clear', 'warn', 'clear', 'warn', 'clear']).kinds).toEqual(['opened'])
    expect(looks(['warn', 'between', 'between', 'clear', 'between', 'clear']).kinds).toEqual([
      'opened',
    ])
    expect(looks(['between', 'between']).kinds).toEqual([])
  })

  it('can only get worse while it is open', () => {
    expect(looks(['warn', 'error', 'warn', 'error', 'gone', 'gone']).kinds).toEqual([
      'opened',
      'worse',
      'recovered',
    ])
  })

  it('of something that happened is over when it is over', () => {
    expect(looks(['error', 'gone'], undefined, 'refused').kinds).toEqual(['opened', 'recovered'])
    expect(looks(['warn', 'clear'], () => true, 'silent').kinds).toEqual(['opened', 'recovered'])
  })

  it('is told at the next look when the notice did not arrive', () => {
    const { notices } = looks(['warn', 'warn', 'warn'], (look) => look === 2)
    expect(notices).toHaveLength(1)
    expect(notices[0]![0]).toMatchObject({ kind: 'opened', alert: { openedAt: at(0) } })
  })

  it('that came and went unheard is told as such, once', () => {
    const seen: Seen[] = ['error', 'clear', 'clear', 'clear', 'clear']
    const { kinds } = looks(seen, (look) => look > 2)
    expect(kinds).toEqual(['passed'])
  })

  it('of a rule that was not looked at stays as it is', () => {
    const [open] = looks(['warn']).alerts
    const other = { rules: new Set(['refused']), sightings: [] }
    expect(decideAlerts([open!], other, at(9))).toEqual([open])
    const elsewhere = { rules: new Set(['refused']), sightings: sighting('slow', 'x', 'error') }
    expect(decideAlerts([], elsewhere, at(9))).toEqual([])
  })
})

describe('over any sequence of looks', () => {
  const seen = fc.constantFrom<Seen>('clear', 'between', 'warn', 'error', 'gone')
  const look = fc.record({
    slow: seen,
    refused: seen,
    other: seen,
    told: fc.boolean(),
  })
  const grammar = /^(?:(?:opened (?:worse )?recovered )|(?:passed ))*(?:opened (?:worse )?)?$/

  /** Plays the looks, then as many clear ones as end everything, all notices arriving. */
  function play(
    sequence: readonly { [k in 'slow' | 'refused' | 'other']: Seen }[],
    told: boolean[],
  ) {
    let alerts: Alert[] = []
    const heard = new Map<string, string[]>()
    const notices: string[] = []
    let waiting: readonly AlertChange[] = []
    for (const [index, now] of sequence.entries()) {
      const sightings = [
        ...sighting('slow', 'a', now.slow),
        ...sighting('refused', 'a', now.refused),
        ...sighting('slow', 'b', now.other),
      ]
      alerts = decideAlerts(alerts, { rules, sightings }, at(index))
      const changes = untold(alerts)
      // What was not told and still stands so is told again, with the same words.
      for (const { kind, alert } of waiting) {
        const same = alerts.find(
          ({ rule, subject }) => rule === alert.rule && subject === alert.subject,
        )
        if (same?.state !== alert.state || same.openedAt !== alert.openedAt) continue
        expect(
          changes.map((change) => [change.kind, change.alert.rule, change.alert.subject]),
        ).toContainEqual([kind, alert.rule, alert.subject])
      }
      waiting = told[index] === true ? [] : changes
      if (changes.length === 0 || told[index] !== true) continue
      alerts = afterTelling(alerts, changes, at(index))
      expect(untold(alerts)).toEqual([])
      notices.push(JSON.stringify(changes))
      for (const { kind, alert } of changes) {
        const key = `${alert.rule} ${alert.subject}`
        heard.set(key, [...(heard.get(key) ?? []), kind])
      }
    }
    return { alerts, heard, notices }
  }

  it('each opening that is told is followed by one recovery, and no notice comes twice in a row', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 40 }), (some) => {
        const calm = { slow: 'clear', refused: 'clear', other: 'gone', told: true } as const
        const all = [...some, calm, calm, calm]
        const { alerts, heard, notices } = play(
          all,
          all.map(({ told }) => told),
        )
        for (const kinds of heard.values()) {
          expect(kinds.map((kind) => `${kind} `).join('')).toMatch(grammar)
          const count = (kind: string) => kinds.filter((one) => one === kind).length
          expect(count('opened')).toBe(count('recovered'))
        }
        expect(alerts.every(({ state, told }) => state === 'ok' && told === 'ok')).toBe(true)
        expect(notices.filter((notice, index) => notice === notices[index - 1])).toEqual([])
      }),
    )
  })

  it('the owner knows how things stand after each notice that arrives', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 40 }), (some) => {
        const { alerts, heard } = play(
          some,
          some.map((_, index) => index === some.length - 1),
        )
        for (const alert of alerts) {
          const kinds = heard.get(`${alert.rule} ${alert.subject}`)
          expect(kinds).toEqual([alert.state === 'ok' ? 'passed' : 'opened'])
        }
      }),
    )
  })
})
