#!/usr/bin/env node
// `npm run bench`: installs what is missing, builds, measures, and never fails because it is slow.
// `-- --write` puts the tables into README.md, `-- --quick` measures less, `-- --only start-up`
// (history, match) one part. Only what Node brings may be imported before all is installed.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildCommand, installed, root } from './prepare.js'

if (!installed() || !built()) process.exit(1)
const { build } = await import('esbuild')
// Within node_modules, so that better-sqlite3 is found; measured as the program runs, compiled.
const outfile = join(root, 'node_modules/.cache/harness-bench/main.mjs')
await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['better-sqlite3', 'pg-native', 'canvas'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url)",
  },
  logLevel: 'warning',
})
const argv = [outfile, root, ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, argv, { stdio: 'inherit' }).status ?? 1

function built() {
  const [command, ...args] = [...buildCommand, '--if-stale']
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}
