// `npm run dev -- status`: no line for the shell here, tsx cannot read one that holds the word import.
// The commands as they stand in src/, without a build. oclif's own way of finding tsx does not work
// for ES modules and would silently run dist/: so it is pointed at the sources instead.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Plugin, settings } from '@oclif/core'
import { main } from '../src/cli/main.ts'

settings.enableAutoTranspile = false
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
pjson.oclif.commands = './src/commands'
pjson.oclif.hooks = { command_not_found: './src/cli/command-not-found.ts' }
pjson.oclif.helpClass.target = './src/cli/command/help.ts'
const root = fileURLToPath(new URL('..', import.meta.url))
// Given ready-made: oclif would read the manifest of the last build and run that build.
const plugin = new Plugin({ root, pjson, ignoreManifest: true })
await plugin.load()
const plugins = new Map([[plugin.name, plugin]])
await main(process.argv.slice(2), { root, version: pjson.version, plugins })
