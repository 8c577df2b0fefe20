/**
 * What TAB's event says besides the card: prices, pools, dividends and form. Kept beside the
 * observation, for it is news at every look. Money is cents; a price is what one dollar pays, in
 * cents; null means that the source gave none.
 */
export interface RaceMarket {
  readonly odds: readonly StarterOdds[]
  readonly dividends: readonly Dividend[]
  readonly pools: readonly Pool[]
  readonly pastStarts: readonly PastStart[]
}

export interface Prices {
  readonly fixedWin: number | null
  readonly fixedPlace: number | null
  readonly poolWin: number | null
  readonly poolPlace: number | null
}

export interface StarterOdds extends Prices {
  readonly entrantId: string
}

export interface Dividend {
  /** `Pool Win` */
  readonly product: string
  /** Book numbers that it pays on: `7:8`. */
  readonly numbers: string
  /** Rows of Interim stay beside those of Final. */
  readonly status: 'interim' | 'final'
  readonly pays: number
  readonly pool: number | null
  readonly jackpot: number | null
}

export interface Pool {
  /** `FirstFour` */
  readonly product: string
  /** `open`, `closed`, `abandoned`; null for a word that is not one. */
  readonly status: string | null
  readonly total: number | null
  readonly isFinal: boolean
}

/** An earlier start as the form of a later card tells it: evidence of races that we lack. */
export interface PastStart {
  /** Number space and number of the horse: `tab_horse:nz`, `412345`. */
  readonly scheme: string
  readonly horse: string
  readonly date: string
  readonly track: string | null
  readonly distanceM: number | null
  readonly finish: string | null
  readonly fieldSize: number | null
  readonly margin: string | null
  readonly time: string | null
  readonly driver: string | null
  readonly classText: string | null
  readonly price: string | null
  readonly stewards: string | null
}

export const noMarket: RaceMarket = { odds: [], dividends: [], pools: [], pastStarts: [] }
