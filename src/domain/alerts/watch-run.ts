import type { AlertLevel, Sighting } from './decide-alerts.ts'

/** What a scheduled command left with, as an alert of its own. The rule has the command's name. */
export function watchRun(
  command: string,
  ended: { readonly exitCode: number; readonly outcome: string },
): Sighting {
  const { exitCode, outcome } = ended
  // 3 and 4: partly done, or left to another run that is at it.
  const isClear = exitCode === 0 || exitCode === 4 || (exitCode === 3 && command !== 'nightly')
  return {
    rule: command,
    subject: '',
    level: isClear ? 'ok' : levelOf(command, exitCode),
    isClear,
    value: `${command === 'nightly' ? 'the night' : command}: ${outcome}`,
  }
}

/** A source that is away for an hour is no alert; that it was away at night is one. */
function levelOf(command: string, exitCode: number): AlertLevel {
  if (command !== 'nightly') return exitCode === 1 ? 'error' : 'ok'
  return exitCode === 3 ? 'warn' : 'error'
}
