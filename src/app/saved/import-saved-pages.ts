import type { CalendarMeeting } from '../../domain/scraping/account-meetings.ts'
import { type HarnessError, InterruptedError, LayoutChangedError } from '../../errors.ts'
import { addCounts, RunCounts, type Warning } from '../counts.ts'
import { SavedParts } from './join-saved-pages.ts'
import type { PageKind } from '../ports.ts'
import { savedFiles } from './saved-files.ts'
import { knownPages, type KnownPage, type SavedDeps } from './saved-page.ts'
import type { ScrapeResult } from '../scrape/scrape-meetings.ts'
import { accountSaved, isListPage, takeSavedList } from './take-saved-list.ts'
import { isMeetingPage, takeSavedMeeting } from './take-saved-meeting.ts'

/**
 * Pages that were saved in a browser: the way that works when the site refuses a program. Every kind
 * that is fetched is taken, and what it says is applied as if it had been fetched.
 */
export async function importSavedPages(
  deps: SavedDeps,
  paths: readonly string[],
): Promise<ScrapeResult> {
  const run = new RunCounts()
  const counts = run.sum
  const warnings: Warning[] = []
  const taken = new Map<PageKind, number>()
  const announced: CalendarMeeting[] = []
  const parts = new SavedParts(deps)
  let refused = 0
  let stopped: InterruptedError | undefined
  const refuse = (subject: string, { code, message }: HarnessError): void => {
    refused++
    counts.meetings.failed++
    warnings.push({ code, subject, message })
  }
  const take = async (page: KnownPage): Promise<void> => {
    try {
      if (isMeetingPage(page)) run.add(await takeSavedMeeting(deps, page))
      else if (isListPage(page)) {
        const list = await takeSavedList(deps, page)
        announced.push(...list.announced)
        warnings.push(...list.issues)
      } else await parts.add(page)
      taken.set(page.kind, (taken.get(page.kind) ?? 0) + 1)
    } catch (error) {
      if (!(error instanceof LayoutChangedError)) throw error
      refuse(page.name, error)
    }
  }
  // Lists first: they know what other pages do not tell, the club's number and the year of a card.
  for (const takesLists of [true, false])
    for await (const file of savedFiles(paths)) {
      if (deps.signal.aborted) {
        stopped = new InterruptedError()
        break
      }
      for (const { name, page, error } of knownPages(deps.hrnz, file)) {
        if (page !== undefined && isListPage(page) === takesLists) await take(page)
        else if (error !== undefined && takesLists) refuse(name, error)
      }
    }
  await accountSaved(deps, announced)
  if (stopped === undefined)
    for await (const { name, counts: more, error } of parts.join()) {
      if (error === undefined) addCounts(counts, more)
      else refuse(name, error)
    }
  return {
    counts,
    warnings,
    partial: refused > 0,
    outcome: outcomeText(taken, refused),
    ...(stopped === undefined ? {} : { stopped }),
  }
}

function outcomeText(taken: ReadonlyMap<PageKind, number>, refused: number): string {
  const total = [...taken.values()].reduce((sum, count) => sum + count, 0)
  if (total + refused === 0) return 'nothing to do: no HTML, MHTML, HAR or zip file is there'
  const kinds = [...taken].map(
    ([kind, count]) => `${count} ${kindWords[kind][count === 1 ? 0 : 1]}`,
  )
  const of = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`
  const but = refused === 0 ? '' : `; ${refused} could not be used, see the reasons`
  return `${total} saved ${total === 1 ? 'page' : 'pages'} read${of}${but}`
}

const kindWords: Readonly<Record<PageKind, readonly [one: string, more: string]>> = {
  results: ['results page', 'results pages'],
  fields: ['fields page', 'fields pages'],
  stewards: ["stewards' report", "stewards' reports"],
  index: ['results index', 'results indexes'],
  month: ['month of results', 'months of results'],
  'fields-index': ['fields index', 'fields indexes'],
  'dates-index': ['index of racing dates', 'indexes of racing dates'],
  'dates-month': ['month of racing dates', 'months of racing dates'],
  calendar: ['calendar', 'calendars'],
  'raceday-search': ['search', 'searches'],
  raceday: ['race day', 'race days'],
  race: ['race', 'races'],
  horse: ['horse', 'horses'],
  'horse-pedigree': ['pedigree', 'pedigrees'],
}
