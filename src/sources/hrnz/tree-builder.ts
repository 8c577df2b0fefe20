import { Tokenizer } from 'htmlparser2'
import { LayoutChangedError } from '../../errors.ts'
import type { PageElement, PageNode, PageTree } from './page-tree.ts'
import { tagRules, type TagRule } from './tag-rules.ts'

type Attribute = keyof PageElement['attribs']
/** Most elements have one child or none, and many no attribute: what they share costs nothing. */
interface Element extends PageElement {
  readonly parent: Element | null
  attribs: { -readonly [K in Attribute]?: string }
  children: PageNode[]
}
const none: Element['attribs'] = Object.freeze({})
const childless: PageNode[] = Object.freeze([]) as never

/** A tag's name with what it means. */
interface Tag {
  readonly name: string
  readonly rule: TagRule | undefined
}

const deepestKept = 200
const deepestTolerated = 4000
const mostNodes = 600_000
/** Letters of open elements' names that ends are compared with: a page closes what it has opened. */
const mostCompared = 50_000_000

/**
 * Makes the tree of a page from htmlparser2's tokens. Its own parser would give a name, an object of
 * all attributes and an event for each of them, which takes longer than finding the tokens; here only
 * what is read is ever cut out of the page.
 */
export class TreeBuilder implements PageTree {
  readonly root: Element = {
    name: '',
    attribs: none,
    children: [],
    parent: null,
    flow: 'block',
  }
  readonly identified: PageElement[] = []
  readonly links: PageElement[] = []
  title: PageElement | undefined
  readonly #html: string
  #open: Element = this.root
  /** Names of the open elements, those too deep for the tree included. */
  readonly #names: string[] = []
  /** How many of them are too deep. */
  #dropped = 0
  #nodes = 0
  #compared = 0
  /** Of the open elements that change it: whether what is below follows the rules of XML. */
  readonly #contexts: boolean[] = []
  /** The tag that is being read, undefined for one that counts for nothing; its element likewise. */
  #tag: Tag | undefined
  #element: Element | undefined
  #attribute: Attribute | undefined
  /** The last tag of each length: rows of a table have one cell after another. */
  readonly #recent: (Tag | undefined)[] = []
  #value = ''

  constructor(html: string) {
    this.#html = html
    const tokenizer = new Tokenizer({ decodeEntities: true }, this)
    tokenizer.write(html)
    tokenizer.end()
  }

  onopentagname(start: number, end: number): void {
    this.#begin(this.#tagAt(start, end))
  }

