import fc from 'fast-check'
import { Parser } from 'htmlparser2'
import { expect, it } from 'vitest'
import { resultsPageHtml } from '../../../fixtures/world/hrnz-results-html.ts'
import { makeWorld } from '../../../fixtures/world/world.ts'
import { pageTree, type PageNode } from '../../../src/sources/hrnz/page-tree.ts'

/** A text, or an element's name, its attributes and what is in it. */
interface Shapes extends ReadonlyArray<Shape> {}
type Shape = string | Shapes
const readAttributes = ['id', 'class', 'href', 'data-label'] as const

/** A tree made by htmlparser2's own parser, which our builder must agree with on any page. */
function reference(html: string): Shape {
  interface Open {
    readonly name: string
    readonly attributes: Record<string, string>
    readonly children: Shape[]
  }
  const stack: Open[] = [{ name: '', attributes: {}, children: [] }]
  const close = (): void => {
    if (stack.length > 1) stack.at(-2)!.children.push(shapeOf(stack.pop()!))
  }
  const parser = new Parser({
    onopentag: (name, attributes) => void stack.push({ name, attributes, children: [] }),
    onclosetag: close,
    ontext: (text) => void stack.at(-1)!.children.push(text),
  })
  parser.end(html)
  return shapeOf(stack[0]!)

  function shapeOf({ name, attributes, children }: Open): Shape {
    return [
      name.toLowerCase(),
      JSON.stringify(readAttributes.map((one) => attributes[one])),
      ...children,
    ]
  }
}

const shapeOf = (node: PageNode): Shape =>
  typeof node === 'string'
    ? node
    : [
        node.name,
        JSON.stringify(readAttributes.map((one) => node.attribs[one])),
        ...node.children.map(shapeOf),
      ]

const [responsive, table] = (['responsive', 'table'] as const).map((dialect) => {
  const world = makeWorld({ seed: 3, from: '2026-02-02', to: '2026-02-08', dialect })
  return resultsPageHtml(world, world.meetings[0]!, Date.parse('2026-12-01'))!
})
const pieces = [
  ...['</td>', '<td>', '<tr>', '</tr>', '<table>', '</table>', '<p>', '</p>', '<br/>', '</br>'],
  ...['<form>', '<form id="x">', '</form>', '<div id="results-1-race-2">', '</div>', '<li>'],
  ...['<svg><path d="m"/><title>t</title><image/></svg>', '<image>', '<math><mi>', '<svg>'],
  ...['<foreignObject><div>', '<![CDATA[x]]>', '<!-- ', '-->', '<script>', '</script>', '<style>'],
  ...['<title>', '<textarea>', '<plaintext>', '<option>', '<select>', '<dd>', '<dt>', '<hr>'],
  ...['<TD DATA-LABEL="Driver" data-label=Horse>', "<td data-label='a&amp;b'", '&nbsp;', '&#8217;'],
  ...['<', '>', '"', '=', '</', '<?x?>', '<!doctype html>', '<a><a>', '<input id=a class="b'],
]

it('a page’s tree is the one that htmlparser2’s own parser makes, whatever is wrong with the page', () => {
  const change = fc.record({
    at: fc.nat(8000),
    cut: fc.nat(200),
    put: fc.constantFrom('', ...pieces),
    again: fc.nat(300),
  })
  fc.assert(
    fc.property(
      fc.constantFrom(responsive!, table!),
      fc.nat(20_000),
      fc.array(change, { maxLength: 12 }),
      (page, from, changes) => {
        let html = page.slice(0, 800) + page.slice(from, from + 8000)
        for (const { at, cut, put, again } of changes)
          html = html.slice(0, at) + put + html.slice(at - again, at) + html.slice(at + cut)
        expect(shapeOf(pageTree(html).root)).toEqual(reference(html))
      },
    ),
    { numRuns: 400 },
  )
})
