import type { ChalkInstance } from 'chalk'
import { safeLine } from '../text/safe-text.ts'
import { wrap } from '../text/wrap.ts'
import { differingCharacters } from './differing-characters.ts'
import { timelineLines } from './review-timeline.ts'

/** One of the two that may be one: a horse, a meeting. */
export interface ReviewSide {
  readonly heading: string
  /** What is known of it; an empty value is unknown. Both sides list the same labels. */
  readonly fields: readonly {
    readonly label: string
    readonly value: string
    /** A figure that may differ without meaning anything: not marked. */
    readonly isPlain?: boolean
  }[]
  /** What happened when, for the timeline; the newest are shown in words as well. */
  readonly events: readonly { readonly date: string; readonly text: string }[]
}

/** A question as the screen shows it. Everything is shown as plain text, whatever it holds. */
export interface ReviewQuestion {
  /** Reason code and weight: `possible-duplicate · 12 starts`. */
  readonly title: string
  readonly question: string
  readonly left: ReviewSide
  readonly right: ReviewSide
  /** The evidence in words, one sentence a line. */
  readonly evidence: readonly string[]
  /** Longer explanation, behind `e`. */
  readonly why: readonly string[]
  /** Others that it might be, behind `m`. */
  readonly candidates: readonly string[]
  /** Addresses of the sources' pages, behind `o`. */
  readonly pages: readonly string[]
  /** How many open questions have the same evidence, this one included: for `a`. */
  readonly alike: number
  /** What `r` keeps besides the answer, in words; null where there is nothing to keep. */
  readonly remember: string | null
}

export type ReviewPanel = 'none' | 'why' | 'candidates' | 'pages' | 'help'

export interface ReviewView {
  /** `3 of 41` */
  readonly position: string
  readonly panel: ReviewPanel
  /** The next answer is for all with the same evidence. */
  readonly all: boolean
  /** The next answer is remembered. */
  readonly remember: boolean
  /** A line about the last key or answer. */
  readonly note: string
  readonly width: number
  /** Lines that the terminal shows at a time. */
  readonly rows: number
}

/** The whole screen as text. Differences are marked by `≠` and `^`, so that colour is not needed. */
export function renderReview(
  question: ReviewQuestion,
  view: ReviewView,
  colours: ChalkInstance,
): string {
  const width = Math.max(40, view.width)
  const asked = wrap(safeLine(question.question), width)
  const lines = [
    colours.bold(cut(safeLine(`Question ${view.position} · ${question.title}`), width)),
    colours.dim('─'.repeat(width)),
    ...asked,
    '',
    ...sideBySide(question.left, question.right, width, colours),
    '',
    ...timelineLines(question.left.events, question.right.events, width),
    ...question.evidence.flatMap((line) => wrap(`· ${safeLine(line)}`, width)),
    ...panelLines(question, view.panel).flatMap((line) => wrap(line, width)),
    '',
  ]
  const end = [
    ...(view.note === '' ? [] : wrap(safeLine(view.note), width).map((line) => colours.bold(line))),
    ...wrap(prompt(question, view), width),
  ]
  // What has scrolled away at the top is said again where the answer is given.
  const again =
    lines.length + end.length >= view.rows ? asked.map((line) => colours.bold(line)) : []
  return `${[...lines, ...again, ...end].map((line) => line.trimEnd()).join('\n')}\n`
}

function prompt(question: ReviewQuestion, view: ReviewView): string {
  const scope = view.all ? `For all ${question.alike} with the same evidence: ` : ''
  const kept = view.remember ? `(and ${question.remember}) ` : ''
  return `${scope}${kept}y same  n different  u unsure  s snooze  p previous  e why  ? more keys  q quit`
}

function panelLines(question: ReviewQuestion, panel: ReviewPanel): string[] {
  switch (panel) {
    case 'none':
      return []
    case 'why':
      return ['', 'Why this is asked:', ...orNone(question.why)]
    case 'candidates':
      return ['', 'Others that it might be:', ...orNone(question.candidates)]
    case 'pages':
      return ['', 'Pages of the sources:', ...orNone(question.pages)]
    case 'help':
      return [
        '',
        'y  they are one                 n  they are two',
        'u  unsure: not asked again      s  snooze: asked again in a week',
        'p  previous question            e  why this is asked',
        'm  more candidates              o  pages of the sources',
        `a  answer all with the same evidence (${question.alike})`,
        `r  remember: ${question.remember ?? 'nothing to keep here'}`,
        'q  quit; what was answered is kept, and the rest is asked next time',
      ]
  }
}

const orNone = (lines: readonly string[]): string[] =>
  lines.length === 0 ? ['  none'] : lines.map((line) => `  ${safeLine(line)}`)

const labelWidth = 12

function sideBySide(
  left: ReviewSide,
  right: ReviewSide,
  width: number,
  colours: ChalkInstance,
): string[] {
  const column = Math.floor((width - labelWidth - 4) / 2)
  const row = (label: string, mark: string, a: string, b: string): string =>
    `${cut(label, labelWidth).padEnd(labelWidth)}${mark} ${a.padEnd(column)}  ${b}`
  const lines = [
    row('', ' ', cut(safeLine(left.heading), column), cut(safeLine(right.heading), column)),
  ]
  for (const [index, { label, value, isPlain }] of left.fields.entries()) {
    const one = cut(safeLine(value), column)
    const two = cut(safeLine(right.fields[index]?.value ?? ''), column)
    if (one === '' && two === '') continue
    const shown = (text: string): string => (text === '' ? '–' : text)
    if (one === two || one === '' || two === '' || isPlain === true) {
      lines.push(row(label, ' ', shown(one), shown(two)))
      continue
    }
    const differing = differingCharacters(one, two)
    lines.push(
      colours.yellow(row(label, '≠', one, two)),
      colours.yellow(row('', ' ', marks(one, differing.a), marks(two, differing.b))),
    )
  }
  return lines
}

const marks = (text: string, differing: ReadonlySet<number>): string =>
  [...text].map((_, index) => (differing.has(index) ? '^' : ' ')).join('')

function cut(text: string, width: number): string {
  const letters = [...text]
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`
}
