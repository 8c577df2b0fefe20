import { LayoutChangedError } from '../../errors.ts'
import { TreeBuilder } from './tree-builder.ts'

/**
 * The tree is our own and holds only what the parsers look at: htmlparser2's has links between
 * siblings and an object for every text, and making them takes as long as tokenising.
 */
export interface PageElement {
  readonly name: string
  /** Those that are read, and no others. */
  readonly attribs: {
    readonly id?: string
    readonly class?: string
    readonly href?: string
    readonly 'data-label'?: string
  }
  /** Texts as they stand, entities decoded; one run of text may be several. */
  readonly children: PageNode[]
  readonly parent: PageElement | null
  /** Text of a block stands apart from what is around it; what is unread has none for a reader. */
  readonly flow: 'block' | 'inline' | 'unread'
}
export type PageNode = PageElement | string

export interface PageTree {
  readonly root: PageElement
  /** Elements that bear an id, in document order. */
  readonly identified: readonly PageElement[]
  readonly title: PageElement | undefined
  /** Links, in document order. */
  readonly links: readonly PageElement[]
}

export const isElement = (node: PageNode): node is PageElement => typeof node !== 'string'

/**
 * The HTML tree of a page that anybody may have written. Elements nested deeper than any real page
 * are taken out of the nesting, so that walks may recurse; a page that is far beyond (or has far too
 * many nodes) is refused before it costs memory or, ends being looked for, quadratic time.
 */
export function pageTree(html: string): PageTree {
  looks = 0
  return new TreeBuilder(html)
}

/**
 * Elements that were looked at since the last tree was made. Whatever the parsers do, links or blocks
 * by the thousand in one row or in each other have all that is around them read again for each: the
 * page that has them is refused instead. Parsing never waits, so one count serves all pages.
 */
let looks = 0
const mostLooks = 10_000_000

function look(): void {
  if (++looks <= mostLooks) return
  throw new LayoutChangedError('the page takes too long to read; it is no page of the site', {
    code: 'not-a-results-page',
  })
}

/** Everything below an element in document order, itself excluded; false skips what is below. */
export function walk(element: PageElement, visit: (element: PageElement) => boolean | void): void {
  for (const child of element.children) {
    if (!isElement(child)) continue
    look()
    if (visit(child) !== false) walk(child, visit)
  }
}

/** The text below an element as a reader sees it, single spaces, nbsp included; cut at `most`. */
export function textOf(element: PageElement | undefined, most: number): string {
  if (element === undefined) return ''
  // Twice as much: white space goes afterwards.
  const room = most * 2 + 200
  return cut(tidy(onlyText(element) ?? gathered(element, '', room), room), most)
}

/** Most cells hold one text, some in a link of its own: nothing needs to be put together then. */
function onlyText(element: PageElement): string | undefined {
  let inner = element
  for (;;) {
    if (inner.children.length !== 1 || inner.flow === 'unread') return undefined
    const child = inner.children[0]
    if (typeof child === 'string') return child
    if (child === undefined) return undefined
    inner = child
  }
}

const cut = (text: string, most: number): string =>
  text.length > most ? text.slice(0, most) : text

function gathered(element: PageElement, before: string, room: number): string {
  if (element.flow === 'unread') return before
  look()
  const isBlock = element.flow === 'block'
  let text = isBlock ? `${before} ` : before
  for (const child of element.children) {
    if (text.length >= room) return text
    text = isElement(child) ? gathered(child, text, room) : text + cut(child, room - text.length)
  }
  return isBlock ? `${text} ` : text
}

/** Visible lines below the nodes: one for each run of text between block elements. */
export function linesOf(
  nodes: readonly PageNode[],
  options: {
    readonly most: number
    readonly lineMost: number
    skip?(element: PageElement): boolean
  },
): { readonly text: string; readonly element: PageElement | null }[] {
  const lines: { text: string; element: PageElement | null }[] = []
  const room = options.lineMost * 2
  let run = ''
  const flush = (element: PageElement | null): void => {
    if (run === '') return
    const text = cut(tidy(run), options.lineMost)
    run = ''
    if (text !== '') lines.push({ text, element })
  }
  const visit = (node: PageNode, block: PageElement | null): void => {
    if (lines.length >= options.most) return
    if (!isElement(node)) {
      run += cut(node, room - run.length)
      return
    }
    look()
    if (node.flow === 'unread' || options.skip?.(node) === true) return
    const isBlock = node.flow === 'block'
    if (isBlock) flush(block)
    for (const child of node.children) visit(child, isBlock ? node : block)
    if (isBlock) flush(node)
  }
  for (const node of nodes) visit(node, null)
  flush(null)
  return lines.slice(0, options.most)
}

/** Nbsp and other white space to single spaces, control characters away, trimmed. */
export function tidy(text: string, most = Infinity): string {
  if (isTidy(text)) return text
  return cut(text, most)
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** ASCII with single spaces inside, as most texts are. */
function isTidy(text: string): boolean {
  let wasSpace = true
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 32) {
      if (wasSpace) return false
      wasSpace = true
    } else if (code < 32 || code > 126) return false
    else wasSpace = false
  }
  return text === '' || !wasSpace
}

export function hasClass(element: PageElement, name: string): boolean {
  const value = element.attribs['class']
  return value !== undefined && value.includes(name) && value.split(/\s+/).includes(name)
}
