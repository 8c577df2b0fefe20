import { linesOf, type PageElement, type PageNode } from './page-tree.ts'

/** A part of a page as its reader sees it: labelled values, and the lines that have no label. */
export interface LabelledLines {
  /** Lower-case label → its lines, in page order. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly plain: readonly { readonly text: string; readonly heading: boolean }[]
}

/**
 * Labels are recognised in every form that the site is known to use or may use: `dt`/`dd`, a
 * `data-label`, `Label: value` in one element or in two. Only the labels that are asked for count:
 * the titles of races hold colons too. A `dt` is a label whatever it says.
 */
export function labelledLines(
  nodes: readonly PageNode[],
  labels: readonly string[],
  options: { readonly lineMost?: number; skip?(element: PageElement): boolean } = {},
): LabelledLines {
  const known = new Set(labels)
  const alternatives = labels.map((label) => label.replaceAll(' ', '\\s')).join('|')
  const inner = new RegExp(`\\s(?=(?:${alternatives})\\s?:)`, 'i')
  const leading = new RegExp(`^(${alternatives})\\s?:\\s?(.*)$`, 'is')
  const values = new Map<string, string[]>()
  const plain: { text: string; heading: boolean }[] = []
  let open: string | undefined
  const put = (label: string, text: string): void => {
    const list = values.get(label) ?? []
    if (text !== '' && list.length < 60) list.push(text)
    values.set(label, list)
  }
  const lines = linesOf(nodes, {
    most: 600,
    lineMost: options.lineMost ?? 2000,
    ...skipping(options),
  })
  for (const { text, element } of lines) {
    const attribute = labelOf(element)
    if (attribute !== undefined && known.has(attribute)) {
      put(attribute, withoutLabel(text, leading))
      open = undefined
      continue
    }
    if (element !== null && (element.name === 'dt' || isKnownAlone(text, known))) {
      open = bare(text)
      if (leading.test(text)) {
        const [, label, rest] = leading.exec(text) ?? []
        open = bare(label ?? text)
        put(open, rest ?? '')
        if (rest !== '') open = undefined
      }
      continue
    }
    const parts = text.split(inner)
    if (parts.some((part) => leading.test(part))) {
      for (const part of parts) {
        const match = leading.exec(part)
        if (match === null) {
          plain.push({ text: part, heading: false })
          continue
        }
        const label = bare(match[1] ?? '')
        put(label, match[2] ?? '')
        open = match[2] === '' ? label : undefined
      }
      continue
    }
    if (open !== undefined) {
      put(open, text)
      // Several `dd` may follow one `dt`; any other element holds one value.
      if (element?.name !== 'dd' && element?.name !== 'li' && element?.name !== 'p')
        open = undefined
      continue
    }
    plain.push({ text, heading: /^h[1-6]$/.test(element?.name ?? '') })
  }
  return { values, plain }
}

const skipping = (options: { skip?(element: PageElement): boolean }) =>
  options.skip === undefined ? {} : { skip: options.skip }

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s/g, ' ')
    .replace(/[:\s]+$/, '')
    .slice(0, 40)

const isKnownAlone = (text: string, known: ReadonlySet<string>): boolean =>
  text.length <= 40 && known.has(bare(text)) && text.trim().endsWith(':')

const labelOf = (element: PageElement | null): string | undefined => {
  const label = element?.attribs['data-label']
  return label === undefined ? undefined : bare(label)
}

const withoutLabel = (text: string, leading: RegExp): string => leading.exec(text)?.[2] ?? text
