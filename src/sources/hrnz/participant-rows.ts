import { hasClass, walk, type PageElement } from './page-tree.ts'

/** A row of the participants table: its cells by what they are labelled. */
export interface ParticipantRow {
  readonly element: PageElement
  readonly cells: Readonly<Record<Column, PageElement | undefined>>
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
const columns = new Map<string, Column>(
  Object.entries({
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
  } as const),
)
/** As the site is known to write them: a look-up instead of taking letters out. */
const exactLabels = new Map<string, Column>(
  Object.entries({
    Placing: 'placing',
    Book: 'book',
    Horse: 'horse',
    HCP: 'draw',
    Stakes: 'stakes',
    Fav: 'fav',
    Time: 'time',
    Margin: 'margin',
    Driver: 'driver',
    Trainer: 'trainer',
  } as const),
)
const mostOthers = 20

type SideBlock = 'after' | 'stewards' | 'placed'

/** Blocks of a race that are no part of the participants table, though they carry labels too. */
function sideBlock(element: PageElement): SideBlock | undefined {
  const names = element.attribs['class']
  if (names === undefined) return undefined
  if (names.includes('placed-horses')) return 'placed'
  if (names.includes('after-race')) return 'after'
  return /(?:^|[\s_-])stewards?(?:$|[\s_-])/i.test(names) ? 'stewards' : undefined
}
export const isSideBlock = (element: PageElement): boolean => sideBlock(element) !== undefined

/** What a race's container holds besides its header. */
export interface RaceParts {
  readonly rows: readonly ParticipantRow[]
  readonly after: readonly PageElement[]
  readonly stewards: readonly PageElement[]
  readonly placed: readonly PageElement[]
}
const mostBlocks = 10

/**
 * One walk over a race. Rows are found by the labels of their cells alone: the nearest `tr` around a
 * labelled cell, or the element that holds the cells where the page is built without tables.
 */
export function raceParts(race: PageElement): RaceParts {
  const rows = new Map<PageElement, Row>()
  const blocks = {
    after: [] as PageElement[],
    stewards: [] as PageElement[],
    placed: [] as PageElement[],
  }
  let row: Row | undefined
  let at = 0
  const labels: Label[] = []
  walk(race, (element) => {
    const kind = sideBlock(element)
    if (kind !== undefined) {
      if (blocks[kind].length < mostBlocks) blocks[kind].push(element)
      return false
    }
    const label = element.attribs['data-label']
    if (label === undefined) return true
    const holder = rowAround(element, race)
    // Cells of one row follow one another.
    if (row?.element !== holder) {
      row = rows.get(holder)
      at = 0
    }
    if (row === undefined) {
      row = { element: holder, cells: noCells(), others: noOthers }
      rows.set(holder, row)
    }
    // The cells of each row bear the labels of the row before, one by one.
    let known = labels[at]
    if (known?.text !== label) {
      known = { text: label, column: columnOf(label) }
      labels[at] = known
    }
    at++
    const { column } = known
    // The first of two equal labels counts: a doubled cell must not replace what was read.
    if (column === undefined) {
      const own = label.trim().slice(0, 40)
      if (row.others === noOthers) row.others = new Map()
      if (!row.others.has(own) && row.others.size < mostOthers) row.others.set(own, element)
    } else row.cells[column] ??= element
    // Cells do not hold cells.
    return false
  })
  return { rows: [...rows.values()].filter(isOfHorse), ...blocks }
}

interface Label {
  readonly text: string
  readonly column: Column | undefined
}
interface Row {
  readonly element: PageElement
  readonly cells: Record<Column, PageElement | undefined>
  others: Map<string, PageElement>
}
const noOthers: Row['others'] = new Map()
const noCells = (): Row['cells'] => ({
  placing: undefined,
  book: undefined,
  horse: undefined,
  draw: undefined,
  stakes: undefined,
  fav: undefined,
  time: undefined,
  margin: undefined,
  driver: undefined,
  trainer: undefined,
})
const isOfHorse = ({ cells }: Row): boolean =>
  cells.horse !== undefined ||
  (cells.placing !== undefined &&
    Object.values(cells).filter((cell) => cell !== undefined).length > 1)

function columnOf(label: string): Column | undefined {
  const letters = label.length > 40 ? label.slice(0, 40) : label
  return exactLabels.get(letters) ?? columns.get(letters.toLowerCase().replace(/[^a-z]/g, ''))
}

function rowAround(cell: PageElement, race: PageElement): PageElement {
  let parent = cell.parent
  for (let up = 0; up < 4 && parent !== null && parent !== race; up++) {
    if (parent.name === 'tr' || hasClass(parent, 'hrnz-participant')) return parent
    parent = parent.parent
  }
  return cell.parent ?? race
}
