import { nightInWords, troubled } from '../../app/nightly/nightly-look.ts'
import type { NightlyResult } from '../../app/nightly/nightly.ts'
import { HarnessError } from '../../errors.ts'
import { renderRows } from './render.ts'
import type { Finished } from '../command/write-summary.ts'

/** A night on one screen: a line for each step, and what to do about those that failed. */
export async function nightDigest(result: NightlyResult): Promise<Finished> {
  const { steps, counts, warnings, exitCode } = result
  const table = await renderRows(
    steps.map(({ name, state, seconds, outcome }) => ({ name, state, seconds, outcome })),
    [
      { key: 'name', title: 'STEP' },
      { key: 'state', title: 'STATE' },
      { key: 'seconds', title: 'S', align: 'right' },
      { key: 'outcome', title: 'OUTCOME', wraps: true },
    ],
    'table',
  )
  const poor = troubled(result)
  const hints = poor.flatMap(({ name, hint }) => (hint === null ? [] : [`${name}: ${hint}`]))
  const inWords = nightInWords(result)
  const stopped =
    exitCode === 0 || exitCode === 3
      ? {}
      : { stopped: new HarnessError(inWords, { code: 'nightly', exitCode }) }
  return {
    counts,
    lines: [...table.trimEnd().split('\n'), ...hints],
    json: { counts, steps, warnings },
    warnings,
    partial: exitCode === 3,
    // What is wrong with which step stands in the error then.
    outcome:
      exitCode === 0 || exitCode === 3
        ? inWords
        : `${poor.length} of ${steps.length} steps need a look`,
    ...stopped,
  }
}
