import { describeHorse } from '../../domain/horses/describe-horse.ts'
import type { HorseRow } from '../../domain/masters.ts'
import { nameKey } from '../../domain/names.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'

export interface FoundHorse {
  readonly horse: HorseRow
  /** The id as it was typed, where that one was merged into this horse; else null. */
  readonly retiredId: number | null
}

/** The one horse that an id or a name means, old names included; a usage error where it is not one. */
export async function findHorse({ horses }: Repositories, words: string): Promise<FoundHorse> {
  const text = words.trim().replace(/^#/, '')
  if (/^\d{1,15}$/.test(text)) {
    const asked = Number(text)
    const id = (await horses.resolve([asked])).get(asked)
    const [horse] = id === undefined ? [] : await horses.load([id])
    if (horse === undefined) throw new UsageError(`there is no horse ${asked}`, searchHint)
    return { horse, retiredId: horse.id === asked ? null : asked }
  }
  const key = nameKey(text)
  const named = key === '' ? [] : await horses.findByNameKey(key)
  if (named.length === 1) return { horse: named[0]!, retiredId: null }
  if (named.length === 0)
    throw new UsageError(`no horse is called ${JSON.stringify(text.slice(0, 60))}`, searchHint)
  throw new UsageError(
    `${named.length} horses are called ${text}: ${named
      .slice(0, 5)
      .map((horse) => `${horse.id} is ${describeHorse(horse)}`)
      .join('; ')}`,
    'Say the id instead of the name.',
  )
}

const searchHint = 'Find its id with `harness horses search NAME`.'
