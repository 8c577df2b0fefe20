import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UsageError } from '../../errors.ts'

export interface SavedFile {
  readonly path: string
  readonly name: string
  readonly bytes: Uint8Array
  /** Epoch ms: when the page was saved, as far as the file knows. */
  readonly savedAt: number
}

/** A zip of a year's pages, or a HAR file with all pictures. */
const largestFile = 500_000_000
/** Dynamic pages that a program saved have no ending but their address's arguments. */
const isPage = (name: string): boolean =>
  /\.(?:x?html?|mht|mhtml|har|zip|ics)$|^(?:.*[/\\])?wsd06x[?@%]/i.test(name)

/** Saved pages below the given files and folders, in order of their names; one is read at a time. */
export async function* savedFiles(paths: readonly string[]): AsyncGenerator<SavedFile> {
  for (const path of paths) {
    const state = await stateOf(path)
    if (!state.isDirectory()) {
      yield await readSaved(path)
      continue
    }
    const names = (await readdir(path, { recursive: true })).filter(isPage).sort()
    for (const name of names) {
      const file = join(path, name)
      if ((await stateOf(file)).isFile()) yield await readSaved(file)
    }
  }
}

async function readSaved(path: string): Promise<SavedFile> {
  const state = await stateOf(path)
  const { size, mtimeMs } = state
  // A device or a pipe has no size and may have no end.
  if (!state.isFile())
    throw new UsageError(`${path} is no file`, 'Name a saved HTML page or a folder of them.')
  if (size > largestFile)
    throw new UsageError(
      `${path} is larger than any page (${size} bytes)`,
      'Name HTML, MHTML, HAR or zip files.',
    )
  return { path, name: basename(path), bytes: await readFile(path), savedAt: Math.floor(mtimeMs) }
}

async function stateOf(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    throw new UsageError(
      `cannot read ${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`,
      'Name a saved HTML page or a folder of them.',
    )
  }
}
