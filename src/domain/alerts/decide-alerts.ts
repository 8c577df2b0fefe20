/** What a rule can say of one thing at one look. */
export type AlertLevel = 'ok' | 'warn' | 'error'

/** One thing as a look found it. */
export interface Sighting {
  readonly rule: string
  /** What it is about: a host, a source, a rule of the quality report; empty where there is one. */
  readonly subject: string
  readonly level: AlertLevel
  /**
   * Well on the good side. A figure just below its limit is neither bad nor clear: an open alert
   * stays as it is, a closed one closed.
   */
  readonly isClear: boolean
  /** How it stands, as a sentence. */
  readonly value: string
}

/** What is on record of one thing. Instants in ISO 8601. */
export interface Alert {
  readonly rule: string
  readonly subject: string
  readonly state: AlertLevel
  /** When it opened, the last time that it did. */
  readonly openedAt: string
  /** Null while it is open. */
  readonly recoveredAt: string | null
  /** How it stood at the last look at which it was bad. */
  readonly value: string
  /** Clear looks in a row. */
  readonly clearLooks: number
  /** What the owner was told last; null: nothing of the last time that it was open, which is over. */
  readonly told: AlertLevel | null
  readonly toldAt: string | null
}

/** One look: what was found, and which rules it looked at. */
export interface AlertLook {
  readonly rules: ReadonlySet<string>
  readonly sightings: readonly Sighting[]
}

export interface AlertChange {
  /** `passed`: it opened and recovered while no notice arrived. */
  readonly kind: 'opened' | 'worse' | 'recovered' | 'passed'
  readonly alert: Alert
}

/**
 * An alert opens at the first bad look and recovers after two clear ones in a row, so that a figure
 * that wavers about its limit is told once. While it is open it can only get worse.
 */
const clearLooksToRecover = 2

/**
 * These say that something happened, or that nothing came, not how a figure stands: they are over
 * when they are over.
 */
const overAtOnce: ReadonlySet<string> = new Set([
  'nightly',
  'refused',
  'layout',
  'backup',
  'silent',
  'heartbeat',
])

const severity: readonly (AlertLevel | null)[] = [null, 'ok', 'warn', 'error']
const rank = (level: AlertLevel | null): number => severity.indexOf(level)

/** The alerts after a look; those of rules that it did not look at stay as they are. */
export function decideAlerts(
  previous: readonly Alert[],
  { rules, sightings }: AlertLook,
  now: string,
): Alert[] {
  const seen = new Map(sightings.map((sighting) => [keyOf(sighting), sighting]))
  const known = previous.map((alert) => {
    if (!rules.has(alert.rule)) return alert
    const sighting = seen.get(keyOf(alert))
    seen.delete(keyOf(alert))
    // What is not there any more (a host, a rule) cannot be bad.
    return lookAgain(alert, sighting ?? { ...alert, level: 'ok', isClear: true }, now)
  })
  const fresh = [...seen.values()]
    .filter(({ rule, level }) => rules.has(rule) && level !== 'ok')
    .map((sighting) => opened(sighting, { told: 'ok', toldAt: null }, now))
  return [...known, ...fresh]
}

/** What the owner does not know yet. */
export function untold(alerts: readonly Alert[]): AlertChange[] {
  return alerts.flatMap((alert) => {
    const kind = changeOf(alert)
    return kind === undefined ? [] : [{ kind, alert }]
  })
}

/** The same alerts after the owner was told of the changes. */
export function afterTelling(
  alerts: readonly Alert[],
  changes: readonly AlertChange[],
  now: string,
): Alert[] {
  const told = new Set(changes.map(({ alert }) => keyOf(alert)))
  return alerts.map((alert) =>
    told.has(keyOf(alert)) ? { ...alert, told: alert.state, toldAt: now } : alert,
  )
}

function lookAgain(alert: Alert, sighting: Omit<Sighting, 'subject'>, now: string): Alert {
  const { level, isClear, value } = sighting
  if (alert.state === 'ok')
    return level === 'ok'
      ? alert
      : opened({ ...alert, level, value }, { told: alert.told, toldAt: alert.toldAt }, now)
  if (level !== 'ok') {
    const state = rank(level) > rank(alert.state) ? level : alert.state
    return { ...alert, state, value, clearLooks: 0 }
  }
  const clearLooks = isClear ? alert.clearLooks + 1 : 0
  if (clearLooks < (overAtOnce.has(alert.rule) ? 1 : clearLooksToRecover))
    return { ...alert, clearLooks }
  return {
    ...alert,
    state: 'ok',
    recoveredAt: now,
    clearLooks: 0,
    told: alert.told === 'ok' ? null : alert.told,
  }
}

function opened(
  { rule, subject, level, value }: Omit<Sighting, 'isClear'>,
  telling: Pick<Alert, 'told' | 'toldAt'>,
  now: string,
): Alert {
  return {
    rule,
    subject,
    state: level,
    openedAt: now,
    recoveredAt: null,
    value,
    clearLooks: 0,
    ...telling,
  }
}

function changeOf({ state, told }: Alert): AlertChange['kind'] | undefined {
  if (state === 'ok') return told === null ? 'passed' : told === 'ok' ? undefined : 'recovered'
  if (told === null || told === 'ok') return 'opened'
  // One that recovered and opened again before that could be told is still the one they know.
  return rank(state) > rank(told) ? 'worse' : undefined
}

const keyOf = ({ rule, subject }: Pick<Alert, 'rule' | 'subject'>): string => `${rule}\n${subject}`
