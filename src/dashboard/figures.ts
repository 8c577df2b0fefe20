import { narrowSpace } from './html.ts'

/** `300 000`, with a narrow space that keeps the line together. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, narrowSpace)
}

/** A share as a percentage; what is not nothing is not shown as nothing. */
export function share(part: number, all: number): string {
  if (part === 0) return '0%'
  const percent = (100 * part) / (all === 0 ? part : all)
  if (percent < 0.1) return '<0.1%'
  return percent < 10 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`
}

/** As the command line says it. */
export function megabytes(bytes: number): string {
  const tenths = Math.round(bytes / 100_000)
  return `${whole(Math.floor(tenths / 10))}.${tenths % 10} MB`
}

/** `2026-03-06 11:00 UTC` */
export function moment(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole(count)} ${count === 1 ? one : many}`
}

/** How sources are called in sentences. */
export function sourceName(source: string): string {
  return { hrnz_scraper: 'HRNZ', tab_api: 'TAB', manual: 'imported' }[source] ?? source
}
