import { isoInstant } from '../../domain/dates.ts'
import { type Decision, type DecisionDraft, decisionsOf } from '../../domain/decisions.ts'
import { Cluster } from '../../domain/horses/cluster.ts'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import { separate, unite } from '../../domain/horses/separate.ts'
import type { HorseRow, PooledStarter } from '../../domain/masters.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { dryRun } from '../dry-run.ts'
import { findHorse } from './find-horse.ts'
import type { AppDeps } from '../ports.ts'
import { decideHorses, type DecisionOutcome, retractDecision } from './write-decision.ts'
import { anchorOf, clusterOf } from './horse-clusters.ts'
import { pickStarts, type StartChoice } from './pick-starts.ts'

export interface DecisionRequest {
  readonly actor: string
  readonly reason: string | null
  readonly dryRun: boolean
}

/** Says that two horses are one. */
export function mergeHorses(
  deps: AppDeps,
  request: DecisionRequest & { readonly a: string; readonly b: string },
): Promise<DecisionOutcome> {
  return decide(deps, request, async (repositories) => {
    const [a, b] = [await live(repositories, request.a), await live(repositories, request.b)]
    if (a.id === b.id) throw new UsageError(`${named(a)} is one horse already`)
    const [left, right] = [await clusterOf(repositories, a.id), await clusterOf(repositories, b.id)]
    await refuseAcrossDifferent(repositories, left, right, `${named(a)} and ${named(b)}`)
    for (const race of left.races) {
      if (!right.races.has(race)) continue
      throw new UsageError(
        `${named(a)} and ${named(b)} start in one race (race ${race}): they are two horses`,
      )
    }
    return {
      words: `merge ${named(a)} with ${named(b)}`,
      judgements: unite(
        left,
        await anchorOf(repositories, a.id, left),
        right,
        await anchorOf(repositories, b.id, right),
      ),
      isDone: (horseOf) => isOne([...left.starters, ...right.starters], horseOf),
    }
  })
}

/** Says that some starts of a horse are another horse's. */
export function splitHorse(
  deps: AppDeps,
  request: DecisionRequest & { readonly horse: string; readonly starts: StartChoice },
): Promise<DecisionOutcome> {
  return decide(deps, request, async (repositories) => {
    const { horse } = await findHorse(repositories, request.horse)
    const whole = await clusterOf(repositories, horse.id)
    const { starters } = whole
    const leaving = pickStarts(starters, request.starts)
    if (leaving.length === starters.length) {
      throw new UsageError(
        `these are all ${starters.length} starts of ${named(horse)}: nothing would be left of it`,
        'Choose the starts that belong to the other horse.',
      )
    }
    const gone = new Set(leaving)
    const staying = starters.filter((starter) => !gone.has(starter))
    const idsOf = (starter: PooledStarter): PooledStarter['ids'] => whole.idsOf(starter)
    const sides = [Cluster.of(leaving, idsOf), Cluster.of(staying, idsOf)] as const
    return {
      words: `split ${leaving.length} of ${starters.length} starts off ${named(horse)}`,
      judgements: separate(...sides, { bind: true }),
      isDone: (horseOf) =>
        isOne(leaving, horseOf) &&
        isOne(staying, horseOf) &&
        horseOf.get(leaving[0]!.starterId) !== horseOf.get(staying[0]!.starterId),
    }
  })
}

export interface UndoOutcome extends DecisionOutcome {
  /** Later decisions about the same horses, which stay. */
  readonly dependents: readonly Decision[]
}

/** Takes a decision about horses back: the one of that number, else the last. */
export async function undoDecision(
  deps: AppDeps,
  request: { readonly number: number | null; readonly dryRun: boolean },
): Promise<UndoOutcome> {
  const now = isoInstant(deps.clock.now())
  const work = async (repositories: Repositories): Promise<UndoOutcome> => {
    const all = decisionsOf(await repositories.judgements.all()).filter(
      (decision) => decision.kind === 'horse',
    )
    const decision =
      request.number === null
        ? all.findLast((candidate) => candidate.retractedAt === null)
        : all.find((candidate) => candidate.number === request.number)
    if (decision === undefined) {
      throw new UsageError(
        request.number === null
          ? 'there is no decision to undo'
          : `there is no decision ${request.number} about horses`,
        '`harness horses history` lists them.',
      )
    }
    if (decision.retractedAt !== null)
      throw new UsageError(`decision ${decision.number} was undone on ${decision.retractedAt}`)
    return retractDecision(repositories, decision, all, now)
  }
  return request.dryRun ? dryRun(deps.unitOfWork, work) : deps.unitOfWork.run(work)
}

type Draft = Omit<DecisionDraft, 'reason'> & {
  /** Whether linking did what was decided, by starter id → horse id. */
  readonly isDone: (horseOf: ReadonlyMap<number, number>) => boolean
}

async function decide(
  deps: AppDeps,
  request: DecisionRequest,
  draft: (repositories: Repositories) => Promise<Draft>,
): Promise<DecisionOutcome> {
  const now = isoInstant(deps.clock.now())
  const work = async (repositories: Repositories): Promise<DecisionOutcome> => {
    const { isDone, ...wanted } = await draft(repositories)
    const outcome = await decideHorses(
      repositories,
      { ...wanted, reason: request.reason },
      { actor: request.actor, now },
    )
    if (!isDone(outcome.horseOf)) {
      throw new UsageError(
        `${wanted.words}: other decisions stand against it`,
        '`harness horses history` lists them; take one back with `harness horses undo N`.',
      )
    }
    return outcome
  }
  return request.dryRun ? dryRun(deps.unitOfWork, work) : deps.unitOfWork.run(work)
}

/** A horse by id or name; an id that was merged away is refused, for it may not be what is meant. */
async function live(repositories: Repositories, words: string): Promise<HorseRow> {
  const { horse, retiredId } = await findHorse(repositories, words)
  if (retiredId === null) return horse
  throw new UsageError(
    `horse ${retiredId} was merged into ${named(horse)} before`,
    `Say ${horse.id} if that horse is meant.`,
  )
}

async function refuseAcrossDifferent(
  { judgements }: Repositories,
  a: Cluster,
  b: Cluster,
  words: string,
): Promise<void> {
  const active = decisionsOf(await judgements.active('horse'))
  const against = active.find((decision) =>
    decision.judgements.some(
      (one) =>
        one.verdict === 'different' &&
        ((a.keys.has(one.a) && b.keys.has(one.b)) || (a.keys.has(one.b) && b.keys.has(one.a))),
    ),
  )
  if (against === undefined) return
  throw new UsageError(
    `${words} were said to be different: decision ${against.number}, ${against.words}`,
    `Take that back first: \`harness horses undo ${against.number}\`.`,
  )
}

function isOne(
  starters: readonly { readonly starterId: number }[],
  horseOf: ReadonlyMap<number, number>,
): boolean {
  return new Set(starters.map(({ starterId }) => horseOf.get(starterId))).size === 1
}

const named = (horse: HorseRow): string => `${describeHorse(horse)} [${horse.id}]`
