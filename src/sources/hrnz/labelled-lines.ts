import { linesOf, type PageElement, type PageNode } from './page-tree.ts'

/** A part of a page as its reader sees it: labelled values, and the lines that have no label. */
export interface LabelledLines {
  /** Lower-case label → its lines, in page order. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly plain: readonly { readonly text: string; readonly heading: boolean }[]
}

/** Labels to look for, made ready once: a page has several parts for each of its races. */
export interface Labels {
  readonly known: ReadonlySet<string>
  readonly at: RegExp
}
export function labelsOf(labels: readonly string[]): Labels {
  // Longest first: `Stewards Comments:` is not `Comments:` after something else.
  const alternatives = [...labels].sort((a, b) => b.length - a.length).join('|')
  return {
    known: new Set(labels),
    at: new RegExp(`(?:^|\\s)(${alternatives})\\s?:`, 'gi'),
  }
}

/**
 * Labels are recognised in every form that the site is known to use or may use: `dt`/`dd`, a
 * `data-label`, `Label: value` in one element or in two. Only the labels that are asked for count:
 * the titles of races hold colons too. A `dt` is a label whatever it says.
 */
export function labelledLines(
  nodes: readonly PageNode[],
  labels: Labels,
  options: { readonly lineMost?: number; skip?(element: PageElement): boolean } = {},
): LabelledLines {
  const values = new Map<string, string[]>()
  const plain: { text: string; heading: boolean }[] = []
  const put = (label: string, text: string): void => {
    const list = values.get(label) ?? []
    if (text !== '' && list.length < 60) list.push(text)
    values.set(label, list)
  }
  /** The label whose value is still to come, and whether some of it has come. */
  let open: { readonly label: string; hasValue: boolean } | undefined
  const { skip, lineMost = 2000 } = options
  const lines = linesOf(nodes, { most: 600, lineMost, ...(skip === undefined ? {} : { skip }) })
  for (const { text, element } of lines) {
    const parts = splitAtLabels(text, labels.at)
    const marked = element?.attribs['data-label']
    const attribute = marked === undefined ? '' : bare(marked)
    if (labels.known.has(attribute)) {
      put(attribute, parts[0]?.label === attribute ? parts[0].text : text)
      open = undefined
    } else if (parts.some(({ label }) => label !== undefined)) {
      open = undefined
      for (const part of parts) {
        if (part.label === undefined) plain.push({ text: part.text, heading: false })
        else if (part.text !== '') put(part.label, part.text)
        else open = { label: part.label, hasValue: false }
      }
    } else if (element?.name === 'dt') {
      open = { label: bare(text), hasValue: false }
    } else if (open !== undefined && (!open.hasValue || element?.name === 'dd')) {
      // Several `dd` may follow one `dt`; any other element is the whole value.
      put(open.label, text)
      open.hasValue = true
    } else {
      open = undefined
      plain.push({ text, heading: headings.has(element?.name ?? '') })
    }
  }
  return { values, plain }
}

/** `Weather: Fine Track: Fast` in its parts; what stands before the first label has none. */
function splitAtLabels(
  text: string,
  atLabel: RegExp,
): { readonly label?: string; readonly text: string }[] {
  if (!text.includes(':')) return [{ text }]
  const parts: { label?: string; text: string }[] = []
  let from = 0
  let label: string | undefined
  const end = (to: number): void => {
    const piece = text.slice(from, to).trim()
    if (label !== undefined) parts.push({ label, text: piece })
    else if (piece !== '') parts.push({ text: piece })
  }
  for (const match of text.matchAll(atLabel)) {
    end(match.index)
    label = bare(match[1] ?? '')
    from = match.index + match[0].length
  }
  end(text.length)
  return parts
}

const headings = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .slice(0, 60)
    .replace(/[:\s]+$/, '')
    .trim()
