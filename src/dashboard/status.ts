import type { QualityStatus } from '../domain/quality/quality-rules.ts'
import { html, type Html } from './html.ts'

/** A sign beside each colour: not everybody sees colours, and paper may have none. */
export const statusMarks: Readonly<Record<QualityStatus, string>> = {
  ok: '✓',
  info: '·',
  warn: '▲',
  error: '✕',
}

export function statusMark(status: QualityStatus): Html {
  return html`<span class="status ${status}"
    ><span aria-hidden="true">${statusMarks[status]}</span> ${status}</span
  >`
}

/** `races-without-result`, as words. */
export function ruleWords(id: string): string {
  return id.replaceAll('-', ' ')
}
