import type { HorseFields } from '../masters.ts'

/** A horse with what tells it from others of its name: `Totara Dream (2019 b g, Art Minor – Kowhai Girl)`. */
export function describeHorse(
  horse: Pick<HorseFields, 'name' | 'foaledOn' | 'colour' | 'sex' | 'sire' | 'dam'>,
): string {
  const looks = [horse.foaledOn?.slice(0, 4), short(horse.colour), short(horse.sex)].filter(Boolean)
  const parents =
    horse.sire === null && horse.dam === null ? '' : `${horse.sire ?? '?'} – ${horse.dam ?? '?'}`
  const known = [looks.join(' '), parents].filter((part) => part !== '').join(', ')
  return known === '' ? horse.name : `${horse.name} (${known})`
}

/** `Bay` and `Gelding` as racebooks write them; what is short already stays. */
function short(word: string | null): string {
  if (word === null) return ''
  const lower = word.trim().toLowerCase()
  return shortWords[lower] ?? lower
}

const shortWords: Readonly<Record<string, string>> = {
  bay: 'b',
  brown: 'br',
  black: 'blk',
  chestnut: 'ch',
  grey: 'gr',
  roan: 'ro',
  'bay or brown': 'b/br',
  gelding: 'g',
  horse: 'h',
  stallion: 'h',
  entire: 'h',
  rig: 'rig',
  colt: 'c',
  filly: 'f',
  mare: 'm',
}
