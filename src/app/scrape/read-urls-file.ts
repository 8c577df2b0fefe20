import { readFile } from 'node:fs/promises'
import { UsageError } from '../../errors.ts'

const mostBytes = 10_000_000

/** Addresses in a file, one a line; empty lines and what follows a `#` of its own are left out. */
export async function readUrlsFile(path: string): Promise<string[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      'Name a text file with one address a line.',
    )
  }
  if (text.length > mostBytes) throw new UsageError(`${path} is larger than any list of addresses`)
  const urls = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && line !== '\ufeff')
  if (urls.length === 0) throw new UsageError(`${path} names no address`)
  return urls
}
