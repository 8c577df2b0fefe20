import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

interface ManifestCommand {
  readonly args: Readonly<Record<string, unknown>>
  readonly relativePath?: readonly string[]
}

/** A command line that names a command, and asks for neither help nor anything unusual. */
export interface DirectCall {
  readonly id: string
  readonly argv: readonly string[]
  readonly module: string
}

/**
 * Looks the command up in the manifest by ourselves. oclif's own way loads its configuration,
 * plugins and help first, which takes longer than `status` itself. Whatever is not plain (help, an
 * unknown word, an argument too many) is left to oclif: undefined.
 */
export function directCall(root: string, argv: readonly string[]): DirectCall | undefined {
  const flagsAt = argv.findIndex((word) => word.startsWith('-'))
  const words = flagsAt === -1 ? argv : argv.slice(0, flagsAt)
  const end = argv.indexOf('--')
  const asked = end === -1 ? argv : argv.slice(0, end)
  if (words.length === 0 || asked.includes('--help') || asked.includes('-h')) return undefined
  const commands = manifestOf(root)
  for (let count = Math.min(words.length, 3); count > 0; count--) {
    const id = words.slice(0, count).join(':')
    const command = commands[id]
    if (command === undefined) continue
    if (count < words.length && Object.keys(command.args).length === 0) return undefined
    if (command.relativePath === undefined) return undefined
    const module = pathToFileURL(join(root, ...command.relativePath)).href
    return { id, argv: argv.slice(count), module }
  }
  return undefined
}

/** The little of oclif's Config that a command asks for while it runs. */
export function directConfig(root: string): object {
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string
    version: string
  }
  return {
    root,
    pjson,
    bin: 'harness',
    name: pjson.name,
    version: pjson.version,
    userAgent: `${pjson.name}/${pjson.version}`,
    runHook: async () => ({ successes: [], failures: [] }),
    scopedEnvVar: () => undefined,
    scopedEnvVarKeys: () => [],
  }
}

function manifestOf(root: string): Readonly<Record<string, ManifestCommand>> {
  try {
    const json = readFileSync(join(root, 'oclif.manifest.json'), 'utf8')
    return (JSON.parse(json) as { commands: Record<string, ManifestCommand> }).commands
  } catch {
    // No build, or one that is being made: oclif finds the commands by looking for their files.
    return {}
  }
}
