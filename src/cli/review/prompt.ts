import { createInterface } from 'node:readline/promises'
import { UsageError } from '../../errors.ts'
import { safeText } from '../text/safe-text.ts'

/** Only a person at a terminal can be asked; under cron a question would wait for ever. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** One line from the terminal; empty input gives `fallback`. */
export async function ask(
  question: string,
  fallback: string,
  signal: AbortSignal,
): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const shown = fallback === '' ? question : `${question} [${fallback}]`
    const answer = await terminal.question(`${safeText(shown)} `, { signal })
    return answer.trim() || fallback
  } finally {
    terminal.close()
  }
}

/**
 * Asks before something that cannot be taken back. `--yes` answers; without it and without a
 * terminal it is a usage error that names the flag.
 */
export async function confirm(
  question: string,
  how: { readonly yes: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  if (how.yes) return true
  if (!canAsk())
    throw new UsageError(
      `${question}: there is no terminal to ask at`,
      'Say --yes if that is what you want.',
    )
  return /^y(es)?$/i.test(await ask(`${question}? (y/N)`, '', how.signal))
}
