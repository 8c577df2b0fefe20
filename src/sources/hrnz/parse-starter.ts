import { countryMark, nameKey } from '../../domain/names.ts'
import type { StarterObservation } from '../../domain/observation.ts'
import {
  cents,
  draw,
  horseId,
  isLeftOut,
  isPlaceholder,
  person,
  placing,
  timeMs,
} from './cell-values.ts'
import type { IssueList } from './issue-list.ts'
import { hasClass, textOf, walk, type PageElement } from './page-tree.ts'
import type { Column, ParticipantRow } from './participant-rows.ts'

const cellMost = 160
type Building = { -readonly [K in keyof StarterObservation]: StarterObservation[K] }

/** One row. Undefined when it names no horse: then there is nobody to keep it for. */
export function parseStarter(
  row: ParticipantRow,
  /** What the keys of the race's starters begin with. */
  keyPrefix: string,
  subject: string,
  issues: IssueList,
): StarterObservation | undefined {
  const text = (column: Column): string => {
    const whole = textOf(row.cells[column], cellMost + 1)
    if (whole.length > cellMost) issues.add('text-cut', subject, `${column} is cut`, whole)
    return whole.length > cellMost ? whole.slice(0, cellMost) : whole
  }
  const horseName = text('horse')
  const name = nameKey(horseName)
  if (name === '') {
    const excerpt = textOf(row.element, 200)
    issues.add('row-without-horse', subject, 'a row names no horse and is left out', excerpt)
    return undefined
  }
  const odd = (code: string, message: string, excerpt: string): void =>
    issues.add(code, `${subject} ${horseName}`, message, excerpt)
  const more: Record<string, string> = {}
  const starter: Building = { key: keyPrefix + name, horseName }

  const book = text('book')
  if (/^\d{1,2}$/.test(book) && Number(book) > 0) starter.number = Number(book)
  else if (book !== '') {
    more['Book'] = book
    odd('unknown-book-number', 'a book number that is no number', book)
  }

  // Fields pages link the horse in the cell of its rating.
  const identifier = horseIdOf(row.cells.horse) ?? horseIdOf(row.others.get('Rating'))
  if (identifier !== undefined) starter.identifiers = [identifier]
  const country = countryMark(horseName)
  if (country !== undefined) starter.country = country

  const placingText = text('placing')
  if (placingText !== '') {
    const read = placing(placingText)
    starter.finishRaw = placingText
    starter.scratched = read.scratched
    if (read.position !== undefined) starter.finishPosition = read.position
    if (!read.known) odd('unknown-placing', 'unknown placing, kept as text', placingText)
  }

  if (row.cells.placing === undefined && isScratched(row.cells.horse)) starter.scratched = true

  const drawText = text('draw')
  const drawn = draw(drawText)
  if (drawn === undefined) {
    more['HCP'] = drawText
    odd('unknown-draw', 'neither a handicap nor a barrier; kept as text', drawText)
  } else Object.assign(starter, drawn)

  const stakes = text('stakes')
  const earned = cents(stakes)
  if (earned !== undefined) starter.stakeCents = earned
  else if (!isPlaceholder(stakes)) {
    more['Stakes'] = stakes
    odd('unknown-stake', 'a stake that is no amount; kept as text', stakes)
  }

  const fav = text('fav')
  if (!isPlaceholder(fav)) {
    starter.favouriteRanks = fav
    if (!/^\d{1,2}(?:\s?\/\s?\d{1,2})?$/.test(fav))
      odd('unknown-favourite', 'ranks in an unknown form; kept as text', fav)
  }

  const time = text('time')
  const ms = timeMs(time)
  if (ms !== undefined) starter.timeMs = ms
  else if (!isPlaceholder(time)) {
    more['Time'] = time
    odd('unknown-time', 'a time in an unknown form; kept as text', time)
  }

  const margin = text('margin')
  if (!isLeftOut(margin)) starter.marginRaw = margin

  const driver = text('driver')
  if (!isLeftOut(driver)) {
    const { name: driverName, mark } = person(driver)
    starter.driver = driverName
    if (mark !== undefined) starter.driverMark = mark
  }
  const trainer = text('trainer')
  if (!isLeftOut(trainer)) {
    const { name: trainerName, mark } = person(trainer)
    starter.trainer = trainerName
    if (mark !== undefined) more['Trainer mark'] = mark
  }

  for (const [label, cell] of row.others) {
    const value = textOf(cell, cellMost)
    if (value === '') continue
    more[label] = value
  }
  if (Object.keys(more).length > 0) starter.more = more
  return starter
}

/** Before the races nothing but the lettering tells that a horse has been taken out. */
function isScratched(cell: PageElement | undefined): boolean {
  let found = false
  if (cell === undefined) return found
  walk(cell, (element) => {
    found ||= hasClass(element, 'scratchedFont')
  })
  return found
}

/** The first link of the cell that names a horse; a cell may link a video too. */
function horseIdOf(cell: PageElement | undefined): ReturnType<typeof horseId> {
  let found: ReturnType<typeof horseId>
  if (cell === undefined) return found
  found = horseId(cell.attribs['href'])
  walk(cell, (element) => {
    found ??= element.name === 'a' ? horseId(element.attribs['href']) : undefined
  })
  return found
}
