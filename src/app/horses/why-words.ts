import { correctableFields } from '../../domain/reconcile/corrections.ts'
import { UsageError } from '../../errors.ts'

/** `4 7 finish_position` and `4 distance_m`: a column may be the last word, whatever its place. */
export function whyWords(
  words: readonly (string | undefined)[],
  flag: string | undefined,
): {
  readonly race: string | null
  readonly starter: string | null
  readonly field: string | null
} {
  const given = words.filter((word) => word !== undefined)
  const last = given.at(-1)
  const isColumn =
    last !== undefined &&
    Object.values(correctableFields).some((fields) => Object.hasOwn(fields, last))
  const places = isColumn ? given.slice(0, -1) : given
  if (places.length > 2) {
    throw new UsageError(
      `${JSON.stringify(places[2])} is no column`,
      'Say meeting, race, starter, column: `harness reconcile why 12 4 7 finish_position`.',
    )
  }
  return {
    race: places[0] ?? null,
    starter: places[1] ?? null,
    field: flag ?? (isColumn ? last : null),
  }
}
