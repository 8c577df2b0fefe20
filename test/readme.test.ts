import { readFileSync } from 'node:fs'
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
