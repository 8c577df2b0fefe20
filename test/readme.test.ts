import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { root } from './support/run-cli.ts'

interface Manifest {
  readonly commands: Readonly<
    Record<string, { readonly flags: Readonly<Record<string, { readonly allowNo?: boolean }>> }>
  >
}

const readme = readFileSync(join(root, 'README.md'), 'utf8')

function manifest(): Manifest['commands'] {
  expect(inject('buildFailure')).toBe('')
  const text = readFileSync(join(root, 'oclif.manifest.json'), 'utf8')
  return (JSON.parse(text) as Manifest).commands
}

/** Every command line that the README shows, in running text or in a block. */
function commandLines(): string[] {
  const inline = [...readme.matchAll(/`harness ([^`]+)`/g)].map(([, words = '']) => words)
  const inBlocks = readme
    .split('\n')
    .flatMap((line) => /^(?:\$ |[^`|]*\* |ExecStart=)?harness ([a-z].*)$/.exec(line)?.[1] ?? [])
  return [...inline, ...inBlocks].map((words) => words.replace(/\s+#.*$/, ''))
}

it('the README names every command', () => {
  // In a table the first word may be left out where it has just been said.
  const short = [...readme.matchAll(/`([a-z]+(?: [a-z]+)+)`/g)].map(([, words = '']) => words)
  const named = [...commandLines(), ...short]
  const missing = Object.keys(manifest())
    .map((id) => id.replaceAll(':', ' '))
    .filter((name) => !named.some((line) => line === name || line.startsWith(`${name} `)))
  expect(missing).toEqual([])
})

it('every command line in the README is one that the program knows, with its flags', () => {
  const commands = manifest()
  const lines = commandLines()
  expect(lines.length).toBeGreaterThan(20)
  for (const line of lines) {
    const words = line.split(' ')
    const id = [words.slice(0, 2).join(':'), words[0] ?? ''].find((name) => name in commands)
    expect(id, `harness ${line}`).toBeDefined()
    const known = Object.entries(commands[id ?? '']?.flags ?? {}).flatMap(([name, { allowNo }]) =>
      allowNo === true ? [`--${name}`, `--no-${name}`] : [`--${name}`],
    )
    const flags = words.filter((word) => word.startsWith('--')).map((flag) => flag.split('=')[0])
    for (const flag of flags) expect(known, `harness ${line}`).toContain(flag)
  }
})

it('every message in the README is one that the program writes', () => {
  const troubles = /^## Troubleshooting$(.*?)^## /ms.exec(readme)?.[1] ?? ''
  const messages = [...troubles.matchAll(/^\| (`.*?)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
  )
  expect(messages.length).toBeGreaterThan(9)
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  // Codes of the system come from it; an ellipsis stands for what differs each time.
  const ours = messages.filter((message) => !/^E[A-Z]+$/.test(message))
  const unknown = ours.filter((message) => {
    const parts = message.split('…').flatMap((part) => part.trim() || [])
    const words = new RegExp(parts.map(escaped).join('.{1,80}'))
    return parts.length === 0 || !sources.some((text) => words.test(text))
  })
  expect(unknown).toEqual([])
})

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
