import { nameKey } from '../../domain/names.ts'
import type { StarterObservation } from '../../domain/observation.ts'
import { horseId } from './cell-values.ts'
import type { IssueList } from './issue-list.ts'
import { textOf, walk, type PageElement } from './page-tree.ts'

/**
 * Adds sire and dam, which the page gives only for the placed horses, in a block of their own. An
 * entry is matched to its row by the horse's id, else by its name; never by its place in the block,
 * for after a dead heat or a disqualification the two orders differ.
 */
export function withPedigrees(
  starters: readonly StarterObservation[],
  blocks: readonly PageElement[],
  keyPrefix: string,
  subject: string,
  issues: IssueList,
): StarterObservation[] {
  const cells = blocks.flatMap(pedigreeCells).slice(0, 60)
  if (cells.length === 0) return [...starters]
  const result = [...starters]
  for (const pedigree of cells) {
    const [sire, dam] = linksIn(pedigree).map((link) => textOf(link, 120))
    if (!sire && !dam) {
      const excerpt = textOf(pedigree, 200)
      if (excerpt !== '')
        issues.add('unknown-pedigree', subject, 'a pedigree in an unknown form', excerpt)
      continue
    }
    const at = indexOfHorse(starters, keyPrefix, pedigree)
    const starter = result[at]
    if (starter === undefined) {
      issues.add('pedigree-unmatched', subject, 'a placed horse is in no row', `${sire} - ${dam}`)
      continue
    }
    result[at] = {
      ...starter,
      ...(sire ? { sire } : {}),
      ...(dam ? { dam } : {}),
    }
  }
  return result
}

function pedigreeCells(block: PageElement): PageElement[] {
  const cells: PageElement[] = []
  walk(block, (element) => {
    if (element.attribs['data-label']?.trim().toLowerCase() !== 'pedigree') return true
    cells.push(element)
    return false
  })
  return cells
}

function linksIn(element: PageElement): PageElement[] {
  const links: PageElement[] = []
  walk(element, (below) => {
    if (below.name === 'a') links.push(below)
  })
  return links
}

/** Looks around the pedigree, in ever wider surroundings, for a horse that has a row. */
function indexOfHorse(
  starters: readonly StarterObservation[],
  keyPrefix: string,
  pedigree: PageElement,
): number {
  let around = pedigree.parent
  for (let up = 0; up < 4 && around !== null && around.parent !== null; up++) {
    if (pedigreeCells(around).length > 1) return -1
    let found = -1
    walk(around, (element) => {
      if (element === pedigree || found >= 0) return false
      const id = element.name === 'a' ? horseId(element.attribs['href']) : undefined
      if (id !== undefined)
        found = starters.findIndex(({ identifiers }) =>
          identifiers?.some((own) => own.scheme === id.scheme && own.value === id.value),
        )
      if (found < 0 && namers.test(element.name)) {
        const key = nameKey(textOf(element, 160).replace(/^\d{1,2}[.:)\s]\s?/, ''))
        const own = keyPrefix + key
        if (key !== '') found = starters.findIndex((starter) => starter.key === own)
      }
      return true
    })
    if (found >= 0) return found
    around = around.parent
  }
  return -1
}

/** Elements that may hold the bare name of the horse. */
const namers = /^(?:a|span|h[1-6]|strong|b|div|dt|dd|td|p)$/
