import type { Context } from '../context/context.ts'

/** Archives that the database leans on, where they are now; a copy of the database holds none of them. */
export async function archivesBeside(context: Context): Promise<string[]> {
  const { archives, unitOfWork } = context.database
  const known = await unitOfWork.read(({ archiving }) => archiving.archives())
  return known.map((archive) => archives.find(archive) ?? `${archive.file} (not there)`)
}

export const archiveLines = (files: readonly string[], advice: string): string =>
  files.map((file) => `not in it: the archive ${file}; ${advice}\n`).join('')
