import type { LinkRule } from '../masters.ts'
import type { Gait, StartType } from '../observation.ts'

/** One start as a form guide prints it. */
export interface FormLine {
  readonly starterId: number
  readonly raceId: number
  /** NZ racing date. */
  readonly date: string
  readonly venue: string
  readonly raceNumber: number
  readonly distanceM: number | null
  readonly startType: StartType | null
  readonly gait: Gait | null
  readonly barrier: string | null
  readonly handicapM: number | null
  readonly scratched: boolean
  readonly finishPosition: number | null
  readonly finishRaw: string | null
  readonly timeMs: number | null
  readonly mileRateMs: number | null
  readonly marginRaw: string | null
  readonly driver: string | null
  readonly trainer: string | null
  /** Fixed win price as last seen, in cents for a dollar. */
  readonly priceCents: number | null
  readonly dataSource: string
  readonly hrnzUrl: string | null
  readonly rule: LinkRule | null
}
