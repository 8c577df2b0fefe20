import { z } from 'zod'
import { decisionsOf } from '../domain/decisions.ts'
import type { VenueAlias } from '../domain/reconcile/venues.ts'
import { correctableFields } from '../domain/reconcile/corrections.ts'
import { UsageError } from '../errors.ts'
import type { Repositories } from '../repositories/repositories.ts'
import { applied } from './applied.ts'
import { noCounts, type WriteCounts } from './counts.ts'
import type { AppDeps } from './ports.ts'
import { aliasProblem, reconcilePlaces } from './reconcile-aliases.ts'
import { meetingKeysOf } from './reconcile-decisions.ts'
import { reconcileDates } from './reconcile-dates.ts'

const key = z.string().min(1).max(400)
const date = z.iso.date().nullable()
const aliasShape = z.strictObject({
  source: z.enum(['any', 'tab_api', 'hrnz_scraper', 'manual']),
  kind: z.enum(['club', 'venue']),
  text: z.string().min(1).max(200),
  venue: z.string().min(1).max(200),
  validFrom: date,
  validTo: date,
})
const saidShape = {
  words: z.string().max(2000),
  reason: z.string().max(10_000).nullable(),
  actor: z.string().max(200),
  createdAt: z.iso.datetime(),
}
const columns = Object.values(correctableFields).flatMap((fields) => Object.keys(fields))
/** A decision, a correction or an alias as a line of the file: in source keys, so that it outlives a database. */
const lineShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('meeting'),
    ...saidShape,
    alias: aliasShape.optional(),
    judgements: z
      .array(z.strictObject({ a: key, b: key, verdict: z.enum(['same', 'different', 'unsure']) }))
      .min(1)
      .max(100),
  }),
  z.strictObject({
    kind: z.literal('correction'),
    ...saidShape,
    of: key,
    meeting: key,
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
  const decisions = decisionsOf(active.sort((a, b) => a.id - b.id)).map(
    ({ kind, words, reason, actor, createdAt, judgements: own }): Line => {
      const first = own[0]!
      const more = JSON.parse(first.evidence) as Record<string, unknown>
      const said = { words, reason, actor, createdAt }
      if (kind === 'correction') {
        const { value, meeting } = more as { value: string; meeting: string }
        return { kind, ...said, of: first.a, meeting, field: first.b, value }
      }
      const pairs = own.map(({ a, b, verdict }) => ({ a, b, verdict: verdict as 'same' }))
      const alias = more['alias'] as VenueAlias | undefined
      return {
        kind: 'meeting',
        ...said,
        ...(alias === undefined ? {} : { alias }),
        judgements: pairs,
      }
    },
  )
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
  const lines = request.text
    .split('\n')
    .flatMap((text, index) => (text.trim() === '' ? [] : [parseLine(text, index + 1)]))
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
  return JSON.stringify(line.judgements.map(({ a, b, verdict }) => [a, b, verdict]))
}

function parseLine(text: string, number: number): Line {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(`line ${number} is no JSON`, 'The file has one JSON object a line.')
  }
  const parsed = lineShape.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(
    `line ${number} is no decision about meetings (${issue!.path.join('.')}): ${issue!.message}`,
    '`harness reconcile export` writes lines as they should be.',
  )
}
