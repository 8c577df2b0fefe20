import { Parser } from 'htmlparser2'
import { LayoutChangedError } from '../../errors.ts'

/**
 * The tree is our own and holds only what the parsers look at: htmlparser2's has links between
 * siblings and an object for every text, and making them takes as long as tokenising.
 */
export interface PageElement {
  readonly name: string
  readonly attribs: Readonly<Record<string, string>>
  /** Texts as they stand, entities decoded; one run of text may be several. */
  readonly children: PageNode[]
  readonly parent: PageElement | null
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
 * many nodes) is refused before it costs memory or, the parser's stack being a list, quadratic time.
 */
export function pageTree(html: string): PageTree {
  const builder = new TreeBuilder()
  new Parser(builder, { decodeEntities: true, lowerCaseTags: true }).end(html)
  return builder
}

const deepestKept = 200
const deepestTolerated = 4000
const mostNodes = 600_000

class TreeBuilder implements PageTree {
  readonly root: PageElement = { name: '', attribs: {}, children: [], parent: null }
  readonly identified: PageElement[] = []
  readonly links: PageElement[] = []
  title: PageElement | undefined
  #open: PageElement = this.root
  #depth = 0
  #dropped = 0
  #nodes = 0

  onopentag(name: string, attribs: Record<string, string>): void {
    if (this.#depth > deepestKept || this.#dropped > 0) {
      if (++this.#dropped > deepestTolerated) refuse('elements nested thousands deep')
      return
    }
    const element: PageElement = { name, attribs, children: [], parent: this.#open }
    this.#add(element)
    if (attribs['id'] !== undefined) this.identified.push(element)
    if (name === 'a') this.links.push(element)
    if (name === 'title') this.title ??= element
    this.#open = element
    this.#depth++
  }

  onclosetag(): void {
    if (this.#dropped > 0) this.#dropped--
    else if (this.#open.parent !== null) {
      this.#open = this.#open.parent
      this.#depth--
    }
  }

  ontext(data: string): void {
    this.#add(data)
  }

  #add(node: PageNode): void {
    if (++this.#nodes > mostNodes) refuse('more elements than any results page has')
    this.#open.children.push(node)
  }
}

function refuse(what: string): never {
  throw new LayoutChangedError(`the page has ${what}; it is no page of the site`, {
    code: 'not-a-results-page',
  })
}

/** Everything below an element in document order, itself excluded; false skips what is below. */
export function walk(element: PageElement, visit: (element: PageElement) => boolean | void): void {
  for (const child of element.children) {
    if (isElement(child) && visit(child) !== false) walk(child, visit)
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
    if (inner.children.length !== 1 || unread.has(inner.name)) return undefined
    const child = inner.children[0]
    if (typeof child === 'string') return child
    if (child === undefined) return undefined
    inner = child
  }
}

const cut = (text: string, most: number): string =>
  text.length > most ? text.slice(0, most) : text

function gathered(element: PageElement, before: string, room: number): string {
  if (unread.has(element.name)) return before
  const isBlock = !inline.has(element.name)
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
    if (unread.has(node.name) || options.skip?.(node) === true) return
    const isBlock = !inline.has(node.name)
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

const unread = new Set(['script', 'style', 'template', 'noscript', 'svg', 'head'])
const inline = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'cite',
  'code',
  'em',
  'font',
  'i',
  'img',
  'label',
  'mark',
  'q',
  's',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'time',
  'u',
  'wbr',
])
