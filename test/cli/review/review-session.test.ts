import { PassThrough } from 'node:stream'
import { Chalk } from 'chalk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differingCharacters } from '../../../src/cli/review/differing-characters.ts'
import { type ReviewQuestion, renderReview } from '../../../src/cli/review/review-screen.ts'
import {
  review,
  type ReviewAnswer,
  type ReviewDesk,
} from '../../../src/cli/review/review-session.ts'
import { InterruptedError } from '../../../src/errors.ts'

const plain = new Chalk({ level: 0 })

function aQuestion(said: Partial<ReviewQuestion> = {}): ReviewQuestion {
  return {
    title: 'possible-duplicate · 12 starts',
    question: 'Totara Dream fits more than one horse of that name. Which one is it?',
    left: {
      heading: '#12 Totara Dream',
      fields: [
        { label: 'name', value: 'Totara Dream' },
        { label: 'sire', value: 'Art Minor' },
        { label: 'dam', value: '' },
      ],
      events: [
        { date: '2026-01-04', text: 'Kowhai Park R1 2nd' },
        { date: '2026-03-01', text: 'Kowhai Park R4 1st' },
      ],
    },
    right: {
      heading: '#15 Totara Dreams',
      fields: [
        { label: 'name', value: 'Totara Dreams' },
        { label: 'sire', value: 'Art Minor' },
        { label: 'dam', value: 'Kowhai Girl' },
      ],
      events: [{ date: '2026-02-01', text: 'Rimu Downs R2 5th' }],
    },
    evidence: ['The names differ by one letter.'],
    why: ['A name alone decides nothing.'],
    candidates: ['#19 Totara Dreamer'],
    pages: ['https://pages.invalid/one'],
    alike: 3,
    remember: null,
    ...said,
  }
}

/** Runs a session on real streams with these keys pressed ahead. */
async function session(keys: string, questions: readonly (ReviewQuestion | null)[]) {
  const input = new PassThrough()
  const output = new PassThrough()
  const answers: [number, ReviewAnswer][] = []
  const takenBack: number[] = []
  let screens = ''
  output.on('data', (chunk) => (screens += String(chunk)))
  input.end(keys)
  const desk: ReviewDesk<number> = {
    items: [...questions.keys()],
    show: async (item) => questions[item] ?? null,
    answer: async (item, answer) => {
      answers.push([item, answer])
      return `answered ${item}`
    },
    takeBack: async (item) => void takenBack.push(item),
  }
  const ended = await review(
    desk,
    { input, output, width: 80 },
    new AbortController().signal,
  ).finally(() => output.end())
  return { ...ended, answers, takenBack, screens }
}
const plainAnswer = (verdict: ReviewAnswer['verdict']): ReviewAnswer => ({
  verdict,
  all: false,
  remember: false,
})

