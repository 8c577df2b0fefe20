import { safeLine } from './safe-text.ts'
import type { FormLine } from '../../domain/horses/form-line.ts'

/** A start in a few words: `Kowhai Park R4 2nd, A Driver`. */
export function formWords(line: FormLine): string {
  const driver = line.driver === null ? '' : `, ${line.driver}`
  return `${line.venue} R${line.raceNumber} ${placingWords(line)}${driver}`
}

/** `2nd`, `dsq`, `scr`; a dash where the source gives no placing. */
export function placingWords(line: FormLine): string {
  if (line.scratched) return 'scr'
  const { finishPosition, finishRaw } = line
  if (finishPosition === null) return finishRaw ?? '–'
  const tens = finishPosition % 100
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][tens % 10] ?? 'th')
  return `${finishPosition}${ending}`
}

/** `1:58.4`; empty where there is no time. */
export function raceTime(ms: number | null): string {
  if (ms === null) return ''
  const tenths = Math.round(ms / 100)
  const seconds = String(Math.floor((tenths % 600) / 10)).padStart(2, '0')
  return `${Math.floor(tenths / 600)}:${seconds}.${tenths % 10}`
}

/** A start as a row of the form table; the keys are those of JSON and CSV. */
export function formRow(line: FormLine): Readonly<Record<string, string | number | null>> {
  return {
    starter: line.starterId,
    date: line.date,
    track: line.venue,
    race: line.raceNumber,
    distance_m: line.distanceM,
    start: line.startType === null ? null : line.startType === 'mobile' ? 'M' : 'S',
    gait: line.gait,
    barrier: line.barrier,
    handicap_m: line.handicapM,
    placing: placingWords(line),
    time: raceTime(line.timeMs),
    mile_rate: raceTime(line.mileRateMs),
    margin: line.marginRaw,
    driver: line.driver,
    trainer: line.trainer,
    price: line.priceCents === null ? null : (line.priceCents / 100).toFixed(2),
    source: line.dataSource,
    rule: line.rule,
  }
}

/** The form as a table that fits the terminal: names give way, dates and figures do not. */
export function formTable(lines: readonly FormLine[], width: number): string {
  const spare = Math.max(0, Math.floor((width - 80) / 3))
  const head = [
    'DATE',
    'TRACK',
    'DIST',
    'BAR',
    'PLC',
    'TIME',
    'RATE',
    'MARGN',
    'DRIVER',
    'TRAINER',
    'PRICE',
  ]
  const widths = [10, 8 + spare, 5, 4, 4, 6, 6, 5, 8 + spare, 8 + spare, 5]
  const rows = lines.map((line) => {
    const row = formRow(line)
    const back = line.handicapM === null || line.handicapM === 0 ? '' : `+${line.handicapM}`
    return [
      line.date,
      line.venue,
      `${line.distanceM ?? ''}${row['start'] ?? ''}`,
      line.barrier === null ? back : `${line.barrier}${back}`,
      placingWords(line),
      String(row['time']),
      String(row['mile_rate']),
      line.marginRaw ?? '',
      line.driver ?? '',
      line.trainer ?? '',
      String(row['price'] ?? ''),
    ]
  })
  return [head, ...rows]
    .map((cells) =>
      cells
        .map((cell, index) =>
          [...safeLine(cell)].slice(0, widths[index]).join('').padEnd(widths[index]!),
        )
        .join(' ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}
