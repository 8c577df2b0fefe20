import type { TabApi } from '../../app/ports.ts'
import { decodeEvent } from './decode-event.ts'
import { decodeMeetings, pageLimit } from './decode-meetings.ts'

export interface TabSettings {
  /** `https://api.tab.co.nz/affiliates/v1` or the made-up source. */
  readonly baseUrl: string
  readonly contact?: string | null | undefined
  readonly partner?: string | null | undefined
  readonly partnerId?: string | null | undefined
}

/** TAB's affiliates API: where it is, who we say we are, and how its answers read. */
export function tabApi(settings: TabSettings): TabApi {
  const base = settings.baseUrl.replace(/\/+$/, '')
  return {
    decoderVersion: 'tab-1',
    headers: identification(settings),
    meetingsUrl: (range, offset = 0) => {
      // `category`, not `type`; `date_from` and `date_to`, not `date`: others are passed over.
      const query = new URLSearchParams({
        category: 'H',
        country: 'NZ',
        date_from: range.from,
        date_to: range.to,
        limit: String(pageLimit),
        offset: String(offset),
      })
      return `${base}/racing/meetings?${query.toString()}`
    },
    eventUrl: (eventId) => `${base}/racing/events/${encodeURIComponent(eventId)}`,
    decodeMeetings,
    decodeEvent,
  }
}

/** The headers that TAB asks its users to send; what is not configured is not sent. */
function identification(settings: TabSettings): Record<string, string> {
  const headers: Record<string, string> = {}
  if (settings.contact) headers['From'] = settings.contact
  if (settings.partner) headers['X-Partner'] = settings.partner
  if (settings.partnerId) headers['X-Partner-ID'] = settings.partnerId
  return headers
}
