import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Import {
  /** Path from the root, of the file that imports. */
  readonly from: string
  /** Path from the root of what is imported, or the package's name. */
  readonly to: string
  /** Erased by the compiler: it costs no start-up, but it ties the folders together all the same. */
  readonly typeOnly: boolean
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort()
}

/** Static imports, re-exports and dynamic imports of one file's text. */
function importsOf(from: string, text: string): Import[] {
  const statics = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
  )
  const dynamics = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  const found = [
    ...[...statics].map((match) => ({ word: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...[...dynamics].map((match) => ({ word: match[1] ?? '', typeOnly: false })),
  ]
  return found.map(({ word, typeOnly }) => ({
    from,
    to: word.startsWith('.') ? relative(root, resolve(root, dirname(from), word)) : word,
    typeOnly,
  }))
}

/** Where each folder may reach; the first prefix that fits a file decides. */
const arrows: readonly (readonly [folder: string, mayImport: readonly RegExp[]])[] = [
  ['src/errors.ts', []],
  ['src/domain/dates.ts', [/^src\/domain\//, /^temporal-polyfill$/]],
  ['src/domain/', [/^src\/domain\//]],
  ['src/repositories/', [/^src\/repositories\//, /^src\/domain\//]],
  // The page is a pure function of its data; app gathers that and loads the page when it is asked for.
  [
    'src/dashboard/',
    [/^src\/(dashboard|domain|repositories)\//, /^(@observablehq\/plot|linkedom)$/],
  ],
  [
    'src/app/',
    [
      /^src\/app\//,
      /^src\/dashboard\//,
      /^src\/domain\//,
      /^src\/repositories\//,
      /^src\/errors\.ts$/,
      /^(p-limit|zod)$/,
    ],
  ],
  [
    'src/db/',
    [
      /^src\/(db|domain|repositories)\//,
      /^src\/(app\/ports|errors)\.ts$/,
      /^migrations\//,
      /^(kysely|pg|better-sqlite3)$/,
    ],
  ],
  [
    'src/sources/http/',
    [
      /^src\/(sources\/http|domain|repositories)\//,
      /^src\/(app\/ports|errors)\.ts$/,
      /^(undici|robots-parser|p-limit)$/,
    ],
  ],
  [
    'src/sources/hrnz/',
    [
      /^src\/(sources\/hrnz|domain|repositories)\//,
      /^src\/(app\/ports|errors)\.ts$/,
      /^(htmlparser2|ical\.js|fflate)$/,
    ],
  ],
  [
    'src/sources/tab/',
    [/^src\/(sources\/tab|domain|repositories)\//, /^src\/(app\/ports|errors)\.ts$/, /^zod$/],
  ],
  ['src/sources/files/', [/^src\/(app\/ports|errors)\.ts$/, /^(csv-parse|hyparquet)$/]],
  ['src/ops/', [/^src\/(ops|domain|repositories)\//, /^src\/(app\/ports|errors)\.ts$/]],
  ['src/cli/context/context.ts', [/^src\/(?!commands\/)/]],
  ['src/cli/context/owner.ts', [/^src\/(cli|app|ops)\//]],
  ['src/cli/context/sources.ts', [/^src\/(cli|app|repositories|sources)\//, /^src\/errors\.ts$/]],
  ['src/cli/context/job-locks.ts', [/^src\/(repositories|db)\//, /^src\/errors\.ts$/]],
  [
    'src/cli/',
    [
      /^src\/(cli|app|repositories|domain)\//,
      /^src\/errors\.ts$/,
      /^(@oclif\/core|chalk|cli-progress|cli-table3|hyparquet-writer)$/,
    ],
  ],
  ['src/commands/', [/^src\/(cli|app|domain)\//, /^src\/errors\.ts$/, /^@oclif\/core$/]],
  ['migrations/', [/^migrations\//, /^kysely$/]],
]

function forbidden(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to }) => {
      const mayImport = arrows.find(([folder]) => from.startsWith(folder))?.[1]
      if (mayImport === undefined) return true
      if (to.startsWith('node:')) return isPure(from) && to !== 'node:crypto'
      return !mayImport.some((pattern) => pattern.test(to))
    })
    .map(({ from, to }) => `${from} → ${to}`)
}

/** Folders without effects; a hash of bytes is none. */
function isPure(file: string): boolean {
  return /^src\/(dashboard|domain|repositories)\//.test(file) || file === 'src/errors.ts'
}

const files = [...sourceFiles('src'), ...sourceFiles('migrations')]
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('the arrows between the folders', () => {
  it('point one way', () => {
    expect(forbidden(files.flatMap((file) => importsOf(file, text(file))))).toEqual([])
  })

  it.each([
    ['src/domain/horse.ts', `import { Kysely } from 'kysely'`],
    ['src/domain/horse.ts', `import { readFileSync } from 'node:fs'`],
    ['src/app/scrape.ts', `import type { Schema } from '../db/schema.ts'`],
    ['src/app/scrape.ts', `export { hrnzPages } from '../sources/hrnz/hrnz-pages.ts'`],
    ['src/commands/scrape.ts', `const db = await import('../db/connect.ts')`],
    ['src/cli/text/render.ts', `import {\n  openDatabase,\n} from '../../db/connect.ts'`],
    ['src/sources/tab/x.ts', `import { request } from 'undici'`],
    ['src/sources/http/x.ts', `import { parseDocument } from 'htmlparser2'`],
    ['src/ops/x.ts', `import '../cli/talk.ts'`],
    ['migrations/0009-x.ts', `import { Schema } from '../src/db/schema.ts'`],
    ['src/elsewhere/x.ts', `import { a } from '../domain/a.ts'`],
  ])('would fail on %s with %j', (file, line) => {
    expect(forbidden(importsOf(file, `// first line\n${line}\n`))).toHaveLength(1)
  })

  it('lead to files that exist', () => {
    const missing = files
      .flatMap((file) => importsOf(file, text(file)))
      .filter(({ to }) => to.startsWith('src/') && !existsSync(join(root, to)))
    expect(missing).toEqual([])
  })
})

describe('the sources', () => {
  it('write to the console nowhere: stdout and stderr belong to src/cli', () => {
    expect(files.filter((file) => /\bconsole\.\w/.test(text(file)))).toEqual([])
    const writers = files.filter((file) => /process\.(stdout|stderr)\.write/.test(text(file)))
    expect(writers.filter((file) => !file.startsWith('src/cli/'))).toEqual([])
  })

  it('ask no clock of the machine in domain and app', () => {
    const asks = /Date\.now\(\)|new Date\(\)|performance\.now\(\)|Math\.random\(\)/
    const impure = files.filter(
      (file) => /^src\/(domain|app)\//.test(file) && asks.test(text(file)),
    )
    expect(impure).toEqual([])
  })

  it('load nothing heavy before a command runs', () => {
    const heavy =
      /^(kysely|better-sqlite3|pg|undici|zod|htmlparser2|ical\.js|fflate|cli-table3|cli-progress|hyparquet-writer|linkedom|@observablehq\/plot)$/
    const early = files
      .filter((file) => /^src\/(cli|commands)\//.test(file))
      .flatMap((file) => importsOf(file, text(file).replaceAll(/\bimport\(/g, 'later(')))
      .filter(
        ({ to, typeOnly }) => !typeOnly && (heavy.test(to) || /^src\/(db|sources)\//.test(to)),
      )
    expect(early).toEqual([])
  })
})

interface ManifestCommand {
  readonly summary?: string
  readonly examples?: readonly unknown[]
  readonly flags: Readonly<Record<string, unknown>>
}

describe('the commands', () => {
  const commandFiles = sourceFiles('src/commands')
  const manifest = (): Readonly<Record<string, ManifestCommand>> => {
    expect(inject('buildFailure')).toBe('')
    const json = readFileSync(join(root, 'oclif.manifest.json'), 'utf8')
    return (JSON.parse(json) as { commands: Record<string, ManifestCommand> }).commands
  }

  it('are thin: under 80 lines each', () => {
    const thick = commandFiles.filter((file) => text(file).split('\n').length > 80)
    expect(thick).toEqual([])
  })

  it('all stand in the manifest, which is newer than they are', () => {
    const ids = commandFiles.map((file) =>
      relative('src/commands', file)
        .replace(/(\/index)?\.ts$/, '')
        .replaceAll('/', ':'),
    )
    expect(Object.keys(manifest()).sort()).toEqual(ids.sort())
    const built = statSync(join(root, 'oclif.manifest.json')).mtimeMs
    const newer = commandFiles.filter((file) => statSync(join(root, file)).mtimeMs > built)
    expect(newer).toEqual([])
  })

  it('each have a summary, an example, and the global flags', () => {
    const globals = ['db', 'json', 'quiet', 'verbose', 'progress', 'yes', 'log-format']
    const poor = Object.entries(manifest()).filter(
      ([, { summary, examples, flags }]) =>
        !summary || !examples?.length || globals.some((flag) => !(flag in flags)),
    )
    expect(poor.map(([id]) => id)).toEqual([])
  })

  it('never take a missing argument from stdin: it would eat the input of a shell’s loop', async () => {
    // The manifest leaves the setting out: the classes themselves are asked.
    const eaters: string[] = []
    for (const file of commandFiles) {
      const { default: command } = (await import(join(root, file))) as {
        default: { readonly args?: Readonly<Record<string, { readonly ignoreStdin?: boolean }>> }
      }
      for (const [name, arg] of Object.entries(command.args ?? {}))
        if (arg.ignoreStdin !== true) eaters.push(`${file} ${name}`)
    }
    expect(eaters).toEqual([])
  })
})
