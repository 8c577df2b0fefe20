import { type QualityRuleId, qualityRules } from '../../domain/quality/quality-rules.ts'
import { type DifferenceKind, listDifferences } from '../../domain/reconcile/compare-sources.ts'
import { matchCard } from '../../domain/reconcile/matched-card.ts'
import type { QualityFinding } from '../../repositories/reports.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import type { AppDeps } from '../ports.ts'
import { qualityMoment, type QualityDeps } from './report-quality.ts'

/** What one rule of the quality report finds, newest first, and the command that mends what there is. */
export async function findByRule(
  deps: QualityDeps & Pick<AppDeps, 'unitOfWork'>,
  rule: QualityRuleId,
  limit: number,
): Promise<{ readonly findings: readonly QualityFinding[]; readonly next: string | null }> {
  const kind = differences[rule]
  const findings =
    kind === undefined
      ? await deps.reports.qualityFindings(rule, qualityMoment(deps.clock), limit)
      : await findDifferences(deps, kind, limit)
  const { mend } = qualityRules.find(({ id }) => id === rule)!
  return { findings, next: findings.length === 0 ? null : filledIn(mend, findings) }
}

const differences: Partial<Record<QualityRuleId, DifferenceKind>> = {
  'race-count-differs': 'races',
  'starters-in-one-source': 'starters',
  'fields-differ': 'values',
}

/** Meetings whose trees are held at once: they are large. */
const meetingsAtOnce = 50

async function findDifferences(
  { reports, unitOfWork }: QualityDeps & Pick<AppDeps, 'unitOfWork'>,
  kind: DifferenceKind,
  limit: number,
): Promise<QualityFinding[]> {
  const meetings = await reports.meetingsThatDiffer(kind, limit)
  return await unitOfWork.read((repositories) => differencesOf(repositories, meetings, kind, limit))
}

async function differencesOf(
  { cards, observations }: Repositories,
  meetings: readonly number[],
  kind: DifferenceKind,
  limit: number,
): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  for (let from = 0; from < meetings.length && found.length < limit; from += meetingsAtOnce) {
    const ids = meetings.slice(from, from + meetingsAtOnce)
    const headers = await observations.listByMeetings(ids)
    const trees = await observations.loadTrees(headers.map(({ id }) => id))
    const masters = new Map((await cards.load(ids)).map(({ meeting }) => [meeting.id, meeting]))
    for (const id of ids) {
      const meeting = masters.get(id)
      const own = headers.filter(({ meetingId }) => meetingId === id)
      const card = matchCard(own.flatMap((header) => trees.get(header.id) ?? []))
      for (const { race, starter, words, ...one } of listDifferences(card))
        if (one.kind === kind)
          found.push({
            date: meeting?.meetingDate ?? null,
            venue: meeting?.venue ?? null,
            meeting: id,
            race,
            number: null,
            name: starter,
            start: null,
            horse: null,
            detail: words,
          })
    }
  }
  return found.slice(0, limit)
}

/**
 * The rule's command with what was found in its place: the first finding's ids, the first and the
 * last day of all.
 */
function filledIn(mend: string, findings: readonly QualityFinding[]): string {
  const [first] = findings
  const dates = findings.flatMap(({ date }) => date ?? []).sort()
  const values: Readonly<Record<string, string | number | null | undefined>> = {
    ...{ from: dates[0], to: dates.at(-1) },
    ...{ meeting: first?.meeting, race: first?.race, start: first?.start, horse: first?.horse },
  }
  return mend.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')).trim()
}
