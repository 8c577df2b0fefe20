import { open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pageMark } from '../../dashboard/page-mark.ts'
import { UsageError } from '../../errors.ts'

/** The mark stands within the first bytes of a page. */
const headBytes = 2000

/**
 * Throws where a page may not be written: there is no folder, or something stands there that is no
 * page of ours. `overwrite` allows any file but a database, which nobody can mean.
 */
export async function refuseOtherFile(file: string, overwrite: boolean): Promise<void> {
  const folder = await stat(dirname(file)).catch(() => undefined)
  if (folder?.isDirectory() !== true)
    throw new UsageError(
      `there is no folder ${dirname(file)}`,
      'Make it, or choose another place for the page.',
    )
  const found = await stat(file).catch(() => undefined)
  if (found === undefined) return
  if (!found.isFile()) throw new UsageError(`${file} is no file`, 'Name a file: dashboard.html.')
  const head = await headOf(file)
  if (head.startsWith('SQLite format 3'))
    throw new UsageError(`${file} is a database`, 'Name another file: dashboard.html.')
  if (overwrite || found.size === 0 || head.includes(pageMark)) return
  throw new UsageError(
    `${file} is there and is no dashboard`,
    'Name another file, or say --yes to write over it.',
  )
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
