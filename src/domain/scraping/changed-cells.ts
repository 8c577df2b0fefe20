import type { MeetingObservation, RaceObservation, StarterObservation } from '../observation.ts'

/** One cell of a page that says another thing than before; null where it says or said nothing. */
export interface CellChange {
  /** `meeting`, `R3`, `R3 Joyride`. */
  readonly subject: string
  /** Name of the observation's field, `row` for a whole row that came or went. */
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}

const notCells = new Set(['key', 'races', 'starters', 'source', 'kind', 'hrnzUrl'])

/** What differs between two readings of one meeting, cell by cell. */
export function changedCells(
  before: MeetingObservation,
  after: MeetingObservation,
): readonly CellChange[] {
  const changes = fieldsOf('meeting', before, after)
  const races = pairs(before.races, after.races, ({ number }) => String(number))
  for (const [number, [was, is]] of races) {
    const subject = `R${number}`
    if (was === undefined || is === undefined) changes.push(whole(subject, was, is))
    else changes.push(...fieldsOf(subject, was, is), ...startersOf(subject, was, is))
  }
  return changes
}

function startersOf(race: string, before: RaceObservation, after: RaceObservation): CellChange[] {
  // The end of the key is the horse's name: the rest may have learned the club's number since.
  const nameOf = ({ key }: StarterObservation): string => key.slice(key.lastIndexOf('/') + 1)
  return [...pairs(before.starters, after.starters, nameOf).values()].flatMap(([was, is]) => {
    const subject = `${race} ${(is ?? was)?.horseName ?? ''}`
    return was === undefined || is === undefined
      ? [whole(subject, was, is)]
      : fieldsOf(subject, was, is)
  })
}

function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
): Map<string, [T | undefined, T | undefined]> {
  const all = new Map<string, [T | undefined, T | undefined]>()
  for (const one of before) all.set(keyOf(one), [one, undefined])
  for (const one of after) all.set(keyOf(one), [all.get(keyOf(one))?.[0], one])
  return all
}

const whole = (subject: string, before: unknown, after: unknown): CellChange => ({
  subject,
  field: 'row',
  before: before === undefined ? null : 'there',
  after: after === undefined ? null : 'there',
})

function fieldsOf(subject: string, before: object, after: object): CellChange[] {
  const was = new Map(Object.entries(before))
  const is = new Map(Object.entries(after))
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    if (notCells.has(field)) return []
    const change = { subject, field, before: textOf(was.get(field)), after: textOf(is.get(field)) }
    return change.before === change.after ? [] : [change]
  })
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `R3 Joyride: finishPosition 1 → nothing`. */
export const changeInWords = ({ subject, field, before, after }: CellChange): string =>
  `${subject}: ${field} ${short(before)} → ${short(after)}`

const short = (text: string | null): string =>
  text === null ? 'nothing' : text.length > 80 ? `${text.slice(0, 79)}…` : text
