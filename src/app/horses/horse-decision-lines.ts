import { z } from 'zod'
import { type Decision, decisionsOf } from '../../domain/decisions.ts'
import { allSchemes, sourceKeysOf } from '../../domain/horses/cluster.ts'
import type { LinkRow } from '../../domain/masters.ts'
import { identifierKey } from '../../domain/names.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { applied } from '../applied.ts'
import {
  judgementsOf,
  judgementsShape,
  readDecisionLines,
  saidOf,
  saidShape,
  sameJudgements,
} from '../decision-file.ts'
import { parseIdentifierKey } from './link-horses.ts'
import type { AppDeps } from '../ports.ts'
import { decideHorses, type Move } from './write-decision.ts'

/** One decision as a line of the file: in source keys and identifiers, so that it outlives a database. */
const lineShape = z.strictObject({
  kind: z.literal('horse'),
  ...saidShape,
  judgements: judgementsShape,
})
type Line = z.infer<typeof lineShape>

/** The decisions about horses that stand, oldest first, as JSON lines. */
export async function exportHorseDecisions({
  unitOfWork,
}: Pick<AppDeps, 'unitOfWork'>): Promise<string[]> {
  const judgements = await unitOfWork.read(({ judgements }) => judgements.active('horse'))
  return decisionsOf(judgements).map((decision) => JSON.stringify(lineOf(decision)))
}

const lineOf = (decision: Decision): Line => ({
  kind: 'horse',
  ...saidOf(decision),
  judgements: judgementsOf(decision),
})

interface ImportOutcome {
  readonly created: number
  /** Decisions that stand here already. */
  readonly unchanged: number
  readonly moves: readonly Move[]
}

/**
 * Takes decisions from another database. All or nothing: a line that is no decision, a key that this
 * database does not know and a decision against one that stands here are refused with the reason.
 */
export async function importHorseDecisions(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  request: { readonly text: string; readonly dryRun: boolean },
): Promise<ImportOutcome> {
  const lines = readDecisionLines(request.text, lineShape, {
    what: 'horses',
    exportCommand: 'harness horses export',
  })
  return applied(deps, request.dryRun, async (repositories, now) => {
    const before = decisionsOf(await repositories.judgements.active('horse')).map(lineOf)
    const known = new Set(before.map(sameness))
    const fresh = lines.filter((line) => {
      const isNew = !known.has(sameness(line))
      known.add(sameness(line))
      return isNew
    })
    await refuseUnknown(repositories, fresh)
    // What the file itself says both ways stood so where it comes from: there "different" counted.
    const told = new Set(lines.map(sameness))
    refuseContrary(
      before.filter((line) => !told.has(sameness(line))),
      fresh,
    )
    const moves: Move[] = []
    for (const { words, reason, actor, createdAt, judgements } of fresh) {
      const by = { actor, now, createdAt }
      moves.push(...(await decideHorses(repositories, { words, reason, judgements }, by)).moves)
    }
    return { created: fresh.length, unchanged: lines.length - fresh.length, moves }
  })
}

const sameness = ({ judgements }: Line): string => sameJudgements(judgements)

async function refuseUnknown({ horses }: Repositories, lines: readonly Line[]): Promise<void> {
  const keys = new Set(lines.flatMap((line) => line.judgements.flatMap(({ a, b }) => [a, b])))
  const identifiers = [...keys].flatMap((key) => parseIdentifierKey(key) ?? [])
  const sourceKeys = [...keys].filter((key) => parseIdentifierKey(key) === null)
  const links = await horses.findLinks({ nameKeys: [], identifiers, sourceKeys })
  const known = new Set(links.flatMap(keysOf))
  const unknown = [...keys].filter((key) => !known.has(key))
  if (unknown.length === 0) return
  throw new UsageError(
    `${unknown.length} of ${keys.size} keys are not known here, the first is ${unknown[0]}`,
    'Import the decisions once the meetings are there: `harness scrape --reparse` first.',
  )
}

function refuseContrary(standing: readonly Line[], fresh: readonly Line[]): void {
  const verdicts = new Map<string, string>()
  for (const { pair, verdict } of standing.flatMap(verdictsOf)) verdicts.set(pair, verdict)
  for (const { pair, verdict } of fresh.flatMap(verdictsOf)) {
    const said = verdicts.get(pair)
    if (said !== undefined && said !== verdict)
      throw new UsageError(
        `${pair} are said to be the same and to be different`,
        'Take one of the decisions back with `harness horses undo N`, or leave it out of the file.',
      )
  }
}

const verdictsOf = ({ judgements }: Line): { pair: string; verdict: string }[] =>
  judgements.flatMap(({ a, b, verdict }) =>
    verdict === 'unsure' ? [] : [{ pair: a < b ? `${a} and ${b}` : `${b} and ${a}`, verdict }],
  )

function keysOf(link: LinkRow): string[] {
  const ids = allSchemes.flatMap((scheme) => {
    const value = link.ids[scheme]
    return value === undefined ? [] : [identifierKey({ scheme, value })]
  })
  return [...sourceKeysOf(link), ...ids]
}
