import { counted } from '../../domain/counted.ts'
import type { ParsedMeeting } from '../../domain/observation.ts'
import { HarnessError } from '../../errors.ts'
import { noCounts, type Warning, type WriteResult } from '../counts.ts'
import { dueResultsPages } from './choose-pages.ts'
import type { ReadDeps } from './read-results-page.ts'
import type { ScrapeRequest } from './scrape-meetings.ts'

/** A result for show: nothing was written. */
export interface Preview extends WriteResult {
  readonly lines: readonly string[]
  readonly json: Readonly<Record<string, unknown>>
}

/**
 * What a run would do. Addresses that are named are fetched and parsed, since their reading is what
 * is asked about; without any the due pages are listed and nothing is fetched.
 */
export async function previewScrape(deps: ReadDeps, request: ScrapeRequest): Promise<Preview> {
  if (request.urls !== undefined && request.urls.length > 0)
    return previewOf(await parseUrls(deps, request.urls))
  const pages = await dueResultsPages(deps, request)
  const shown = pages.map(({ url, date, club, state, dueAt, reason }) => ({
    url,
    date,
    club,
    state,
    dueAt,
    reason,
  }))
  return {
    ...nothingWritten([], `${counted(pages.length, 'page')} would be asked for`),
    lines: shown.map(({ url, date, reason }) => `${date ?? '?'}  ${url}  ${reason ?? ''}`),
    json: { pages: shown },
  }
}

/** Parsed pages as they would be taken. */
function previewOf(
  parsed: readonly { readonly path: string; readonly parsed: ParsedMeeting }[],
): Preview {
  const meetings = parsed.map(({ path, parsed: { observation, issues } }) => ({
    path,
    observation,
    issues,
  }))
  const issues = meetings.flatMap((meeting) => meeting.issues)
  return {
    ...nothingWritten(issues, `${counted(meetings.length, 'page')} parsed; nothing was written`),
    lines: [JSON.stringify(meetings, null, 2)],
    json: { meetings },
  }
}

async function parseUrls(
  deps: ReadDeps,
  urls: readonly string[],
): Promise<{ path: string; parsed: ParsedMeeting }[]> {
  const all: { path: string; parsed: ParsedMeeting }[] = []
  for (const url of urls) {
    const answer = await deps.fetcher.fetch(url, { signal: deps.signal })
    if (answer.kind !== 'ok')
      throw new HarnessError(`there is no page at ${url}`, { code: 'missing', exitCode: 3 })
    const { bytes, contentType } = answer.document
    all.push({ path: url, parsed: deps.hrnz.parseResults(bytes, { url, contentType }) })
  }
  return all
}

export const nothingWritten = (warnings: readonly Warning[], outcome: string): WriteResult => ({
  counts: noCounts(),
  warnings,
  partial: false,
  outcome,
})
