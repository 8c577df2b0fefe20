import type { Measure } from '../domain/quality/measures.ts'

/** The quality and health measures, day by day. */
export interface MeasureRepository {
  /** Replaces what is on record of the day: the last look at it is the one that counts. */
  saveDay(day: string, measures: readonly Omit<Measure, 'day'>[]): Promise<void>
  /** From this NZ racing date on, by day and measure. */
  since(day: string): Promise<Measure[]>
}
