import { hasClass, walk, type PageElement } from './page-tree.ts'

/** A row of the participants table: its cells by what they are labelled. */
export interface ParticipantRow {
  readonly element: PageElement
  readonly cells: ReadonlyMap<Column, PageElement>
  /** Cells under labels that are not known, by their own label. */
  readonly others: ReadonlyMap<string, PageElement>
}

export type Column =
  | 'placing'
  | 'book'
  | 'horse'
  | 'draw'
  | 'stakes'
  | 'fav'
  | 'time'
  | 'margin'
  | 'driver'
  | 'trainer'

/** Labels in letters only, since `HCP/Draw` and `Hcp Draw` are one. */
const columns: Readonly<Record<string, Column>> = {
  placing: 'placing',
  place: 'placing',
  plc: 'placing',
  book: 'book',
  bookno: 'book',
  horse: 'horse',
  name: 'horse',
  hcp: 'draw',
  hcpdraw: 'draw',
  handicap: 'draw',
  draw: 'draw',
  barrier: 'draw',
  stakes: 'stakes',
  stake: 'stakes',
  fav: 'fav',
  favourite: 'fav',
  time: 'time',
  margin: 'margin',
  margins: 'margin',
  driver: 'driver',
  trainer: 'trainer',
}
const mostOthers = 20

/** Blocks of a race that are no part of the participants table, though they carry labels too. */
export const isSideBlock = (element: PageElement): boolean => {
  const names = element.attribs['class'] ?? ''
  return (
    names !== '' &&
    (names.includes('after-race') ||
      names.includes('placed-horses') ||
      /(?:^|[\s_-])stewards?(?:$|[\s_-])/i.test(names))
  )
}

/**
 * Rows are found by the labels of their cells alone: the nearest `tr` around a labelled cell, or the
 * element that holds the cells where the page is built without tables.
 */
export function participantRows(race: PageElement): ParticipantRow[] {
  const rows = new Map<
    PageElement,
    { cells: Map<Column, PageElement>; others: Map<string, PageElement> }
  >()
  walk(race, (element) => {
    if (isSideBlock(element)) return false
    const label = element.attribs['data-label']
    if (label === undefined) return true
    const holder = rowAround(element, race)
    const row = rows.get(holder) ?? { cells: new Map(), others: new Map() }
    rows.set(holder, row)
    const column =
      columns[
        label
          .toLowerCase()
          .replace(/[^a-z]/g, '')
          .slice(0, 20)
      ]
    // The first of two equal labels counts: a doubled cell must not replace what was read.
    if (column === undefined) {
      const own = label.trim().slice(0, 40)
      if (!row.others.has(own) && row.others.size < mostOthers) row.others.set(own, element)
    } else if (!row.cells.has(column)) row.cells.set(column, element)
    // Cells do not hold cells.
    return false
  })
  return [...rows]
    .filter(([, { cells }]) => cells.has('horse') || (cells.has('placing') && cells.size > 1))
    .map(([element, { cells, others }]) => ({ element, cells, others }))
}

function rowAround(cell: PageElement, race: PageElement): PageElement {
  let parent = cell.parent
  for (let up = 0; up < 4 && parent !== null && parent !== race && 'attribs' in parent; up++) {
    if (parent.name === 'tr' || hasClass(parent, 'hrnz-participant')) return parent
    parent = parent.parent
  }
  const direct = cell.parent
  return direct !== null && 'attribs' in direct ? direct : race
}
