import { UsageError } from '../../errors.ts'
import { coloursFor } from '../text/colour.ts'
import { canAsk } from './prompt.ts'
import { terminalWidth } from '../text/render.ts'
import { type KeyInput, ReviewKeys } from './review-keys.ts'
import { type ReviewPanel, type ReviewQuestion, renderReview } from './review-screen.ts'

export type ReviewVerdict = 'same' | 'different' | 'unsure' | 'snooze'
export interface ReviewAnswer {
  readonly verdict: ReviewVerdict
  /** For every open question with the same evidence. */
  readonly all: boolean
  /** Keep what the question offers to remember. */
  readonly remember: boolean
}

/** What a review is about: horses or meetings. `Item` is whatever identifies a question. */
export interface ReviewDesk<Item> {
  /** The open questions, most important first. */
  readonly items: readonly Item[]
  /** The question as it stands now; null when an earlier answer has settled it. */
  show(item: Item): Promise<ReviewQuestion | null>
  /** Puts the answer on record; tells in one line what it did. An error's message is shown instead. */
  answer(item: Item, answer: ReviewAnswer): Promise<string>
  /** Takes the answer of this session back, before the question is answered anew. */
  takeBack(item: Item): Promise<void>
}

/** A terminal, or streams that stand for one. */
export interface ReviewTerminal {
  readonly input: KeyInput
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly width: number
  /** Lines that it shows; as many as there are where nothing is said. */
  readonly rows?: number
}

/** The user's terminal; a usage error where there is none. */
export function reviewTerminal(hint: string): ReviewTerminal {
  if (!canAsk()) throw new UsageError('there is no terminal to ask at', hint)
  const { rows = Number.POSITIVE_INFINITY } = process.stderr
  return { input: process.stdin, output: process.stderr, width: terminalWidth(), rows }
}

/** Asks one question a screen until the last one or until the user quits. */
export async function review<Item>(
  desk: ReviewDesk<Item>,
  terminal: ReviewTerminal,
  signal: AbortSignal,
): Promise<{ readonly answered: number; readonly left: number }> {
  const keys = new ReviewKeys(terminal.input)
  const colours = coloursFor(terminal.output)
  const answered = new Set<Item>()
  let at = 0
  let note = ''
  let isBack = false
  try {
    while (at < desk.items.length) {
      const item = desk.items[at]!
      if (isBack && answered.has(item)) {
        // Gone back to: it can only be asked again as it was before its answer.
        await desk.takeBack(item)
        answered.delete(item)
        note = 'taken back; answer again'
      }
      isBack = false
      const question = await desk.show(item)
      if (question === null) {
        at++
        continue
      }
      const show = (panel: ReviewPanel, all: boolean, remember: boolean): void => {
        const view = {
          position: `${at + 1} of ${desk.items.length}`,
          panel,
          all,
          remember,
          note,
          width: terminal.width,
          rows: terminal.rows ?? Number.POSITIVE_INFINITY,
        }
        terminal.output.write(`${clear}${renderReview(question, view, colours)}`)
      }
      const pressed = await ask(keys, question, show, signal)
      note = ''
      if (pressed === 'quit') break
      if (pressed === 'previous') {
        if (at === 0) note = 'this is the first one'
        else at--
        isBack = true
        continue
      }
      try {
        note = await desk.answer(item, pressed)
        answered.add(item)
        at++
      } catch (error) {
        if (signal.aborted) throw error
        note = `not done: ${error instanceof Error ? error.message : String(error)}`
      }
    }
  } finally {
    keys.close()
  }
  if (note !== '') terminal.output.write(`${note}\n`)
  return { answered: answered.size, left: desk.items.length - at }
}

/** Escape sequences of our own: home, and clear what is below. */
const clear = '\u001b[H\u001b[2J'

const verdicts: Readonly<Record<string, ReviewVerdict>> = {
  y: 'same',
  n: 'different',
  u: 'unsure',
  s: 'snooze',
}
const panels: Readonly<Record<string, ReviewPanel>> = {
  e: 'why',
  m: 'candidates',
  o: 'pages',
  '?': 'help',
}

/** Shows a question until a key decides on it. Keys without a meaning change nothing. */
async function ask(
  keys: ReviewKeys,
  question: ReviewQuestion,
  show: (panel: ReviewPanel, all: boolean, remember: boolean) => void,
  signal: AbortSignal,
): Promise<ReviewAnswer | 'previous' | 'quit'> {
  let panel: ReviewPanel = 'none'
  let all = false
  let remember = false
  for (;;) {
    show(panel, all, remember)
    const key = await keys.next(signal)
    if (key === null || key === 'q' || key === '\u0004') return 'quit'
    if (key === 'p') return 'previous'
    const verdict = verdicts[key]
    if (verdict !== undefined) return { verdict, all, remember }
    const wanted = panels[key]
    if (wanted !== undefined) panel = panel === wanted ? 'none' : wanted
    if (key === 'a') all = !all
    if (key === 'r' && question.remember !== null) remember = !remember
  }
}
