import { DomHandler, Parser } from 'htmlparser2'
import { LayoutChangedError } from '../../errors.ts'

export type PageTree = DomHandler['root']
export type PageNode = PageTree['children'][number]
export type PageElement = Extract<PageNode, { readonly attribs: Record<string, string> }>

export const isElement = (node: PageNode): node is PageElement => 'attribs' in node
const isText = (node: PageNode): node is Extract<PageNode, { readonly type: 'text' }> =>
  (node.type as string) === 'text'

/**
 * The HTML tree of a page that anybody may have written. Elements nested deeper than any real page
 * are taken out of the nesting, so that walks may recurse; a page that is far beyond (or has far too
 * many nodes) is refused before it costs memory or, the parser's stack being a list, quadratic time.
 */
export function pageTree(html: string): PageTree {
  const handler = new BoundedHandler()
  const parser = new Parser(handler, { decodeEntities: true, lowerCaseTags: true })
  parser.end(html)
  return handler.root
}

const deepestKept = 200
const deepestTolerated = 4000
const mostNodes = 600_000

class BoundedHandler extends DomHandler {
  #dropped = 0
  #nodes = 0

  override onopentag(name: string, attributes: Record<string, string>): void {
    if (this.tagStack.length <= deepestKept && this.#dropped === 0) {
      super.onopentag(name, attributes)
      return
    }
    this.#dropped++
    if (this.#dropped > deepestTolerated) refuse('elements nested thousands deep')
  }

  override onclosetag(): void {
    if (this.#dropped > 0) this.#dropped--
    else super.onclosetag()
  }

  protected override addNode(node: Parameters<DomHandler['addNode']>[0]): void {
    if (++this.#nodes > mostNodes) refuse('more elements than any results page has')
    super.addNode(node)
  }
}

function refuse(what: string): never {
  throw new LayoutChangedError(`the page has ${what}; it is no page of the site`, {
    code: 'not-a-results-page',
  })
}

/** Everything below a node in document order, itself excluded; `into` false skips what is below. */
export function walk(
  node: PageTree | PageElement,
  visit: (element: PageElement) => boolean | void,
): void {
  for (const child of node.children) {
    if (isElement(child) && visit(child) !== false) walk(child, visit)
  }
}

/** The text below a node as a reader sees it, single spaces, nbsp included; cut at `most`. */
export function textOf(node: PageNode | undefined, most: number): string {
  if (node === undefined) return ''
  const pieces: string[] = []
  // Twice as much: white space goes afterwards.
  gather(node, pieces, { left: most * 2 + 200 })
  return tidy(pieces.join('')).slice(0, most)
}

function gather(node: PageNode, pieces: string[], room: { left: number }): void {
  if (room.left <= 0) return
  if (isText(node)) {
    const piece = node.data.length > room.left ? node.data.slice(0, room.left) : node.data
    pieces.push(piece)
    room.left -= piece.length
    return
  }
  if (!('children' in node) || (isElement(node) && unread.has(node.name))) return
  const isBlock = isElement(node) && !inline.has(node.name)
  if (isBlock) pieces.push(' ')
  for (const child of node.children) gather(child, pieces, room)
  if (isBlock) pieces.push(' ')
}

/** Visible lines below a node: one for each run of text between block elements. */
export function linesOf(
  nodes: readonly PageNode[],
  options: {
    readonly most: number
    readonly lineMost: number
    skip?(element: PageElement): boolean
  },
): { readonly text: string; readonly element: PageElement | null }[] {
  const lines: { text: string; element: PageElement | null }[] = []
  let pieces: string[] = []
  let room = options.lineMost * 2
  const flush = (element: PageElement | null): void => {
    if (pieces.length === 0) return
    const text = tidy(pieces.join('')).slice(0, options.lineMost)
    pieces = []
    room = options.lineMost * 2
    if (text !== '' && lines.length < options.most) lines.push({ text, element })
  }
  const visit = (node: PageNode, block: PageElement | null): void => {
    if (lines.length >= options.most) return
    if (isText(node)) {
      if (room <= 0) return
      const piece = node.data.length > room ? node.data.slice(0, room) : node.data
      room -= piece.length
      pieces.push(piece)
      return
    }
    if (!isElement(node) || unread.has(node.name) || options.skip?.(node) === true) return
    const isBlock = !inline.has(node.name)
    if (isBlock) flush(block)
    for (const child of node.children) visit(child, isBlock ? node : block)
    if (isBlock) flush(node)
  }
  for (const node of nodes) visit(node, null)
  flush(null)
  return lines
}

/** Nbsp and other white space to single spaces, control characters away, trimmed. */
export function tidy(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
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
