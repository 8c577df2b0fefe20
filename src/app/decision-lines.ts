import { isoInstant } from '../domain/dates.ts'
import { type Decision, type DecisionDraft, decisionsOf } from '../domain/decisions.ts'
import { allSchemes, sourceKeysOf } from '../domain/horses/cluster.ts'
import type { LinkRow } from '../domain/masters.ts'
import { identifierKey } from '../domain/names.ts'
import { UsageError } from '../errors.ts'
import type { Repositories } from '../repositories/repositories.ts'
import { dryRun } from './dry-run.ts'
import { parseIdentifierKey } from './link-horses.ts'
import type { AppDeps } from './ports.ts'
import { decideHorses, type Move } from './write-decision.ts'

/** One decision as a line of the file: in source keys and identifiers, so that it outlives a database. */
interface Line {
  readonly kind: 'horse'
  readonly words: string
  readonly reason: string | null
  readonly actor: string
  readonly createdAt: string
  readonly judgements: DecisionDraft['judgements']
}

/** The decisions about horses that stand, oldest first, as JSON lines. */
export async function exportDecisions({ unitOfWork }: AppDeps): Promise<string[]> {
  const judgements = await unitOfWork.read(({ judgements }) => judgements.active('horse'))
  return decisionsOf(judgements).map((decision) => JSON.stringify(lineOf(decision)))
}

function lineOf({ words, reason, actor, createdAt, judgements }: Decision): Line {
  return {
    kind: 'horse',
    words,
    reason,
    actor,
    createdAt,
    judgements: judgements.map(({ a, b, verdict }) => ({ a, b, verdict })),
  }
}

export interface ImportOutcome {
  readonly created: number
  /** Decisions that stand here already. */
  readonly unchanged: number
  readonly moves: readonly Move[]
}

/**
 * Takes decisions from another database. All or nothing: a line that is no decision, a key that this
 * database does not know and a decision against one that stands here are refused with the reason.
 */
export async function importDecisions(
  deps: AppDeps,
  request: { readonly text: string; readonly dryRun: boolean },
): Promise<ImportOutcome> {
  const lines = request.text
    .split('\n')
    .flatMap((text, index) => (text.trim() === '' ? [] : [parseLine(text, index + 1)]))
  const now = isoInstant(deps.clock.now())
  const work = async (repositories: Repositories): Promise<ImportOutcome> => {
    const before = decisionsOf(await repositories.judgements.active('horse')).map(lineOf)
    const known = new Set(before.map(sameness))
    const fresh = lines.filter((line) => !known.has(sameness(line)))
    await refuseUnknown(repositories, fresh)
    refuseContrary([...before, ...fresh])
    const moves: Move[] = []
    for (const { words, reason, actor, createdAt, judgements } of fresh) {
      const by = { actor, now, createdAt }
      moves.push(...(await decideHorses(repositories, { words, reason, judgements }, by)).moves)
    }
    return { created: fresh.length, unchanged: lines.length - fresh.length, moves }
  }
  return request.dryRun ? dryRun(deps.unitOfWork, work) : deps.unitOfWork.run(work)
}

function parseLine(text: string, number: number): Line {
  const refuse = (why: string): never => {
    throw new UsageError(
      `line ${number} is no decision: ${why}`,
      '`harness horses export` writes lines as they should be.',
    )
  }
  const line = asObject(text) ?? refuse('it is no JSON object')
  refuseOthers(line, ['kind', 'words', 'reason', 'actor', 'createdAt', 'judgements'], refuse)
  const { kind, words, reason, actor, createdAt, judgements } = line
  if (kind !== 'horse') refuse('its kind is not horse')
  if (!isText(words, 2000)) return refuse('it has no words')
  if (reason !== null && !isText(reason, 10_000)) return refuse('its reason is no text')
  if (!isText(actor, 200)) return refuse('it has no actor')
  if (
    !isText(createdAt, 40) ||
    !/^\d{4}-\d\d-\d\dT/.test(createdAt) ||
    Number.isNaN(Date.parse(createdAt))
  )
    return refuse('its createdAt is no instant')
  if (!Array.isArray(judgements) || judgements.length === 0) return refuse('it judges nothing')
  return {
    kind: 'horse',
    words,
    reason,
    actor,
    createdAt: isoInstant(Date.parse(createdAt)),
    judgements: judgements.map((judgement: unknown) => {
      if (judgement === null || typeof judgement !== 'object')
        return refuse('a judgement is no object')
      const said = judgement as Readonly<Record<string, unknown>>
      refuseOthers(said, ['a', 'b', 'verdict'], refuse)
      const { a, b, verdict } = said
      if (!isText(a, 400) || !isText(b, 400)) return refuse('a judgement lacks a key')
      if (verdict !== 'same' && verdict !== 'different' && verdict !== 'unsure')
        return refuse('a verdict is not same, different or unsure')
      return { a, b, verdict }
    }),
  }
}

function asObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

/** A field that we do not know may change what the line means: it is not passed over. */
function refuseOthers(
  line: Readonly<Record<string, unknown>>,
  known: readonly string[],
  refuse: (why: string) => never,
): void {
  const other = Object.keys(line).find((key) => !known.includes(key))
  if (other !== undefined) refuse(`it has an unknown key, ${JSON.stringify(other.slice(0, 40))}`)
}

const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most

/** What makes two lines one decision. */
const sameness = ({ judgements }: Line): string =>
  JSON.stringify(judgements.map(({ a, b, verdict }) => [a, b, verdict]))

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

function refuseContrary(lines: readonly Line[]): void {
  const verdicts = new Map<string, string>()
  for (const { judgements } of lines) {
    for (const { a, b, verdict } of judgements) {
      if (verdict === 'unsure') continue
      const pair = a < b ? `${a} and ${b}` : `${b} and ${a}`
      const said = verdicts.get(pair)
      if (said !== undefined && said !== verdict)
        throw new UsageError(
          `${pair} are said to be the same and to be different`,
          'Take one of the decisions back with `harness horses undo N`, or leave it out of the file.',
        )
      verdicts.set(pair, verdict)
    }
  }
}

function keysOf(link: LinkRow): string[] {
  const ids = allSchemes.flatMap((scheme) => {
    const value = link.ids[scheme]
    return value === undefined ? [] : [identifierKey({ scheme, value })]
  })
  return [...sourceKeysOf(link), ...ids]
}
