import { html, Html } from './html.ts'

export type Cell = Html | string | number | null

export interface TableColumn {
  readonly title: string
  /** Figures stand to the right. */
  readonly figures?: boolean
}

/** A table with a head; it scrolls in itself where it is wider than the screen. */
export function dataTable(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, figures }) => html`<th scope="col" ${figureClass(figures)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) => tableCell(cell, index, columns[index]?.figures))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

function tableCell(cell: Cell, index: number, figures: boolean | undefined): Html {
  return index === 0
    ? html`<th scope="row" ${figureClass(figures)}>${cell}</th>`
    : html`<td${figureClass(figures)}>${cell}</td>`
}

function figureClass(figures: boolean | undefined): Html | null {
  return figures === true ? new Html(' class="n"') : null
}
