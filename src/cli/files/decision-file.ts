import { writeFile } from 'node:fs/promises'
import { Args } from '@oclif/core'
import { counted } from '../../domain/counted.ts'
import { UsageError } from '../../errors.ts'
import type { Answer } from '../command/reading-command.ts'

export const exportFileArgs = {
  file: Args.string({
    required: true,
    ignoreStdin: true,
    description: 'File to write; - is stdout.',
  }),
}

export const importFileArgs = {
  file: Args.string({ required: true, ignoreStdin: true, description: 'File to read.' }),
}

/** Decisions as lines of JSON, into a file or, for `-`, to stdout. */
export async function writeDecisionLines(file: string, lines: readonly string[]): Promise<Answer> {
  const text = lines.map((line) => `${line}\n`).join('')
  if (file === '-') return { object: lines.map((line) => JSON.parse(line) as unknown), text }
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new UsageError(
      `the folder of ${file} does not exist`,
      'Make it, or choose another place.',
    )
  })
  return {
    object: { file, decisions: lines.length },
    text: `${counted(lines.length, 'decision')} written to ${file}\n`,
  }
}

/** `3 decisions taken, 1 stood here already` */
export function takenInWords(
  { created, unchanged }: { readonly created: number; readonly unchanged: number },
  isDryRun: boolean,
): string {
  const stood = `${unchanged} stood here already`
  return `${counted(created, 'decision')} ${isDryRun ? 'would be ' : ''}taken, ${stood}`
}
