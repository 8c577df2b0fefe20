import type { DateRange } from '../../domain/dates.ts'
import { mergeAnnounced, type CalendarMeeting } from '../../domain/scraping/account-meetings.ts'
import { LayoutChangedError } from '../../errors.ts'
import type { Warning } from '../counts.ts'
import { readListing } from './listing-pages.ts'
import type { AppDeps, Fetcher, HrnzPages } from '../ports.ts'

type Deps = AppDeps & { readonly fetcher: Fetcher; readonly hrnz: HrnzPages }

/**
 * The meetings of a range as the racing dates and the calendar announce them. Either may fail: they
 * only tell what is missing, and no page is read by them.
 */
export async function readCalendar(
  deps: Deps,
  range: DateRange,
  options: { readonly keep: boolean; readonly warnings: Warning[] },
): Promise<readonly CalendarMeeting[]> {
  const { hrnz, progress } = deps
  const { keep, warnings } = options
  const announced: CalendarMeeting[] = []
  const attempt = async (url: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      warnings.push({ code: error.code, subject: url, message: error.message })
    }
    progress.step(url)
  }
  const read = async (url: string, kind: 'dates-index' | 'dates-month' | 'calendar') => {
    const bytes = await readListing(deps, { url, kind, keep })
    if (bytes === undefined)
      warnings.push({ code: `${kind}-missing`, subject: url, message: 'there is no such page' })
    return bytes
  }
  let months: readonly { readonly url: string; readonly month: string | null }[] = []
  await attempt(hrnz.datesIndexUrl, async () => {
    const bytes = await read(hrnz.datesIndexUrl, 'dates-index')
    if (bytes !== undefined) months = hrnz.parseDatesIndex(bytes, hrnz.datesIndexUrl)
  })
  const wanted = months.filter(
    ({ month }) =>
      month !== null && month >= range.from.slice(0, 7) && month <= range.to.slice(0, 7),
  )
  for (const { url, month } of wanted)
    await attempt(url, async () => {
      const bytes = await read(url, 'dates-month')
      if (bytes === undefined) return
      const { meetings, issues } = hrnz.parseDatesMonth(bytes, url, month)
      announced.push(...meetings)
      warnings.push(...issues)
    })
  await attempt(hrnz.calendarUrl, async () => {
    const bytes = await read(hrnz.calendarUrl, 'calendar')
    if (bytes !== undefined) announced.push(...hrnz.parseCalendar(bytes, hrnz.calendarUrl))
  })
  return mergeAnnounced(announced.filter(({ date }) => date >= range.from && date <= range.to))
}
