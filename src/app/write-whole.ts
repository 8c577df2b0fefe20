import { realpath, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * Writes a file whole or not at all: whoever reads it meanwhile finds the former one. The draft lies
 * beside it, for a rename does not reach over file systems; it is hidden, and its name does not end
 * as those that node_exporter reads (`*.prom`). Gives the bytes.
 */
export async function writeWhole(file: string, text: string): Promise<number> {
  // A link stays one: whoever made it wants the file where it leads.
  const target = await realpath(file).catch(() => file)
  const draft = join(dirname(target), `.${basename(target)}.${process.pid}.partial`)
  const bytes = Buffer.from(text)
  try {
    await writeFile(draft, bytes)
    await rename(draft, target)
  } finally {
    await rm(draft, { force: true })
  }
  return bytes.length
}
