import { UsageError } from '../../errors.ts'
import { readTextFile } from './read-text-file.ts'

/** Fields and their columns, from a JSON file and from `field=column` words; the words win. */
export async function readColumnMap(
  words: readonly string[],
  file: string | undefined,
): Promise<Record<string, string>> {
  const map = file === undefined ? {} : parse(await readTextFile(file, 1_000_000), file)
  for (const word of words) {
    const at = word.indexOf('=')
    if (at < 1 || at === word.length - 1)
      throw new UsageError(
        `--map ${JSON.stringify(word)} is no FIELD=COLUMN`,
        'For example --map horse_name=Runner.',
      )
    map[word.slice(0, at).trim()] = word.slice(at + 1)
  }
  return map
}

function parse(text: string, file: string): Record<string, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}`)
  }
  const isMap =
    value !== null &&
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((column) => typeof column === 'string')
  if (!isMap) throw new UsageError(`${file} is no object of fields and columns`)
  return { ...(value as Record<string, string>) }
}
