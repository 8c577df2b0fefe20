import type { ParsedMeeting } from '../../domain/observation.ts'
import { fieldCoverage } from '../../domain/scraping/field-coverage.ts'
import { LayoutChangedError } from '../../errors.ts'

/** Something that is believed of the site on evidence short of proof, and whether it held. */
export interface Assumption {
  /** B: one credible source. C: one source that is not known to have worked, or an inference. */
  readonly grade: 'B' | 'C'
  readonly text: string
  readonly holds: boolean
}
export interface LivePage {
  readonly page: string
  readonly url: string | null
  readonly expected: string
  readonly found: string
  readonly isAsExpected: boolean
  readonly assumptions: readonly Assumption[]
}

export type Reading = Pick<LivePage, 'found' | 'isAsExpected'> & {
  readonly assumptions?: readonly Assumption[]
}

/** A page that cannot be read says why; that is what was found. */
export function readSafely(read: () => Reading): Reading {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof LayoutChangedError)) throw error
    return { found: error.message, isAsExpected: false }
  }
}

export function shareOf(
  { observation }: ParsedMeeting,
  has: (starter: ParsedMeeting['observation']['races'][number]['starters'][number]) => boolean,
): number {
  const starters = observation.races.flatMap((race) => race.starters)
  return starters.length === 0 ? 0 : starters.filter(has).length / starters.length
}

/** What a parsed page holds, in one line. */
export function inWords({ observation, issues }: ParsedMeeting): Omit<Reading, 'assumptions'> {
  const starters = observation.races.reduce((sum, race) => sum + race.starters.length, 0)
  const shares = fieldCoverage(observation)
    .filter(({ of }) => of > 0)
    .map(({ field, share }) => `${field} ${Math.round(share / 10)} %`)
  const codes = new Map<string, number>()
  for (const { code } of issues) codes.set(code, (codes.get(code) ?? 0) + 1)
  const odd = [...codes].map(([code, count]) => `${count} ${code}`)
  return {
    found: [
      `${observation.date}, ${observation.races.length} ${observation.races.length === 1 ? 'race' : 'races'}, ${starters} starters`,
      shares.join(', '),
      ...(odd.length > 0 ? [`noted: ${odd.join(', ')}`] : []),
    ].join('; '),
    isAsExpected: starters > 0,
  }
}
