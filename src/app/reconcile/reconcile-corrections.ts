import type { MasterCard } from '../../domain/masters.ts'
import { nameKey } from '../../domain/names.ts'
import {
  correctableFields,
  type CorrectionLevel,
  parseCorrection,
} from '../../domain/reconcile/corrections.ts'
import { tabEntrantKey, tabEventKey } from '../../domain/source-keys.ts'
import { UsageError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { applied } from '../applied.ts'
import type { WriteCounts } from '../counts.ts'
import { findMeeting, meetingWords } from './find-meeting.ts'
import type { AppDeps } from '../ports.ts'
import { reconcileDates } from './reconcile-dates.ts'
import { type DecisionBy, writeDecision } from './reconcile-decisions.ts'

/** A meeting, a race of it by number, a starter of that by book number or name. */
export interface CardPlace {
  readonly meeting: string
  readonly race: string | null
  readonly starter: string | null
}

/** Sets a field by hand. It outranks the sources until it is undone. */
export function correctField(
  deps: Pick<AppDeps, 'unitOfWork' | 'clock'>,
  request: DecisionBy & CardPlace & { readonly field: string; readonly value: string },
): Promise<{ readonly number: number; readonly words: string; readonly counts: WriteCounts }> {
  return applied(deps, request.dryRun, async (repositories, now) => {
    if (request.reason === null || request.reason.trim() === '')
      throw new UsageError('a correction needs a reason', 'Say it with --reason "…".')
    const place = await findOnCard(repositories, request)
    const parsed = parseCorrection(place.level, request.field, request.value)
    if ('problem' in parsed) {
      throw new UsageError(
        parsed.problem,
        `A ${place.level} has ${Object.keys(correctableFields[place.level]).join(', ')}.`,
      )
    }
    const [header] = await repositories.observations.listByMeetings([place.card.meeting.id])
    const words = `correct: ${place.words} ${request.field} = ${String(parsed.value)}`
    const number = await writeDecision(
      repositories,
      { ...request, now },
      {
        kind: 'correction',
        words,
        judgements: [{ a: place.key(header!.key), b: request.field, verdict: 'set' }],
        more: { value: parsed.value, meeting: header!.key },
      },
    )
    const { counts } = await reconcileDates(repositories, {
      dates: [place.card.meeting.meetingDate],
      touched: 'all',
      now,
    })
    return { number, words, counts }
  })
}

export interface FoundOnCard {
  readonly level: CorrectionLevel
  readonly words: string
  readonly card: MasterCard
  readonly raceId: number | null
  readonly starterId: number | null
  /** The source key that stands for it; a meeting has the one that is given. */
  key(meetingKey: string): string
}

/** What words mean on a card; a usage error where it is not one thing. */
export async function findOnCard(
  repositories: Repositories,
  { meeting: meetingAsked, race: raceAsked, starter: starterAsked }: CardPlace,
): Promise<FoundOnCard> {
  const { meeting } = await findMeeting(repositories, meetingAsked)
  const card = (await repositories.cards.load([meeting.id]))[0]!
  const words = meetingWords(meeting)
  if (raceAsked === null) {
    const key = (meetingKey: string): string => meetingKey
    return { level: 'meeting', words, card, raceId: null, starterId: null, key }
  }
  const number = /^R?(\d{1,3})$/i.exec(raceAsked.trim())?.[1]
  const races = card.races.filter(({ race }) => race.raceNumber === Number(number ?? -1))
  const numbers = card.races.map(({ race }) => race.raceNumber).join(', ')
  if (races.length !== 1) {
    throw new UsageError(
      `${words} has ${races.length === 0 ? 'no' : `${races.length} times a`} race ${raceAsked}`,
      `Its races: ${numbers || 'none'}.`,
    )
  }
  const { race, starters } = races[0]!
  const raceWords = `${words} R${race.raceNumber}`
  if (starterAsked === null) {
    const tab = race.tabEventId === null ? null : tabEventKey(race.tabEventId)
    const key = (): string => (race.hrnzKey ?? tab ?? race.manualKey)!
    return { level: 'race', words: raceWords, card, raceId: race.id, starterId: null, key }
  }
  const named = starters.filter(({ number: book, horseName }) =>
    /^#?\d+$/.test(starterAsked.trim())
      ? book === Number(starterAsked.replace('#', ''))
      : nameKey(horseName) === nameKey(starterAsked),
  )
  const [starter] = named
  if (starter === undefined || named.length > 1) {
    throw new UsageError(
      `${named.length === 0 ? 'no starter' : `${named.length} starters`} ${starterAsked} in ${raceWords}`,
      `Its starters: ${starters.map((one) => `${one.number ?? '-'} ${one.horseName}`).join(', ')}.`,
    )
  }
  const tab = starter.tabEntrantId === null ? null : tabEntrantKey(starter.tabEntrantId)
  return {
    level: 'starter',
    words: `${raceWords} ${starter.number ?? ''} ${starter.horseName}`,
    card,
    raceId: race.id,
    starterId: starter.id,
    key: () => (starter.hrnzKey ?? tab ?? starter.manualKey)!,
  }
}
