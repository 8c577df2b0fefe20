import { type Decision, decisionsOf } from '../../domain/decisions.ts'
import {
  explainLink,
  howItCameTogether,
  type LinkExplanation,
} from '../../domain/horses/explain-link.ts'
import { sourceKeysOf } from '../../domain/horses/cluster.ts'
import type { FormLine } from '../../domain/horses/form-line.ts'
import type { HorseRow, LinkRow, Redirect } from '../../domain/masters.ts'
import { identifierKey } from '../../domain/names.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { findHorse } from './find-horse.ts'
import { loadNeighbourhood } from './link-horses.ts'

export interface StartExplained {
  readonly link: LinkRow
  readonly line: FormLine | null
  readonly horse: HorseRow
  readonly explanation: LinkExplanation
  readonly refusedHorses: readonly HorseRow[]
  readonly decisions: readonly Decision[]
}

/** Why a start is its horse's. `words`: a starter id or one of its source keys. */
export async function explainStart(
  repositories: Repositories,
  words: string,
): Promise<StartExplained> {
  const { horses, judgements } = repositories
  const text = words.trim()
  const [link] = /^\d{1,15}$/.test(text)
    ? await horses.linksOfStarters([Number(text)])
    : (await horses.findLinks({ nameKeys: [], identifiers: [], sourceKeys: [text] })).filter(
        (candidate) => sourceKeysOf(candidate).includes(text),
      )
  if (link === undefined) {
    throw new UsageError(
      `there is no start ${text.slice(0, 80)} with a horse`,
      'A start is named by its id (`harness horses show` lists them) or by a source key such as tab:entrant:….',
    )
  }
  const active = await judgements.active('horse')
  const neighbours = [...(await loadNeighbourhood(repositories, [link], [], active)).values()]
  const own = neighbours.filter(({ horseId }) => horseId === link.horseId)
  const explanation = explainLink(link, own, neighbours)
  const [horse] = await horses.load([link.horseId])
  const [line] = await repositories.form.lines([link.starterId])
  return {
    link,
    line: line ?? null,
    horse: horse!,
    explanation,
    refusedHorses: await horses.load(explanation.refused.map(({ horseId }) => horseId)),
    decisions: decisionsAbout(own, decisionsOf(active)),
  }
}

export interface HorseExplained {
  readonly horse: HorseRow
  readonly steps: ReturnType<typeof howItCameTogether>
  readonly decisions: readonly Decision[]
  /** Ids that were merged into this one. */
  readonly retired: readonly Redirect[]
}

/** How a horse came together, step by step. */
export async function explainHorse(
  repositories: Repositories,
  words: string,
): Promise<HorseExplained> {
  const { horse } = await findHorse(repositories, words)
  const links = await repositories.horses.linksOfHorses([horse.id])
  const active = decisionsOf(await repositories.judgements.active('horse'))
  return {
    horse,
    steps: howItCameTogether(links),
    decisions: decisionsAbout(links, active),
    retired: await repositories.horses.redirectsTo([horse.id]),
  }
}

function decisionsAbout(
  links: readonly LinkRow[],
  decisions: readonly Decision[],
): readonly Decision[] {
  const keys = new Set(
    links.flatMap((link) => [
      ...sourceKeysOf(link),
      ...Object.entries(link.ids).map(([scheme, value]) =>
        identifierKey({ scheme: scheme as keyof LinkRow['ids'], value }),
      ),
    ]),
  )
  return decisions.filter(({ judgements }) =>
    judgements.some(({ a, b }) => keys.has(a) || keys.has(b)),
  )
}
