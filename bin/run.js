#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const argv = process.argv.slice(2)

// Scripts ask for the version before anything else: answer without loading the program.
if (argv[0] === '--version' || argv[0] === '-V') {
  const { platform, arch, version } = process
  process.stdout.write(`${pjson.name}/${pjson.version} ${platform}-${arch} node-${version}\n`)
} else {
  keepCompiled()
  const root = fileURLToPath(new URL('..', import.meta.url))
  const { main } = await import('../dist/main.js')
  await main(argv, { root, version: pjson.version })
}

/**
 * From Node 22 on, compiled code is kept for the next start, which halves it. In the user's own
 * cache: Node's default is a shared folder for temporary files, where others could leave code for us
 * to run. A folder that is not there or cannot be written only means that nothing is kept.
 */
function keepCompiled() {
  const { HOME, XDG_CACHE_HOME: cache = '' } = process.env
  const folder = isAbsolute(cache) ? cache : join(HOME || homedir(), '.cache')
  if (existsSync(folder)) module.enableCompileCache?.(join(folder, 'harness', 'compiled'))
}
