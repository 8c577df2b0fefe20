import { plot, type PlotOptions } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html, Html } from './html.ts'

export interface ChartWords {
  /** What the chart shows, for those who do not see it. */
  readonly label: string
  /** What it is a picture of, as a table. */
  readonly table: Html
  readonly caption?: Html
  /** `end`: on a narrow screen the latest is what is seen first. */
  readonly begin?: 'start' | 'end'
}

/** A chart with its words: it scrolls in itself where the screen is narrower, and is a table too. */
export function chart(options: PlotOptions & { readonly width: number }, words: ChartWords): Html {
  const { label, table, caption, begin = 'start' } = words
  return html`<figure>
    <div
      class="scroll ${begin === 'end' ? 'from-end' : ''}"
      role="region"
      aria-label="${label}"
      tabindex="0"
    >
      ${draw(options, label)}
    </div>
    ${caption === undefined ? null : html`<figcaption>${caption}</figcaption>`}
    <details>
      <summary>As a table</summary>
      ${table}
    </details>
  </figure>`
}

/** The drawing alone, as inline SVG without a style sheet of its own. */
export function draw(options: PlotOptions & { readonly width: number }, label: string): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawn = plot({ marginTop: 8, ...options, document })
  const inside = drawn.innerHTML.replace(/^<style>[^<]*<\/style>/, '')
  const [width, height] = [drawn.getAttribute('width'), drawn.getAttribute('height')]
  return html`<svg
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    fill="currentColor"
    font-size="11"
    text-anchor="middle"
  >
    ${new Html(rounded(inside))}
  </svg>`
}

/** Nobody sees a hundredth of a pixel, and ten years have ten thousand of them. */
function rounded(svg: string): string {
  return svg.replaceAll(/<[^>]*>/g, (tag) =>
    tag.replaceAll(/-?\d{1,9}\.\d{3,20}/g, (figure) =>
      String(Math.round(Number(figure) * 10) / 10),
    ),
  )
}
