import { plot, type PlotOptions } from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html, Html } from './html.ts'

export type Drawing = PlotOptions & { readonly width: number }

export interface ChartWords {
  /** What the chart shows, for those who do not see it. */
  readonly label: string
  /** What it is a picture of, as a table. */
  readonly table: Html
  readonly caption?: Html
}

/** A chart with its words: it scrolls in itself where the screen is narrower, and is a table too. */
export function chart(drawing: Drawing, { label, caption, table }: ChartWords): Html {
  return figure(scrolling(drawing, label), { caption, table })
}

/** What is drawn, what it means, and the same as a table. */
export function figure(
  drawn: Html,
  { caption, table }: { readonly caption?: Html | undefined; readonly table: Html },
): Html {
  return html`<figure>
    ${drawn} ${caption === undefined ? null : html`<figcaption>${caption}</figcaption>`}
    <details>
      <summary>As a table</summary>
      ${table}
    </details>
  </figure>`
}

/** A drawing in its own width. On a narrow screen its end is seen first, which is today. */
export function scrolling(drawing: Drawing, label: string): Html {
  return html`<div class="scroll from-end" role="region" aria-label="${label}" tabindex="0">
    ${draw(drawing, label)}
  </div>`
}

/** The drawing alone, as inline SVG without a style sheet of its own. */
export function draw(drawing: Drawing, label: string): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawn = plot({ marginTop: 8, ...drawing, document })
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

/** How many ticks an axis of counts takes: between one meeting and two there is nothing. */
export function wholeTicks(most: number): number {
  return Math.max(1, Math.min(4, most))
}

/** Nobody sees a hundredth of a pixel, and ten years have ten thousand of them. */
function rounded(svg: string): string {
  return svg.replaceAll(/<[^>]*>/g, (tag) =>
    tag.replaceAll(/-?\d{1,9}\.\d{3,20}/g, (pixels) =>
      String(Math.round(Number(pixels) * 10) / 10),
    ),
  )
}
