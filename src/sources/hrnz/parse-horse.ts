import type { ParsedHorse } from '../../app/ports.ts'
import type { HorseFacts } from '../../domain/horses/horse-facts.ts'
import { countryMark, isNoName } from '../../domain/names.ts'
import type { HorseIdentifier } from '../../domain/observation.ts'
import { LayoutChangedError } from '../../errors.ts'
import { dateIn, horseId } from './cell-values.ts'
import { linkOnHost } from './hrnz-urls.ts'
import { IssueList } from './issue-list.ts'
import { pageText } from './page-text.ts'
import { hasClass, pageTree, textOf, walk, type PageElement, type PageTree } from './page-tree.ts'

interface HorsePage {
  readonly url: string
  readonly contentType: string | null
}

/** HRNZ's page of one horse: who it is. Its starts are not taken, the results pages have them. */
export function parseHorsePage(html: Uint8Array, page: HorsePage): ParsedHorse {
  const tree = pageTree(pageText(html, page.contentType))
  const heading = headingOf(tree)
  const asked = horseId(page.url)
  if (heading === undefined || asked === undefined)
    throw new LayoutChangedError('this is no page of one horse', { code: 'not-a-horse-page' })
  const { block, title } = heading
  const shown = idIn(title)
  if (shown?.scheme === asked.scheme && shown.value !== asked.value)
    throw new LayoutChangedError(`the page is of horse ${shown.value}, not of ${asked.value}`, {
      code: 'wrong-horse',
    })
  const issues = new IssueList()
  const name = textOf(title, 120)
  const details = detailsOf(block)
  const foaled = details.get('foal date') ?? ''
  const foaledOn = dateIn(foaled) ?? null
  if (foaledOn === null)
    issues.add(
      'unknown-foal-date',
      'horse',
      'the foaling date is missing or in an unknown form',
      foaled,
    )
  const line = textOf(elementsBelow(block, ({ name: tag }) => tag === 'h5')[0], 200)
  const { sex, colour } = sexAndColour(line)
  if (sex === null) issues.add('unknown-sex', 'horse', 'the line of age and sex names none', line)
  const parents = parentsOf(tree)
  const pedigreeUrl = parents === null ? pedigreeLink(tree, page.url) : null
  if (parents === null && pedigreeUrl === null)
    issues.add('no-pedigree', 'horse', 'neither a pedigree nor a link to one', name)
  const facts: HorseFacts = {
    name,
    ...(parents ?? { sire: null, dam: null, damSire: null }),
    sex,
    colour,
    country: countryMark(name) ?? null,
    foaledOn,
    ids: { ...(shown && { [shown.scheme]: shown.value }), [asked.scheme]: asked.value },
  }
  return { facts, issues: issues.all(), pedigreeUrl }
}

/** The parents on a page that has a pedigree and nothing else that is read. */
export function parsePedigreePage(
  html: Uint8Array,
  page: HorsePage,
): Pick<HorseFacts, 'sire' | 'dam' | 'damSire'> | null {
  return parentsOf(pageTree(pageText(html, page.contentType)))
}

/** The horse that a page is of, with its id where the page links it; undefined for any other page. */
export function horseOnPage(
  tree: PageTree,
): { readonly id: HorseIdentifier | undefined } | undefined {
  const heading = headingOf(tree)
  return heading && { id: idIn(heading.title) }
}

const idIn = (title: PageElement): HorseIdentifier | undefined =>
  linksBelow(title).flatMap((link) => horseId(link.attribs['href']) ?? [])[0]

/** A list of horses that were found has an `h1` as well, but one that names no horse. */
function headingOf(tree: PageTree): { block: PageElement; title: PageElement } | undefined {
  const blocks = elementsBelow(tree.root, (element) => hasClass(element, 'hrnz-block--padding'))
  for (const block of blocks) {
    const title = elementsBelow(block, ({ name }) => name === 'h1')[0]
    if (title === undefined || isNoName(textOf(title, 120))) continue
    if (idIn(title) !== undefined || detailsOf(block).has('foal date')) return { block, title }
  }
  return undefined
}

/** `dt` and `dd` in turn, by their label in lower case. */
function detailsOf(block: PageElement): Map<string, string> {
  const details = new Map<string, string>()
  let label = ''
  walk(block, (element) => {
    if (element.name === 'dt') label = textOf(element, 60).toLowerCase().replace(/:$/, '').trim()
    if (element.name === 'dd' && !details.has(label)) details.set(label, textOf(element, 200))
  })
  return details
}

const sexes = /\b(?:colt|filly|gelding|mare|stallion|horse|rig|ridgling)\b/i

/** `4 year old Bay Gelding`: without the age and the sex it is the colour. */
function sexAndColour(line: string): { sex: string | null; colour: string | null } {
  const sex = sexes.exec(line)?.[0].toLowerCase() ?? null
  const colour = line
    .replace(sexes, ' ')
    .replace(/\b\d{1,2}\s?-?\s?(?:yo|y\.o\.|years?(?:[\s-]old)?)(?![a-z])/gi, ' ')
    .replace(/[,;:|/]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return { sex, colour: /^[a-z][a-z -]{1,30}$/i.test(colour) ? colour : null }
}

/** Four generations, each ancestor before its own sire and dam: 2 + 4 + 8 + 16. */
const ancestors = 30

/** Sire first, then all behind him, then the dam, whose own sire follows her. */
export function parentsOf(tree: PageTree): Pick<HorseFacts, 'sire' | 'dam' | 'damSire'> | null {
  const cells = elementsBelow(
    tree.root,
    ({ name, parent }) =>
      name === 'span' && parent !== null && hasClass(parent, 'hrnz-pedigree__entry'),
  )
  // Another number of cells is another order, and the wrong parents are worse than none.
  if (cells.length !== ancestors) return null
  const nameIn = (cell: PageElement | undefined): string | null => {
    if (cell === undefined) return null
    const name = textOf(linksBelow(cell)[0] ?? cell, 120)
    return isNoName(name) ? null : name
  }
  const parents = { sire: nameIn(cells[0]), dam: nameIn(cells[15]), damSire: nameIn(cells[16]) }
  return parents.sire === null && parents.dam === null ? null : parents
}

function pedigreeLink(tree: PageTree, url: string): string | null {
  for (const { attribs } of tree.links) {
    const href = attribs['href'] ?? ''
    if (!/horsepedigree/i.test(href)) continue
    const link = linkOnHost(href, url, new URL(url).host)
    if (link !== undefined) return link
  }
  return null
}

function linksBelow(element: PageElement): PageElement[] {
  return elementsBelow(element, ({ name }) => name === 'a')
}

function elementsBelow(
  element: PageElement,
  wanted: (element: PageElement) => boolean,
): PageElement[] {
  const found: PageElement[] = []
  walk(element, (below) => {
    if (wanted(below)) found.push(below)
  })
  return found
}
