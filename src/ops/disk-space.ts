import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Bytes that are free to us where a file lies. */
export async function freeBytesBeside(file: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(file))
  return bavail * bsize
}
