import { megabytes } from '../megabytes.ts'
import type { QualityChange, WeekDigest } from './week-digest.ts'

/** More would not fit on a screen, or on a telephone. */
const mostChanges = 6
const mostAlerts = 4
const longestLine = 64

/** A week on one screen: name and what there is to say of it. */
export function digestPairs(digest: WeekDigest): [name: string, text: string][] {
  const { sources, corrections, answers, questions, quality, alerts, size } = digest
  return [
    ['week', `${digest.from} to ${digest.to}`],
    ...sources.map(({ source, read, failed, created, updated }): [string, string] => [
      source,
      `${read} pages read${failed === 0 ? '' : `, ${failed} failed`}; rows: ${created} new, ${updated} changed`,
    ]),
    ...(sources.length === 0 ? [['sources', 'nothing was read'] as [string, string]] : []),
    ['decisions', `${corrections} corrections, ${answers} answers to questions`],
    [
      'questions',
      questions.now === null ? 'not counted' : `${questions.now} open${more(questions)}`,
    ],
    ...listed('quality', quality.map(changeText), unchanged(digest.size), mostChanges),
    [
      'alerts',
      `${alerts.open.length} open; ${alerts.opened} opened, ${alerts.recovered} ended in the week`,
    ],
    ...listed('', alerts.open, undefined, mostAlerts),
    ['size', size.now === null ? 'not measured' : `${megabytes(size.now)}${more(size, megabytes)}`],
  ]
}

/** The same as a notice. */
export function digestNotice(digest: WeekDigest): { title: string; message: string } {
  const [, ...pairs] = digestPairs(digest)
  return {
    title: `harness: the week to ${digest.to}`,
    message: pairs
      .map(([name, text]) => (name === '' ? `- ${text}` : `${name}: ${text}`))
      .join('\n'),
  }
}

function unchanged({ now, before }: WeekDigest['size']): string {
  if (now === null) return 'not measured: nightly does that'
  return before === null ? 'not measured a week before' : 'as a week before'
}

function listed(
  name: string,
  texts: readonly string[],
  none: string | undefined,
  most: number,
): [string, string][] {
  const shown = texts.slice(0, most)
  if (texts.length > most) shown.push(`and ${texts.length - most} more`)
  if (shown.length === 0 && none !== undefined) shown.push(none)
  return shown.map((text, index) => [index === 0 ? name : '', short(text)])
}

function changeText({ rule, before, now }: QualityChange): string {
  const count = `${before.numerator} → ${now.numerator}`
  const of = now.denominator === null ? '' : ` of ${now.denominator}`
  const status = before.status === now.status ? '' : `, ${before.status} → ${now.status}`
  return `${rule}: ${count}${of}${status}`
}

function more(
  { now, before }: WeekDigest['size'],
  text: (difference: number) => string = String,
): string {
  if (now === null || before === null) return ''
  if (now === before) return ', as a week before'
  return `, ${text(Math.abs(now - before))} ${now > before ? 'more' : 'less'} than a week before`
}

function short(text: string): string {
  const line = text.replaceAll('\n', ' ')
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`
}
