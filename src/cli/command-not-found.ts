import type { Config } from '@oclif/core'
import { UsageError } from '../errors.ts'
import { nearest } from './did-you-mean.ts'
import { safeLine } from './text/safe-text.ts'

/** oclif's hook: says what was meant, exit code 2. */
export function commandNotFound(options: { id: string; config: Config }): never {
  const ids = options.config.commandIDs.map((id) => id.replaceAll(':', ' '))
  const typed = safeLine(options.id.replaceAll(':', ' ')).slice(0, 100)
  // oclif glues the words after a command that takes no arguments to its name.
  const command = ids
    .filter((id) => typed.startsWith(`${id} `))
    .reduce<string | undefined>((a, b) => ((a?.length ?? 0) > b.length ? a : b), undefined)
  if (command !== undefined) {
    const rest = typed.slice(command.length + 1)
    const below = ids.filter((id) => id.startsWith(`${command} `))
    const [meant] = nearest(
      rest,
      below.map((id) => id.slice(command.length + 1)),
    )
    throw new UsageError(
      `unexpected argument after \`harness ${command}\`: ${rest}`,
      meant === undefined
        ? `See \`harness ${command} --help\`.`
        : `Did you mean \`harness ${command} ${meant}\`?`,
    )
  }
  if (typed.startsWith('-'))
    throw new UsageError(
      `unknown flag ${typed}`,
      'Flags come after a command; see `harness --help`.',
    )
  const [closest] = nearest(typed, ids)
  throw new UsageError(
    `unknown command \`${typed}\``,
    closest === undefined ? 'See `harness --help`.' : `Did you mean \`harness ${closest}\`?`,
  )
}
