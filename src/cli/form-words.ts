import type { FormLine } from '../domain/horses/form-line.ts'

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
