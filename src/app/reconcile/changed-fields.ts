import { changeInWords, type CellChange } from '../../domain/scraping/changed-cells.ts'
import type { Warning } from '../counts.ts'

const examplesOfField = 20

/** What a reparse read otherwise than before, counted by field with examples. */
export class ChangedFields {
  readonly #fields = new Map<string, { cells: number; readonly examples: string[] }>()
  #cells = 0
  #pages = 0

  add(page: string, changes: readonly CellChange[]): void {
    if (changes.length > 0) this.#pages++
    for (const change of changes) {
      this.#cells++
      const field = this.#fields.get(change.field) ?? { cells: 0, examples: [] }
      this.#fields.set(change.field, field)
      field.cells++
      if (field.examples.length < examplesOfField)
        field.examples.push(`${page} ${changeInWords(change)}`)
    }
  }

  summary(): string {
    return this.#cells === 0
      ? 'no cell is read otherwise'
      : `${this.#cells} cells on ${this.#pages} pages are read otherwise`
  }

  /** One for each field, the most changed first. */
  warnings(): Warning[] {
    return [...this.#fields]
      .sort(([, a], [, b]) => b.cells - a.cells)
      .map(([field, { cells, examples }]) => {
        const more = cells - examples.length
        return {
          code: 'reparsed',
          subject: field,
          message: `${cells} cells: ${examples.join('; ')}${more > 0 ? `; ${more} more` : ''}`,
        }
      })
  }
}
