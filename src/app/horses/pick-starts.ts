import type { PooledStarter } from '../../domain/masters.ts'
import { UsageError } from '../../errors.ts'

/** Which starts of a horse are meant: listed one by one, or all from a date on. */
export interface StartChoice {
  /** Starter ids, `race:ID`, or racing dates. */
  readonly starts: readonly string[]
  readonly from: string | null
}

/** The starts that are meant; each word must mean one at least. */
export function pickStarts(
  starters: readonly PooledStarter[],
  choice: StartChoice,
): PooledStarter[] {
  const picked = new Set<PooledStarter>()
  const pick = (word: string, fits: (starter: PooledStarter) => boolean): void => {
    const found = starters.filter(fits)
    if (found.length === 0)
      throw new UsageError(
        `the horse has no start ${word.slice(0, 40)}`,
        'Starts are named by their id (`harness horses show` lists them), `race:ID`, or a racing date.',
      )
    for (const starter of found) picked.add(starter)
  }
  for (const word of choice.starts) {
    const race = /^race:(\d{1,15})$/.exec(word)?.[1]
    if (race !== undefined) pick(word, (starter) => starter.raceId === Number(race))
    else if (/^\d{1,15}$/.test(word)) pick(word, (starter) => starter.starterId === Number(word))
    else pick(`on ${word}`, (starter) => starter.date === word)
  }
  const { from } = choice
  if (from !== null) pick(`from ${from} on`, (starter) => starter.date >= from)
  if (picked.size === 0)
    throw new UsageError('no starts are named', 'Name them with --starts ID,ID or --from DATE.')
  return starters.filter((starter) => picked.has(starter))
}
