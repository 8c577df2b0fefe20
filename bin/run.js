#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const argv = process.argv.slice(2)

// Scripts ask for the version before anything else: answer without loading the program.
if (argv[0] === '--version' || argv[0] === '-V') {
  const { platform, arch, version } = process
  process.stdout.write(`${pjson.name}/${pjson.version} ${platform}-${arch} node-${version}\n`)
} else {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const { main } = await import('../dist/main.js')
  await main(argv, { root, version: pjson.version })
}
