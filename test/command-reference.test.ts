import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { root } from './support/run-cli.ts'

interface Flag {
  readonly type: 'boolean' | 'option'
  readonly summary?: string
  readonly helpValue?: string
  readonly helpGroup?: string
  readonly char?: string
  readonly required?: boolean
  readonly multiple?: boolean
  readonly allowNo?: boolean
  readonly hidden?: boolean
  readonly default?: unknown
  readonly options?: readonly string[]
}
interface Command {
  readonly summary: string
  readonly description?: string
  readonly examples: readonly (string | { readonly command: string })[]
  readonly args: Readonly<
    Record<string, { readonly required?: boolean; readonly description?: string }>
  >
  readonly flags: Readonly<Record<string, Flag>>
  readonly hidden?: boolean
}

/** The same words that `--help` shows, for all commands on one page. */
function commandReference(commands: Readonly<Record<string, Command>>): string {
  const ids = Object.keys(commands)
    .filter((id) => commands[id]?.hidden !== true)
    .toSorted()
  const shared = sharedFlags(Object.values(commands))
  return [
    '# Commands',
    '',
    'What `harness COMMAND --help` shows, on one page. Every command takes these as well:',
    '',
    ...flagLines(shared),
    ...ids.flatMap((id) => commandLines(id.replaceAll(':', ' '), commands[id]!, shared)),
    '',
  ].join('\n')
}

/** The flags that every command has. */
function sharedFlags(commands: readonly Command[]): Command['flags'] {
  return Object.fromEntries(
    Object.entries(commands[0]?.flags ?? {}).filter(([name]) =>
      commands.every(({ flags }) => name in flags),
    ),
  )
}

function commandLines(name: string, command: Command, shared: Command['flags']): string[] {
  const args = Object.entries(command.args)
  const words = args.map(([arg, { required }]) => (required ? `<${arg}>` : `[${arg}]`))
  const own = Object.entries(command.flags).filter(([flag]) => !(flag in shared))
  const flags = flagLines(Object.fromEntries(own))
  const examples = command.examples.map((example) =>
    (typeof example === 'string' ? example : example.command)
      .replaceAll('<%= config.bin %>', 'harness')
      .replaceAll('<%= command.id %>', name),
  )
  return [
    '',
    `## harness ${[name, ...words].join(' ')}`,
    '',
    command.summary,
    ...(command.description === undefined ? [] : ['', command.description]),
    ...(args.length + flags.length === 0 ? [] : ['']),
    ...args.map(([arg, { description }]) => `- \`${arg}\`: ${description ?? ''}`),
    ...flags,
    '',
    '```sh',
    ...examples,
    '```',
  ]
}

function flagLines(flags: Command['flags']): string[] {
  return Object.entries(flags)
    .filter(([, flag]) => flag.hidden !== true)
    .map(([name, flag]) => {
      const value = flag.type === 'boolean' ? '' : ` ${flag.helpValue ?? name.toUpperCase()}`
      const notes = [
        ...(flag.required === true ? ['required'] : []),
        ...(flag.options === undefined ? [] : [flag.options.join(', ')]),
        ...(flag.multiple === true ? ['may be repeated'] : []),
        ...(flag.default === undefined || flag.type === 'boolean'
          ? []
          : [`default ${String(flag.default)}`]),
      ]
      const more = notes.length === 0 ? '' : ` (${notes.join('; ')})`
      return `- \`--${flag.allowNo === true ? '[no-]' : ''}${name}${value}\`: ${flag.summary ?? ''}${more}`
    })
}

it('docs/commands.md is what --help says; `npm run unit -- test/command-reference.test.ts -u` writes it anew', async () => {
  expect(inject('buildFailure')).toBe('')
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, Command>
  }
  await expect(commandReference(manifest.commands)).toMatchFileSnapshot(
    join(root, 'docs/commands.md'),
  )
})
