import { counted } from '../../domain/counted.ts'
import { type DateRange, isoInstant } from '../../domain/dates.ts'
import { InterruptedError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { addCounts, noCounts, type WriteResult } from '../counts.ts'
import { dryRun } from '../dry-run.ts'
import type { AppDeps } from '../ports.ts'
import type { MeetingChange } from './apply-cards.ts'
import { reconcileDates } from './reconcile-dates.ts'

/**
 * Decides again which source meetings of a range are one, and resolves every card of it: one
 * transaction a racing date. `dryRun` does the same and takes it back.
 */
export async function reconcileMeetings(
  deps: AppDeps,
  request: { readonly range?: DateRange; readonly dryRun: boolean },
): Promise<WriteResult & { readonly changes: readonly MeetingChange[] }> {
  const { unitOfWork, clock, progress, signal } = deps
  const known = await unitOfWork.read((repositories) =>
    repositories.observations.dates(request.range),
  )
  const counts = noCounts()
  const changes: MeetingChange[] = []
  progress.start(known.length, 'racing dates')
  for (const date of known) {
    if (signal.aborted) throw new InterruptedError()
    const reconcile = (repositories: Repositories) =>
      reconcileDates(repositories, {
        dates: [date],
        touched: 'all',
        now: isoInstant(clock.now()),
      })
    const { counts: more, changes: some } = request.dryRun
      ? await dryRun(unitOfWork, reconcile)
      : await unitOfWork.run(reconcile)
    addCounts(counts, more)
    changes.push(...some)
    progress.step(date)
  }
  progress.stop()
  const outcome = outcomeOf(request, known.length, counts)
  return { counts, changes, warnings: [], partial: false, outcome }
}

function outcomeOf(
  request: { readonly range?: DateRange; readonly dryRun: boolean },
  dates: number,
  { meetings }: WriteResult['counts'],
): string {
  if (dates === 0) {
    const asked =
      request.range === undefined ? '' : ` from ${request.range.from} to ${request.range.to}`
    return `no source has been read${asked} yet: run \`harness scrape\` or \`harness capture\` first`
  }
  const total = meetings.created + meetings.updated + meetings.unchanged
  const did = request.dryRun ? 'would change' : 'changed'
  const changed = meetings.created + meetings.updated
  return changed === 0
    ? `${counted(total, 'meeting')} on ${counted(dates, 'date')}, all as they were`
    : `${counted(total, 'meeting')} on ${counted(dates, 'date')}; ${did} ${changed} of them`
}