describe('the review screen', () => {
  const view = {
    position: '1 of 2',
    panel: 'none' as const,
    all: false,
    remember: false,
    note: '',
    width: 80,
    rows: 60,
  }

  it('shows both sides, marks the differing characters, and needs no colour for it', () => {
    const lines = renderReview(aQuestion(), view, plain).split('\n')
    const name = lines.findIndex((line) => line.startsWith('name'))
    expect(lines[name]).toMatch(/^name +≠ Totara Dream +Totara Dreams$/)
    expect(lines[name + 1]?.trim()).toBe('^')
    expect(lines[name + 1]?.indexOf('^')).toBe(lines[name]!.length - 1)
    expect(lines.find((line) => line.startsWith('sire'))).toContain('Art Minor')
    expect(lines.find((line) => line.startsWith('sire'))).not.toContain('≠')
    expect(lines.find((line) => line.startsWith('dam'))).toContain('–')
  })

  it('asks again at the foot when the terminal is too low to show the question above', () => {
    const asked = (rows: number) =>
      renderReview(aQuestion(), { ...view, rows }, plain)
        .split('\n')
        .filter((line) => line === aQuestion().question)
    expect(asked(60)).toHaveLength(1)
    expect(asked(12)).toHaveLength(2)
  })

  it('puts the starts of both on one line of time', () => {
    const text = renderReview(aQuestion(), view, plain)
    const [left, right] = ['left   ', 'right  '].map((head) =>
      text
        .split('\n')
        .find((line) => line.startsWith(head))!
        .slice(7),
    )
    expect([...left!].flatMap((cell, at) => (cell === '●' ? [at] : []))).toEqual([0, 72])
    const [between] = [...right!].flatMap((cell, at) => (cell === '●' ? [at] : []))
    expect(between).toBeGreaterThan(30)
    expect(between).toBeLessThan(42)
  })

  it('keeps within the width, whatever it is told, and passes no escape sequence on', () => {
    const text = fc.oneof(fc.string({ maxLength: 300 }), fc.constant('\u001b[2Jx\u0007'))
    const field = fc.record({ label: fc.constant('name'), value: text })
    fc.assert(
      fc.property(text, field, field, fc.integer({ min: 40, max: 120 }), (words, a, b, width) => {
        const question = aQuestion({
          question: words,
          evidence: [words],
          left: { heading: words, fields: [a], events: [{ date: '2026-01-01', text: words }] },
          right: { heading: words, fields: [b], events: [{ date: words, text: words }] },
        })
        const shown = renderReview(question, { ...view, width, panel: 'why' }, plain)
        expect(Math.max(...shown.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(
          width,
        )
        expect(shown).not.toContain('\u001b')
      }),
    )
  })

  it('finds the characters that differ', () => {
    const { a, b } = differingCharacters('Dequinto', 'Lequinto')
    expect([...a]).toEqual([0])
    expect([...b]).toEqual([0])
  })
})

describe('a review session', () => {
  it('asks one question after the other and ends after the last', async () => {
    const { answers, answered, left } = await session('yn', [aQuestion(), aQuestion()])
    expect(answers).toEqual([
      [0, plainAnswer('same')],
      [1, plainAnswer('different')],
    ])
    expect({ answered, left }).toEqual({ answered: 2, left: 0 })
  })

  it('goes on where the input ends or q is pressed, keeping what was answered', async () => {
    expect(await session('uq', [aQuestion(), aQuestion()])).toMatchObject({ answered: 1, left: 1 })
    expect(await session('s', [aQuestion(), aQuestion()])).toMatchObject({ answered: 1, left: 1 })
  })

  it('goes back as far as wanted and takes back what is answered anew', async () => {
    const three = [aQuestion(), aQuestion(), aQuestion()]
    const { answers, takenBack } = await session('yyppnuq', three)
    expect(takenBack).toEqual([1, 0])
    expect(answers.slice(2)).toEqual([
      [0, plainAnswer('different')],
      [1, plainAnswer('unsure')],
    ])
  })

  it('answers all with the same evidence, the count said first', async () => {
    const { answers, screens } = await session('ay', [aQuestion()])
    expect(screens).toContain('For all 3 with the same evidence')
    expect(answers).toEqual([[0, { verdict: 'same', all: true, remember: false }]])
  })

  it('remembers only where there is something to remember', async () => {
    const keep = aQuestion({ remember: 'the name of the place' })
    expect((await session('ry', [keep])).answers[0]?.[1].remember).toBe(true)
    expect((await session('ry', [aQuestion()])).answers[0]?.[1].remember).toBe(false)
  })

  it('explains, lists candidates and pages, and helps', async () => {
    const { screens } = await session('emo?q', [aQuestion()])
    for (const words of [
      'A name alone',
      '#19 Totara Dreamer',
      'https://pages.invalid/one',
      'snooze:',
    ])
      expect(screens).toContain(words)
  })

  it('passes over what an earlier answer has settled', async () => {
    expect((await session('y', [null, aQuestion()])).answers).toEqual([[1, plainAnswer('same')]])
  })

  it('takes arrow keys for no answer, and Ctrl-C for an interruption', async () => {
    expect((await session('\u001b[Aq', [aQuestion()])).answers).toEqual([])
    await expect(session('\u0003', [aQuestion()])).rejects.toThrow(InterruptedError)
  })
})
