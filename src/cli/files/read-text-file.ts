import { readFile, stat } from 'node:fs/promises'
import { unreadable, UsageError } from '../../errors.ts'

/** A file of the user's as text; a usage error where it cannot be read. */
export async function readTextFile(
  file: string,
  /** Bytes. */
  most = 256 * 1024 * 1024,
): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size <= most) return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
  throw new UsageError(`${file} is larger than ${most} bytes`)
}
