import { Chalk, type ChalkInstance } from 'chalk'

/** Colours for what is written to this stream; none in a pipe, nor where NO_COLOR is set. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): ChalkInstance {
  const wanted = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return new Chalk({ level: wanted ? 1 : 0 })
}
