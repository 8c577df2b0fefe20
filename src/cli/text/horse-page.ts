import type { ShownHorse } from '../../app/horses/show-horse.ts'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import { formRow, formTable } from './form-words.ts'
import { renderPairs, terminalWidth } from './render.ts'

/** A horse as JSON. */
export function horseObject(shown: ShownHorse) {
  const { horse, names, identifiers, lines, gaps, progeny, provenance, retired } = shown
  return {
    id: horse.id,
    name: horse.name,
    description: describeHorse(horse),
    sire: horse.sire,
    dam: horse.dam,
    dam_sire: horse.damSire,
    sex: horse.sex,
    colour: horse.colour,
    country: horse.country,
    foaled_on: horse.foaledOn,
    first_seen: horse.firstSeen,
    last_seen: horse.lastSeen,
    race_count: horse.raceCount,
    names: names.map(({ name, firstSeen, lastSeen }) => ({
      name,
      first_seen: firstSeen,
      last_seen: lastSeen,
    })),
    identifiers: identifiers.map(({ scheme, value }) => ({ scheme, value })),
    retired_ids: retired.map(({ oldId }) => oldId),
    form: lines.map(formRow),
    gaps,
    progeny: progeny.map((foal) => ({
      id: foal.id,
      name: describeHorse(foal),
      race_count: foal.raceCount,
    })),
    provenance,
  }
}

/** A horse as a person reads it: what is known, then its form, then what is missing. */
export function horseText(shown: ShownHorse): string {
  const { horse, names, identifiers, lines, gaps, progeny, provenance, retired } = shown
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([key, count]) => `${key} ${count}`)
      .join(', ')
  const old = names.filter(({ name }) => name !== horse.name)
  const pairs = (
    [
      ['id', shown.retiredId === null ? horse.id : `${horse.id} (was ${shown.retiredId})`],
      ['sire', horse.sire],
      [
        'dam',
        horse.dam === null
          ? null
          : `${horse.dam}${horse.damSire === null ? '' : ` (by ${horse.damSire})`}`,
      ],
      ['foaled', horse.foaledOn],
      ['country', horse.country],
      ['starts', `${horse.raceCount} (${horse.firstSeen ?? '–'} to ${horse.lastSeen ?? '–'})`],
      [
        'other names',
        old
          .map(({ name, firstSeen, lastSeen }) => `${name} (${firstSeen} to ${lastSeen})`)
          .join(', '),
      ],
      ['ids', identifiers.map(({ scheme, value }) => `${scheme} ${value}`).join(', ')],
      ['retired ids', retired.map(({ oldId }) => oldId).join(', ')],
      ['sources', counts(provenance.sources)],
      ['linked by', counts(provenance.rules)],
      [
        'progeny',
        progeny.length === 0
          ? null
          : `${progeny.length} seen racing: ${progeny
              .slice(0, 6)
              .map((foal) => `${foal.name} [${foal.id}]`)
              .join(', ')}`,
      ],
    ] as const
  ).filter(([, value]) => value !== null && value !== '')
  const form = lines.length === 0 ? '' : `\n${formTable(lines, terminalWidth())}`
  const missing =
    gaps.length === 0
      ? ''
      : `\nThe sources tell of ${gaps.length} more starts that are not held here:\n${gaps
          .slice(0, 10)
          .map(({ date, track }) => `  ${date}  ${track ?? ''}\n`)
          .join('')}`
  return `${describeHorse(horse)}\n${renderPairs(pairs)}${form}${missing}`
}
