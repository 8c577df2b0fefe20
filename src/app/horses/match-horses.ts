import { counted } from '../../domain/counted.ts'
import { isoInstant } from '../../domain/dates.ts'
import { neighbourhoods } from '../../domain/horses/neighbourhoods.ts'
import type { Judgement, LinkRow } from '../../domain/masters.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { noCounts, type WriteResult } from '../counts.ts'
import { dryRun } from '../dry-run.ts'
import { type LinkCounts, relink } from './link-horses.ts'
import { askRenames } from './ask-renames.ts'
import type { AppDeps } from '../ports.ts'
import { reconcileDates } from '../reconcile/reconcile-dates.ts'

/** What moved when every horse was decided anew. */
export interface MatchReport extends LinkCounts {
  readonly starters: number
  readonly relinked: number
  readonly merged: number
}

/**
 * Links the starts that have no horse yet; with `all` every horse is decided anew from starts,
 * identifiers, rules and judgements alone, ids staying where they can. One transaction.
 */
export async function matchHorses(
  deps: AppDeps,
  request: { readonly all: boolean; readonly dryRun: boolean },
): Promise<WriteResult> {
  const now = isoInstant(deps.clock.now())
  const match = (repositories: Repositories) =>
    request.all ? matchAll(repositories, now) : matchUnlinked(repositories, now)
  const result = request.dryRun
    ? await dryRun(deps.unitOfWork, match)
    : await deps.unitOfWork.run(match)
  const counts = noCounts()
  counts.starters.updated = result.relinked
  counts.starters.unchanged = result.starters - result.relinked
  counts.horses = { created: result.created, linked: result.linked, review: result.review }
  return { counts, warnings: [], partial: false, outcome: outcomeOf(request, result) }
}

async function matchUnlinked(repositories: Repositories, now: string): Promise<MatchReport> {
  const dates = await repositories.cards.datesWithUnlinkedStarters()
  const { counts } = await reconcileDates(repositories, { dates, touched: 'all', now })
  const { created, linked, review } = counts.horses
  const renames = await askRenames(repositories, await repositories.judgements.active('horse'))
  return {
    created,
    linked,
    review: review + renames,
    starters: created + linked,
    relinked: created + linked,
    merged: 0,
  }
}

async function matchAll(repositories: Repositories, now: string): Promise<MatchReport> {
  const judgements = await repositories.judgements.active('horse')
  const links = await repositories.horses.allLinks()
  const report = {
    starters: links.length,
    relinked: 0,
    merged: 0,
    created: 0,
    linked: 0,
    review: 0,
  }
  for (const batch of batches(links, judgements)) {
    const more = await relink(repositories, { starters: batch, links: batch, judgements }, now)
    report.relinked += more.relinked
    report.merged += more.merged
    report.created += more.created
    report.linked += more.linked
    report.review += more.review
  }
  report.review += await askRenames(repositories, judgements)
  return report
}

/** Whole neighbourhoods, so many at a time that statements stay few and memory small. */
function* batches(
  links: readonly LinkRow[],
  judgements: readonly Judgement[],
): Generator<LinkRow[]> {
  let batch: LinkRow[] = []
  for (const neighbourhood of neighbourhoods(links, judgements)) {
    batch.push(...neighbourhood)
    if (batch.length < 5000) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function outcomeOf(
  request: { readonly all: boolean; readonly dryRun: boolean },
  { starters, relinked, created, merged, review }: MatchReport,
): string {
  const asked = review === 0 ? '' : `; ${review} new questions`
  if (!request.all && starters === 0) {
    return `every start has its horse; \`harness horses match --all\` decides all of them anew${asked}`
  }
  if (relinked + created + merged === 0) {
    return `${counted(starters, 'start')} looked at, all as they were${asked}`
  }
  const verb = request.dryRun ? 'would move' : 'moved'
  return `${counted(starters, 'start')} looked at; ${verb} ${relinked}, ${counted(created, 'new horse')}, ${merged} merged away, ${counted(review, 'new question')}`
}
