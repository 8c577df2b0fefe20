import { describe, expect, it } from 'vitest'
import { type HealthSigns, watchHealth } from '../../../src/domain/alerts/watch-health.ts'

const now = Date.parse('2026-03-10T00:00:00.000Z')
const ago = (hours: number): string => new Date(now - hours * 3_600_000).toISOString()

const calm: HealthSigns = {
  now,
  sources: [{ source: 'tab_api', attempts: 100, failures: 1, lastSuccess: ago(5) }],
  hosts: [{ host: 'api', requests: 100, p95Ms: 900 }],
  layoutChanged: [],
  refused: [],
  missedWindows: 0,
  overduePages: 0,
  sizeBytes: 50e6,
  maxBytes: null,
  freeBytes: 10e9,
  lastBackup: ago(20),
  watcher: { startedAt: ago(99), endedAt: null, exitCode: null, lastRoundAt: ago(1), nextAt: null },
}

/** Level of the rule, with `~` where it is neither bad nor clear. */
function levelOf(rule: string, signs: Partial<HealthSigns>): string {
  const found = watchHealth({ ...calm, ...signs }).find((one) => one.rule === rule)
  if (found === undefined) return 'ok'
  return found.level === 'ok' && !found.isClear ? '~' : found.level
}

const source = (more: object) => ({ sources: [{ ...calm.sources[0]!, ...more }] })
const host = (more: object) => ({ hosts: [{ ...calm.hosts[0]!, ...more }] })
const watcher = (more: object) => ({ watcher: { ...calm.watcher!, ...more } })

describe('the health of the work', () => {
  it('is good where nothing is wrong', () => {
    expect(watchHealth(calm).every(({ level, isClear }) => level === 'ok' && isClear)).toBe(true)
  })

  it.each<[string, Partial<HealthSigns>, string]>([
    ['silent', source({ lastSuccess: ago(4.5 * 24) }), '~'],
    ['silent', source({ lastSuccess: ago(6 * 24) }), 'warn'],
    ['silent', source({ lastSuccess: ago(11 * 24) }), 'error'],
    ['silent', source({ lastSuccess: null }), 'ok'],
    ['silent', source({ source: 'manual', lastSuccess: ago(9999) }), 'ok'],
    ['failing', source({ failures: 15 }), '~'],
    ['failing', source({ failures: 21 }), 'warn'],
    ['failing', source({ failures: 51 }), 'error'],
    ['failing', source({ attempts: 3, failures: 3 }), 'ok'],
    ['slow', host({ p95Ms: 9_000 }), '~'],
    ['slow', host({ p95Ms: 11_000 }), 'warn'],
    ['slow', host({ p95Ms: 31_000 }), 'error'],
    ['slow', host({ p95Ms: 31_000, requests: 5 }), 'ok'],
    ['layout', { layoutChanged: [{ source: 'hrnz_scraper', pages: 1 }] }, 'error'],
    ['refused', { refused: [{ host: 'x', isHeld: true, until: ago(-1), reason: null }] }, 'error'],
    ['refused', { refused: [{ host: 'x', isHeld: false, until: ago(1), reason: null }] }, '~'],
    ['missed', { missedWindows: 4 }, '~'],
    ['missed', { missedWindows: 6 }, 'warn'],
    ['overdue', { overduePages: 15 }, '~'],
    ['overdue', { overduePages: 21 }, 'warn'],
    ['size', { maxBytes: 64e6 }, '~'],
    ['size', { maxBytes: 60e6 }, 'warn'],
    ['size', { maxBytes: 51e6 }, 'error'],
    ['disk', { freeBytes: 550e6 }, '~'],
    ['disk', { freeBytes: 400e6 }, 'warn'],
    ['disk', { freeBytes: 90e6 }, 'error'],
    ['disk', { freeBytes: 5e9, sizeBytes: 6e9 }, 'error'],
    ['disk', { freeBytes: null }, 'ok'],
    ['backup', { lastBackup: ago(4 * 24) }, 'warn'],
    ['backup', { lastBackup: ago(9 * 24) }, 'error'],
    ['backup', { lastBackup: null }, 'ok'],
    ['heartbeat', watcher({ lastRoundAt: ago(2) }), 'error'],
    ['heartbeat', watcher({ lastRoundAt: ago(2), nextAt: ago(0.5) }), 'ok'],
    ['heartbeat', watcher({ lastRoundAt: null, startedAt: ago(0.5) }), 'ok'],
    ['heartbeat', watcher({ lastRoundAt: ago(9), endedAt: ago(9), exitCode: 0 }), 'ok'],
    ['heartbeat', watcher({ lastRoundAt: ago(9), endedAt: ago(9), exitCode: 1 }), 'error'],
    ['heartbeat', { watcher: null }, 'ok'],
  ])('%s with %j is %s', (rule, signs, level) => {
    expect(levelOf(rule, signs)).toBe(level)
  })

  it('leaves figures by name, each once', () => {
    const measures = watchHealth(calm).flatMap(({ figure }) => figure?.measure ?? [])
    expect(measures).toEqual([
      'pages-failed tab_api',
      'answer-p95-ms api',
      'missed-windows',
      'pages-overdue',
      'database-bytes',
      'free-bytes',
    ])
  })
})
