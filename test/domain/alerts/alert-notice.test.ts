import { describe, expect, it } from 'vitest'
import { alertNotice } from '../../../src/domain/alerts/alert-notice.ts'
import type { Alert, AlertChange } from '../../../src/domain/alerts/decide-alerts.ts'

function anAlert(more: Partial<Alert> = {}): Alert {
  return {
    rule: 'slow',
    subject: 'api',
    state: 'warn',
    openedAt: '2026-03-10T00:00:00.000Z',
    recoveredAt: null,
    value: 'api is slow',
    clearLooks: 0,
    told: 'ok',
    toldAt: null,
    ...more,
  }
}
const change = (kind: AlertChange['kind'], more: Partial<Alert> = {}): AlertChange => ({
  kind,
  alert: anAlert({
    ...(kind === 'recovered' || kind === 'passed'
      ? { state: 'ok', recoveredAt: '2026-03-10T09:00:00.000Z' }
      : {}),
    ...more,
  }),
})
const noticeOf = (...changes: AlertChange[]) =>
  alertNotice(
    changes,
    changes.map(({ alert }) => alert),
  )

describe('a notice of alerts', () => {
  it('names the one thing that opened, and what to do about it', () => {
    expect(noticeOf(change('opened'))).toEqual({
      level: 'warning',
      title: 'harness: slow answers: api',
      message: 'warn: api is slow (nothing to do unless it lasts)\nsee `harness status`',
    })
  })

  it('is one of all that changed, the worst first', () => {
    const { level, title, message } = noticeOf(
      change('recovered', { subject: 'a' }),
      change('opened', { subject: 'b' }),
      change('opened', { subject: 'c', state: 'error', value: 'c is down' }),
      change('passed', { subject: 'd', value: 'd was down' }),
    )
    expect({ level, title }).toEqual({ level: 'problem', title: 'harness: 2 things to look at' })
    expect(message).toContain('came and went, 2026-03-10T00:00Z to 2026-03-10T09:00Z: d was down')
    expect(message.split('\n').map((line) => line.slice(0, 13))).toEqual([
      'error: c is d',
      'warn: api is ',
      'came and went',
      'well again: s',
      'see `harness ',
    ])
  })

  it('says that all is well only when nothing is open', () => {
    const recovered = change('recovered')
    expect(noticeOf(recovered)).toMatchObject({
      level: 'recovered',
      title: 'harness: all is well again',
    })
    const open = [recovered.alert, anAlert({ subject: 'b', told: 'warn' })]
    const { title, message } = alertNotice([recovered], open)
    expect(title).toBe('harness: well again: slow answers: api')
    expect(message).toContain('open as before: 1')
  })

  it('counts what is too much to read', () => {
    const many = Array.from({ length: 40 }, (_, i) => change('opened', { subject: `h${i}` }))
    const { message } = noticeOf(...many)
    expect(message.split('\n')).toHaveLength(14)
    expect(message).toContain('and 28 more')
  })
})
