import { nearest } from '../did-you-mean.ts'

/** What oclif's parser found wrong, in our words. */
export interface UsageWords {
  readonly message: string
  /** What was probably meant; undefined where nothing is near. */
  readonly meant: string | undefined
}

/** What its errors carry, as far as they do: their classes are not exported. */
interface ParserError extends Error {
  readonly args?: readonly unknown[]
  readonly flags?: readonly unknown[]
  readonly parse?: { readonly input?: { readonly flags?: Readonly<Record<string, unknown>> } }
}

/** oclif's messages are those of a library; a text that is not known here is kept as it is. */
export function usageWords(error: ParserError): UsageWords {
  const own = error.message
    .replace(/\s*See more help with --help\s*$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/^Parsing (--\S+) \n\s*Expected/, '$1: expected')
  if (own.startsWith('Missing') && error.args !== undefined)
    return { message: error.args.map(missingArgument).join('; '), meant: undefined }
  if (own.startsWith('Nonexistent flag'))
    return { message: own.replace(/^Nonexistent/, 'unknown'), meant: flagMeant(error) }
  const option = /^Expected (--[\w-]+)=(.*) to be one of: (.*)$/s.exec(own)
  if (option !== null) {
    const [, flag = '', value = '', names = ''] = option
    const [closest] = nearest(value, names.split(', '))
    return {
      message: `${flag} ${JSON.stringify(value.slice(0, 40))} is none of: ${names}`,
      meant: closest === undefined ? undefined : `${flag} ${closest}`,
    }
  }
  const message = own
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^Missing required flag (\S+)$/, '--$1 is missing')
        .replace(/^Flag (--\S+) expects a value$/, '$1 needs a value'),
    )
    .join('; ')
  return { message, meant: undefined }
}

function missingArgument(argument: unknown): string {
  const { name, description = '' } = argument as { name: string; description?: string }
  const words = description.replace(/\.$/, '')
  return `${name.toUpperCase()} is missing${words === '' ? '' : `: ${lowerFirst(words)}`}`
}

/** `Id or name` becomes `id or name`; `CSV file` and `HRNZ's` stay. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text
}

function flagMeant({ flags = [], parse }: ParserError): string | undefined {
  const known = Object.keys(parse?.input?.flags ?? {}).map((name) => `--${name}`)
  return nearest(String(flags[0]).split('=', 1)[0] ?? '', known)[0]
}
