import type { CaptureChange } from '../../domain/capture/capture-changes.ts'
import type { DateRange } from '../../domain/dates.ts'
import { isoInstant } from '../../domain/dates.ts'
import type { MeetingObservation, ParseIssue } from '../../domain/observation.ts'
import { HarnessError, LayoutChangedError } from '../../errors.ts'
import { isFatal } from './capture-fatal.ts'
import { archiveList } from './capture-archive.ts'
import type { AppDeps, Fetched, Fetcher, TabApi } from '../ports.ts'

export interface CaptureDeps extends AppDeps {
  readonly tab: TabApi
  readonly fetcher: Fetcher
  /** Told of what changed, once it is in the database. */
  readonly onChanges?: (changes: readonly CaptureChange[]) => void
}

/** A meeting as the list has it, with the list it comes from. */
export interface ListedMeeting {
  readonly meeting: MeetingObservation
  readonly url: string
  readonly documentId: number | null
  readonly issues: readonly ParseIssue[]
  /** Epoch ms. */
  readonly listedAt: number
}

export interface MeetingList {
  readonly meetings: readonly ListedMeeting[]
  readonly issues: readonly ParseIssue[]
}

/**
 * Reads the list of a range, page by page, each page into the archive before anything is made of
 * it. Throws what stopped it; a list that cannot be read leaves a failed row in the log.
 */
export async function readMeetingList(
  deps: CaptureDeps,
  range: DateRange,
  options: { readonly keep: boolean },
): Promise<MeetingList> {
  const meetings = new Map<string, ListedMeeting>()
  const issues: ParseIssue[] = []
  let offset: number | null = 0
  while (offset !== null) {
    const url: string = deps.tab.meetingsUrl(range, offset)
    const document = await fetchList(deps, url)
    const page: ListPage = await takePage(deps, { url, document, range, keep: options.keep })
    issues.push(...page.issues)
    for (const meeting of page.meetings) {
      meetings.set(meeting.key, {
        meeting,
        url,
        documentId: page.documentId,
        issues: page.issues,
        listedAt: document.fetchedAt,
      })
    }
    // An offset that is passed over gives the first page for ever.
    offset = page.nextOffset !== null && page.nextOffset > offset ? page.nextOffset : null
  }
  return { meetings: [...meetings.values()], issues }
}

async function fetchList(deps: CaptureDeps, url: string): Promise<Fetched> {
  const answer = await deps.fetcher.fetch(url, {
    accept: 'application/json',
    headers: deps.tab.headers,
    signal: deps.signal,
  })
  if (answer.kind === 'ok') return answer.document
  throw new LayoutChangedError(`TAB has no list of meetings at ${url}`, {
    code: 'list-missing',
    hint: 'check the address of TAB in the configuration (HARNESS_TAB_URL)',
  })
}

type ListPage = ReturnType<TabApi['decodeMeetings']> & { readonly documentId: number | null }

async function takePage(
  deps: CaptureDeps,
  page: { url: string; document: Fetched; range: DateRange; keep: boolean },
): Promise<ListPage> {
  const { url, document, range, keep } = page
  const about = { url, date: range.from }
  try {
    const decoded = deps.tab.decodeMeetings(document.bytes, { range })
    if (!keep) return { ...decoded, documentId: null }
    const said = JSON.stringify(decoded.meetings)
    const documentId = await deps.unitOfWork.run((repositories) =>
      archiveList(repositories, document, { ...about, said }),
    )
    return { ...decoded, documentId }
  } catch (error) {
    if (!keep || !(error instanceof HarnessError) || isFatal(error)) throw error
    await deps.unitOfWork.run(async (repositories) => {
      await archiveList(repositories, document, { ...about, said: `unreadable ${error.code}` })
      await repositories.log.add([
        {
          source: 'tab_api',
          dateProcessed: range.from,
          url,
          status: 'failed',
          recordsCreated: 0,
          recordsUpdated: 0,
          errors: `${error.code}: ${error.message}`,
          createdAt: isoInstant(deps.clock.now()),
        },
      ])
    })
    throw error
  }
}
