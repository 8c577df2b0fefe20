import { alertNotice } from '../../domain/alerts/alert-notice.ts'
import { healthRules } from '../../domain/alerts/alert-rules.ts'
import {
  afterTelling,
  type AlertLook,
  decideAlerts,
  untold,
} from '../../domain/alerts/decide-alerts.ts'
import { watchHealth } from '../../domain/alerts/watch-health.ts'
import { isoInstant } from '../../domain/dates.ts'
import { HarnessError } from '../../errors.ts'
import { healthSigns, type HealthSignsDeps } from './health-signs.ts'
import type { Logger, Notice } from '../ports.ts'

export interface LookDeps extends HealthSignsDeps {
  readonly log: Logger
  /** False: the owner gave no address. Throws when the notice was not taken. */
  readonly sendNotice: (notice: Notice) => Promise<boolean>
}

/**
 * One look at everything that alerts watch, and one notice of all that has changed. What is on
 * record comes before the notice, and that it was told after it: a notice that did not arrive, or
 * that nobody lived to send, is sent at the next look. `own`: what the command itself knows.
 * Callers hold a lock, for two looks at once would tell the same twice.
 */
export async function lookForAlerts(deps: LookDeps, own: AlertLook): Promise<void> {
  const sightings = [...watchHealth(await healthSigns(deps)), ...own.sightings]
  const rules = new Set([...healthRules, ...own.rules])
  const now = isoInstant(deps.clock.now())
  const alerts = decideAlerts(await deps.alerts.all(), { rules, sightings }, now)
  await deps.alerts.save(alerts)
  const changes = untold(alerts)
  if (changes.length === 0) return
  let told = changes
  try {
    // Without an address what is open stays untold, and is told once there is one.
    if (!(await deps.sendNotice(alertNotice(changes, alerts))))
      told = changes.filter(({ alert }) => alert.state === 'ok')
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error
    deps.log.warn(`${error.message}; it is sent again at the next look`)
    return
  }
  await deps.alerts.save(afterTelling(alerts, told, now))
}
