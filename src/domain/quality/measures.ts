import type { QualityStatus } from './quality-rules.ts'

/** A quality or health measure as it stood at the end of a day. */
export interface Measure {
  /** NZ racing date. */
  readonly day: string
  /** A rule of the quality report (`races-without-result`), or a figure of health. */
  readonly measure: string
  readonly numerator: number
  /** Null for what is no share of anything: bytes, milliseconds. */
  readonly denominator: number | null
  readonly status: QualityStatus
}