  onattribname(start: number, end: number): void {
    const name = readAttributes[end - start]
    const isRead =
      name !== undefined &&
      this.#element !== undefined &&
      (this.#html.startsWith(name, start) || this.#html.slice(start, end).toLowerCase() === name)
    this.#attribute = isRead ? name : undefined
  }

  onattribdata(start: number, end: number): void {
    if (this.#attribute === undefined) return
    const piece = this.#html.slice(start, end)
    this.#value = this.#value === '' ? piece : this.#value + piece
  }

  onattribentity(codePoint: number): void {
    if (this.#attribute !== undefined) this.#value += String.fromCodePoint(codePoint)
  }

  onattribend(): void {
    const element = this.#element
    if (this.#attribute === undefined || element === undefined) return
    if (element.attribs === none) element.attribs = {}
    const { attribs } = element
    // Each by its name: one look-up for all four of them would be the slowest step of the building.
    if (this.#attribute === 'data-label') attribs['data-label'] ??= this.#value
    else if (this.#attribute === 'href') attribs.href ??= this.#value
    else if (this.#attribute === 'class') attribs.class ??= this.#value
    else attribs.id ??= this.#value
    this.#value = ''
  }

  onopentagend(): void {
    this.#finish(false)
  }

  onselfclosingtag(): void {
    this.#finish(this.isInForeignContext())
  }

  onclosetag(start: number, end: number): void {
    const names = this.#names
    const top = names.at(-1)
    // Most tags close what was opened last, and are written as that was.
    if (top?.length === end - start && this.#html.startsWith(top, start)) {
      this.#close()
      return
    }
    const tag = this.#tagAt(start, end)
    const { name } = tag
    const at = this.#innermost(name)
    if (tag.rule?.isVoid === true) {
      if (name === 'br') this.#insert(tag)
    } else if (at >= 0) while (names.length > at) this.#close()
    else if (name === 'p') this.#insert(tag)
  }

  ontext(start: number, end: number): void {
    this.#add(this.#html.slice(start, end))
  }

  ontextentity(codePoint: number): void {
    this.#add(String.fromCodePoint(codePoint))
  }

  oncdata(start: number, end: number, offset: number): void {
    if (this.isInForeignContext()) this.ontext(start, end - offset)
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  isInForeignContext(): boolean {
    return this.#contexts.length > 0 && this.#contexts.at(-1) === true
  }

  /** Where the innermost open element of that name stands among the open ones, or -1. */
  #innermost(name: string): number {
    this.#compared += this.#names.length * name.length
    if (this.#compared > mostCompared) refuse('ends of elements that it never began')
    return this.#names.lastIndexOf(name)
  }

  #tagAt(start: number, end: number): Tag {
    const recent = this.#recent[end - start]
    if (recent !== undefined && this.#html.startsWith(recent.name, start)) return recent
    const written = this.#html.slice(start, end).toLowerCase()
    // An old name of it, which is an element of its own in drawings.
    const name = written === 'image' && !this.isInForeignContext() ? 'img' : written
    const tag = { name, rule: tagRules.get(name) }
    if (end - start <= longestRecent && written !== 'image') this.#recent[end - start] = tag
    return tag
  }

  #begin(tag: Tag): void {
    const { name, rule } = tag
    const names = this.#names
    this.#element = undefined
    this.#tag = undefined
    if (name === 'form' && this.#innermost(name) >= 0) return
    if (rule?.ends !== undefined)
      while (names.length > 0 && rule.ends.has(names.at(-1) ?? '')) this.#close()
    this.#tag = tag
    const isTooDeep = this.#dropped > 0 || names.length > deepestKept
    if (!isTooDeep) {
      const flow = rule?.flow ?? 'block'
      this.#element = { name, attribs: none, children: childless, parent: this.#open, flow }
    } else if (this.#dropped >= deepestTolerated) refuse('elements nested thousands deep')
    if (rule?.isVoid === true) return
    names.push(name)
    if (isTooDeep) this.#dropped++
    if (rule?.isForeign !== undefined) this.#contexts.push(rule.isForeign)
  }

  /** The end of an opening tag; `isWhole`: its element ends with it. */
  #finish(isWhole: boolean): void {
    const tag = this.#tag
    const element = this.#element
    if (element !== undefined) {
      const { name, attribs } = element
      this.#add(element)
      if (attribs.id !== undefined) this.identified.push(element)
      if (name === 'a') this.links.push(element)
      else if (name === 'title') this.title ??= element
      if (tag?.rule?.isVoid !== true) this.#open = element
    }
    this.#tag = undefined
    this.#element = undefined
    if (isWhole && tag !== undefined && this.#names.at(-1) === tag.name) this.#close()
  }

  /** An element that the page only ends. */
  #insert(tag: Tag): void {
    this.#begin(tag)
    this.#finish(true)
  }

  #close(): void {
    const name = this.#names.pop()
    if (this.#dropped > 0) this.#dropped--
    else this.#open = this.#open.parent ?? this.root
    if (this.#contexts.length > 0 && tagRules.get(name ?? '')?.isForeign !== undefined)
      this.#contexts.pop()
  }

  #add(node: PageNode): void {
    if (++this.#nodes > mostNodes) refuse('more elements than any results page has')
    if (this.#open.children === childless) this.#open.children = [node]
    else this.#open.children.push(node)
  }
}

/** By their lengths, which all differ. */
const readAttributes: readonly (Attribute | undefined)[] = (() => {
  const names: (Attribute | undefined)[] = []
  for (const name of ['id', 'class', 'href', 'data-label'] as const) names[name.length] = name
  return names
})()
const longestRecent = 10

function refuse(what: string): never {
  throw new LayoutChangedError(`the page has ${what}; it is no page of the site`, {
    code: 'not-a-results-page',
  })
}
