import { type AlertRule, alertRules, nextSteps } from './alert-rules.ts'
import type { Alert, AlertChange } from './decide-alerts.ts'

/** What the owner is told of one look: all that has changed, as one notice. */
export interface AlertNotice {
  readonly level: 'problem' | 'warning' | 'recovered'
  readonly title: string
  readonly message: string
}

/** What is more is counted: a notice is read on a telephone. */
const mostLines = 12

const order: readonly AlertChange['kind'][] = ['opened', 'worse', 'passed', 'recovered']

/** `alerts`: all of them as they stand now, told of or not. */
export function alertNotice(
  changes: readonly AlertChange[],
  alerts: readonly Alert[],
): AlertNotice {
  const sorted = changes.toSorted(
    (a, b) =>
      order.indexOf(a.kind) - order.indexOf(b.kind) ||
      Number(b.alert.state === 'error') - Number(a.alert.state === 'error'),
  )
  const bad = sorted.filter(({ kind }) => kind === 'opened' || kind === 'worse')
  const open = alerts.filter(({ state }) => state !== 'ok')
  const lines = sorted.map(lineOf)
  const stillOpen = open.length - bad.length
  return {
    level:
      bad.length === 0
        ? 'recovered'
        : bad.some(({ alert }) => alert.state === 'error')
          ? 'problem'
          : 'warning',
    title: `harness: ${titleOf(sorted, bad, open.length)}`,
    message: [
      ...lines.slice(0, mostLines),
      ...(lines.length > mostLines ? [`and ${lines.length - mostLines} more`] : []),
      ...(stillOpen > 0 ? [`open as before: ${stillOpen}`] : []),
      ...(open.length > 0 ? ['see `harness status`'] : []),
    ]
      .join('\n')
      // To the minute is enough on a telephone.
      .replace(/(T\d\d:\d\d):\d\d\.\d{3}Z/g, '$1Z'),
  }
}

/** What an alert is about, in a few words. */
export function alertName({ rule, subject }: Pick<Alert, 'rule' | 'subject'>): string {
  const name = alertRules[rule as AlertRule] ?? rule
  return subject === '' ? name : `${name}: ${subject}`
}

function titleOf(
  changes: readonly AlertChange[],
  bad: readonly AlertChange[],
  open: number,
): string {
  if (bad.length > 1) return `${bad.length} things to look at`
  const [only] = bad
  if (only !== undefined)
    return only.alert.rule === 'nightly' ? 'the night went wrong' : alertName(only.alert)
  if (open === 0) return 'all is well again'
  return changes.length === 1
    ? `well again: ${alertName(changes[0]!.alert)}`
    : `${changes.length} things are well again`
}

function lineOf({ kind, alert }: AlertChange): string {
  const { state, value, openedAt, recoveredAt } = alert
  if (kind === 'recovered') return `well again: ${alertName(alert)} (since ${openedAt}: ${value})`
  if (kind === 'passed') return `came and went, ${openedAt} to ${recoveredAt ?? '?'}: ${value}`
  const next = nextSteps[alert.rule as AlertRule]
  return `${kind === 'worse' ? 'worse, ' : ''}${state}: ${value}${next === undefined ? '' : ` (${next})`}`
}
