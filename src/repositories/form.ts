import type { FormLine } from '../domain/horses/form-line.ts'
import type { HorseIdentifierRow, HorseRow } from '../domain/masters.ts'

/** What is asked about horses by people: form, families, names. Nothing here decides anything. */
export interface FormRepository {
  /** Starts with their meeting and race, newest first. */
  lines(starterIds: readonly number[]): Promise<FormLine[]>
  /** Every name that a horse has started under. */
  allNames(): Promise<{ readonly horseId: number; readonly nameKey: string }[]>
  /** Horses whose sire or dam may be of this name; the caller compares name keys. */
  offspring(name: string): Promise<HorseRow[]>
  countHorses(): Promise<number>
  withDamAndFoaling(): Promise<HorseRow[]>
  /** Starts that the sources tell of, newest first, whether we hold them or not. */
  pastStarts(
    identifiers: readonly HorseIdentifierRow[],
  ): Promise<{ readonly date: string; readonly track: string | null }[]>
}
