import { z } from 'zod'
import { decisionsOf } from '../../domain/decisions.ts'
import { sourceOrder } from '../../domain/observation.ts'
import type { VenueAlias } from '../../domain/reconcile/venues.ts'
import { correctableFields } from '../../domain/reconcile/corrections.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { applied } from '../applied.ts'
import { noCounts, type WriteCounts } from '../counts.ts'
import {
  judgedKey,
  judgementsOf,
  judgementsShape,
  readDecisionLines,
  saidOf,
  saidShape,
  sameJudgements,
} from '../decision-file.ts'
import type { AppDeps } from '../ports.ts'
import { aliasProblem, reconcilePlaces } from './reconcile-aliases.ts'
import { meetingKeysOf } from './reconcile-decisions.ts'
import { reconcileDates } from './reconcile-dates.ts'

const date = z.iso.date().nullable()
const aliasShape = z.strictObject({
  source: z.enum(['any', ...sourceOrder]),
  kind: z.enum(['club', 'venue']),
  text: z.string().min(1).max(200),
  venue: z.string().min(1).max(200),
  validFrom: date,
  validTo: date,
})
const columns = Object.values(correctableFields).flatMap((fields) => Object.keys(fields))
/** A decision, a correction or an alias as a line of the file: in source keys, so that it outlives a database. */
const lineShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('meeting'),
    ...saidShape,
    alias: aliasShape.optional(),
    judgements: judgementsShape,
  }),
  z.strictObject({
    kind: z.literal('correction'),
    ...saidShape,
    of: judgedKey,
    meeting: judgedKey,
    field: z.enum(columns as [string, ...string[]]),
    value: z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({ kind: z.literal('alias'), alias: aliasShape }),
])
type Line = z.infer<typeof lineShape>

/** Aliases, decisions about meetings and corrections that stand, oldest first, as JSON lines. */
export async function exportMeetingDecisions({
  unitOfWork,
}: Pick<AppDeps, 'unitOfWork'>): Promise<string[]> {
  const lines = await unitOfWork.read(standing)
  return lines.map((line) => JSON.stringify(line))
}

async function standing({ judgements, aliases }: Repositories): Promise<Line[]> {
  const active = [
    ...(await judgements.active('meeting')),
    ...(await judgements.active('correction')),
  ]
  const decisions = decisionsOf(active.sort((a, b) => a.id - b.id)).map((decision): Line => {
    const first = decision.judgements[0]!
    const more = JSON.parse(first.evidence) as Record<string, unknown>
    const said = saidOf(decision)
    if (decision.kind === 'correction') {
      const { value, meeting } = more as { value: string; meeting: string }
      return { kind: 'correction', ...said, of: first.a, meeting, field: first.b, value }
    }
    const alias = more['alias'] as VenueAlias | undefined
    return {
      kind: 'meeting',
      ...said,
      ...(alias === undefined ? {} : { alias }),
      judgements: judgementsOf(decision),
    }
  })
  return [...(await aliases.all()).map((alias): Line => ({ kind: 'alias', alias })), ...decisions]
}

/**
 * Takes decisions from another database: all or nothing. What they speak of may come later: they hold
 * from the moment on at which a source tells of it.
 */
export async function importMeetingDecisions(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  request: { readonly text: string; readonly dryRun: boolean },
): Promise<{
  readonly created: number
  readonly unchanged: number
  readonly dates: number
  readonly counts: WriteCounts
}> {
  const lines = readDecisionLines(request.text, lineShape, {
    what: 'meetings',
    exportCommand: 'harness reconcile export',
  })
  return applied(deps, request.dryRun, async (repositories, now) => {
    const known = new Set((await standing(repositories)).map(sameness))
    const fresh = lines.filter((line) => {
      const isNew = !known.has(sameness(line))
      known.add(sameness(line))
      return isNew
    })
    const dates = new Set<string>()
    for (const line of fresh) {
      for (const one of await take(repositories, line)) dates.add(one)
    }
    const { counts } =
      dates.size === 0
        ? { counts: noCounts() }
        : await reconcileDates(repositories, { dates: [...dates], touched: 'all', now })
    return {
      created: fresh.length,
      unchanged: lines.length - fresh.length,
      dates: dates.size,
      counts,
    }
  })
}

/** Writes one line; gives the racing dates that it touches. */
async function take(repositories: Repositories, line: Line): Promise<string[]> {
  const { judgements, observations, aliases } = repositories
  if (line.kind === 'alias') {
    const problem = aliasProblem(line.alias, await aliases.all())
    if (problem !== null) throw new UsageError(problem)
    const dates = await reconcilePlaces(repositories, line.alias)
    await aliases.add(line.alias)
    return dates
  }
  const { words, reason, actor, createdAt } = line
  const drafts =
    line.kind === 'correction'
      ? [{ a: line.of, b: line.field, verdict: 'set' as const }]
      : line.judgements
  const more =
    line.kind === 'correction'
      ? { value: line.value, meeting: line.meeting }
      : line.alias === undefined
        ? {}
        : { alias: line.alias }
  let first: number | null = null
  for (const draft of drafts) {
    const evidence = JSON.stringify({ words, decision: first, ...more })
    const id = await judgements.add({
      ...draft,
      kind: line.kind,
      reason,
      actor,
      createdAt,
      evidence,
    })
    first ??= id
  }
  const all = await judgements.active(line.kind)
  const own = decisionsOf(all).find(({ number }) => number === first)!
  return (await observations.findByKeys(meetingKeysOf(own))).map((header) => header.date)
}

/** What makes two lines one. */
function sameness(line: Line): string {
  if (line.kind === 'alias') return JSON.stringify(['alias', line.alias])
  if (line.kind === 'correction') return JSON.stringify([line.of, line.field, line.value])
  return sameJudgements(line.judgements)
}
