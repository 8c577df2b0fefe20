#!/usr/bin/env node
// Bundles the program into dist/, one entry for each command with shared chunks, and writes oclif's
// manifest last. `node bin/build.js --if-stale` does nothing when dist/ is newer than its sources.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Plugin } from '@oclif/core'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = join(root, 'oclif.manifest.json')

if (process.argv.includes('--if-stale') && isFresh()) process.exit(0)

// A manifest that is older than dist/ hides commands: it goes first and comes back last.
rmSync(manifest, { force: true })
const outdir = join(root, 'dist')
const before = new Set(existsSync(outdir) ? filesBelow(outdir) : [])

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // better-sqlite3 finds its native module beside itself; pg-native is an option that nobody has.
  external: ['better-sqlite3', 'better-sqlite3-13', 'pg-native'],
  // CommonJS packages inside the bundle still ask for these.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module'",
      "import { fileURLToPath as __fileURLToPath } from 'node:url'",
      "import { dirname as __pathDirname } from 'node:path'",
      'const require = __createRequire(import.meta.url)',
      'const __filename = __fileURLToPath(import.meta.url)',
      'const __dirname = __pathDirname(__filename)',
    ].join(';'),
  },
  plugins: [{ name: 'lazy-requires', setup: lazyRequires }],
  logLevel: 'warning',
  metafile: true,
}

const commands = filesBelow(join(root, 'src/commands')).filter((file) => file.endsWith('.ts'))
const program = await build({
  ...shared,
  entryPoints: [
    { in: 'src/cli/main.ts', out: 'main' },
    { in: 'src/cli/command-not-found.ts', out: 'hooks/command-not-found' },
    { in: 'src/cli/command/help.ts', out: 'help' },
    ...commands.map((file) => ({
      in: file,
      out: relative(join(root, 'src'), file).replace(/\.ts$/, ''),
    })),
  ],
  splitting: true,
  minify: true,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
})
const written = [...Object.keys(program.metafile.outputs), writeLicences(program.metafile.inputs)]

// The made-up sources, for the demo and the tests; not part of the package.
if (existsSync(join(root, 'fixtures/world/serve.ts'))) {
  const world = await build({
    ...shared,
    entryPoints: [{ in: 'fixtures/world/serve.ts', out: 'world' }],
    outdir: 'dist',
  })
  written.push(...Object.keys(world.metafile.outputs))
}

// Only now: a program that runs while it is built keeps the files that it has not loaded yet.
const kept = new Set(written.map((file) => resolve(root, file)))
for (const file of before) if (!kept.has(file)) rmSync(file, { force: true })

await writeManifest()

/** Only dist/ is published, and the licences of what is bundled in it ask to go with it. */
function writeLicences(inputs) {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? [],
  )
  const parts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json')))
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim()
    return `${name} ${version} (${license})\n\n${text}\n`
  })
  const target = 'dist/licences.txt'
  writeFileSync(join(root, target), parts.join(`\n${'-'.repeat(72)}\n\n`))
  return target
}

async function writeManifest() {
  const plugin = new Plugin({
    root,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
  await plugin.load()
  writeFileSync(manifest, `${JSON.stringify(plugin.manifest, null, 2)}\n`)
}

/**
 * oclif's modules require each other when they load, help and globbing included. Here each one is
 * required when it is first used: most commands never get to most of them.
 */
function lazyRequires(build) {
  const required = /^const (\w+_\d+) = (?:(__import\w+)\()?(require\("[^"]+"\))\)?;$/gm
  build.onLoad({ filter: /node_modules\/@oclif\/core\/lib\/.*\.js$/ }, ({ path }) => {
    const names = []
    let contents = readFileSync(path, 'utf8').replace(required, (_, name, wrap, call) => {
      names.push(name)
      return `const ${name} = { get $() { return ${wrap ? `${wrap}(${call})` : call} } };`
    })
    for (const name of names)
      contents = contents.replaceAll(new RegExp(`(?<![\\w.])${name}\\.`, 'g'), `${name}.$.`)
    return { contents, loader: 'js' }
  })
}

function isFresh() {
  if (!existsSync(manifest)) return false
  const built = statSync(manifest).mtimeMs
  const sources = ['src', 'migrations', 'fixtures/world', 'bin/build.js', 'package.json']
  return sources
    .map((path) => join(root, path))
    .filter(existsSync)
    .flatMap((path) => (statSync(path).isDirectory() ? [path, ...allBelow(path)] : [path]))
    .every((path) => statSync(path).mtimeMs <= built)
}

function filesBelow(folder) {
  // Types come with the names: another build may take a file away between a look and the next.
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

/** Folders as well: a file that was deleted only shows in the time of its folder. */
function allBelow(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, name))
}
