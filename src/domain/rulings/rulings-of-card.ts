import { isoInstant, nzInstant } from '../dates.ts'
import type {
  DocumentKind,
  MeetingObservation,
  ParseIssue,
  RaceObservation,
  StarterObservation,
} from '../observation.ts'
import type { MatchedCard, MatchedRace, MatchedStarter } from '../reconcile/matched-card.ts'
import { hrnzStarterKey } from '../source-keys.ts'
import { rulingWord } from './marked-sentences.ts'
import { readRulings, type Ruling } from './read-rulings.ts'

/** The observation whose words a ruling or an issue is. */
export interface ToldBy {
  readonly key: string
  readonly kind: DocumentKind
}

/** A ruling on a starter of a card. */
export interface CardRuling extends Omit<Ruling, 'behind' | 'time'> {
  /** Name of the horse that it is put behind. */
  readonly behind: string | null
  /** Instant of a late scratching. */
  readonly at: string | null
  /** Whether the results page says so too; null where it says nothing that could be compared. */
  readonly agrees: boolean | null
  readonly toldBy: ToldBy
}

/** Something odd about the words on a race, which shows only beside the race's card. */
export interface RulingIssue {
  readonly toldBy: ToldBy
  readonly issue: ParseIssue
}
/** The issues that belong to a card as a whole, and come and go with what else is known of it. */
export const rulingIssueCodes = ['unclear-ruling', 'ruling-contradicted'] as const

/**
 * Reads the stewards' words of a meeting against its card. That is done here and not when the report
 * is parsed: a report names horses among other words in capitals, and only the race's own starters,
 * whichever source told them, say which words are a horse. So the same rulings come out whether the
 * report or the results are read first.
 */
export function withRulings(
  card: MatchedCard,
  observations: readonly MeetingObservation[],
): MatchedCard {
  const texts = textsOf(observations)
  if (texts.length === 0) return card
  const issues: RulingIssue[] = []
  const keys = new Set(card.races.flatMap(({ by }) => by.hrnz_scraper?.key ?? []))
  const races = card.races.map((race) => {
    const { key, number } = race.by.hrnz_scraper ?? {}
    // Two of HRNZ's meetings that a person made one have races of other keys.
    const own = texts.filter(({ race: told }) =>
      keys.has(told.key) ? told.key === key : told.number === number,
    )
    return own.length === 0 ? race : ruledRace(race, own, hasResults(observations, race), issues)
  })
  return { ...card, races, rulingIssues: issues }
}

interface RaceText {
  readonly toldBy: ToldBy
  readonly date: string
  readonly race: RaceObservation
  readonly text: string
}

/** HRNZ's words on races that may hold a ruling; the report before the results page's comments. */
function textsOf(observations: readonly MeetingObservation[]): RaceText[] {
  const texts: RaceText[] = []
  const inOrder = [...observations].sort((a, b) => (a.key < b.key ? -1 : 1))
  for (const kind of ['stewards', 'results'] as const)
    for (const { source, key, kind: own, date, races } of inOrder) {
      if (source !== 'hrnz_scraper' || own !== kind) continue
      for (const race of races) {
        const text = race.stewardsText ?? ''
        if (rulingWord.test(text)) texts.push({ toldBy: { key, kind }, date, race, text })
      }
    }
  return texts
}

const hasResults = (observations: readonly MeetingObservation[], { by }: MatchedRace): boolean =>
  observations.some(
    ({ source, kind, races }) =>
      source === 'hrnz_scraper' &&
      kind === 'results' &&
      races.some(({ key }) => key === by.hrnz_scraper?.key),
  )

function ruledRace(
  race: MatchedRace,
  texts: readonly RaceText[],
  isResulted: boolean,
  issues: RulingIssue[],
): MatchedRace {
  const names = race.starters.map(({ by }) => Object.values(by).map((starter) => starter.horseName))
  const number = texts[0]!.race.number
  const told: (Ruling & { readonly starter: number; readonly toldBy: ToldBy; date: string })[] = []
  const unclear = new Map<string, ToldBy>()
  for (const { text, toldBy, date } of texts) {
    const read = readRulings(text, { number, names })
    for (const ruling of read.rulings) {
      const same = told.some(
        ({ starter, kind }) => starter === ruling.starter && kind === ruling.kind,
      )
      if (!same) told.push({ ...ruling, toldBy, date })
    }
    for (const sentence of read.unclear) if (!unclear.has(sentence)) unclear.set(sentence, toldBy)
  }
  for (const [sentence, toldBy] of unclear)
    issues.push({
      toldBy,
      issue: {
        code: 'unclear-ruling',
        subject: `R${number}`,
        message: 'a sentence that looks like a ruling is not understood, and stays text',
        excerpt: sentence.slice(0, 200),
      },
    })
  if (told.length === 0) return race

  const page = (starter: number): StarterObservation | undefined =>
    isResulted ? race.starters[starter]?.by.hrnz_scraper : undefined
  const moved = new Set(told.filter(({ kind }) => kind !== 'scratched').map((one) => one.starter))
  race.starters.forEach((_, index) => {
    if (isDisqualified(page(index))) moved.add(index)
  })
  const starters = race.starters.map((starter, index): MatchedStarter => {
    const rulings = told
      .filter((one) => one.starter === index)
      .map(({ starter: _1, behind, time, date, ...ruling }): CardRuling => {
        const others = moved.size - (moved.has(index) ? 1 : 0)
        return {
          ...ruling,
          behind: behind === null ? null : (names[behind]?.[0] ?? null),
          at: time === null ? null : isoInstant(nzInstant(date, `${time}:00`)),
          agrees: agrees(ruling, page(index), behind === null ? undefined : page(behind), others),
        }
      })
    if (rulings.length === 0) return starter
    for (const { agrees: said, toldBy, text, ...ruling } of rulings)
      if (said === false)
        issues.push({
          toldBy,
          issue: {
            code: 'ruling-contradicted',
            subject: `R${number} ${names[index]![0]}`,
            message: `${rulingInWords(ruling)}, says the report; the results page has ${pageInWords(page(index))}`,
            excerpt: text.slice(0, 200),
          },
        })
    return { by: withClaims(starter, rulings, race), rulings }
  })
  return { ...race, starters }
}

/**
 * What the stewards say counts as HRNZ's word only where its results page is silent: that page is the
 * official result, and what is decided later comes with its amendment. A relegation claims no placing
 * at all: it moves the others up as well, and one placing alone would be half a result.
 */
function withClaims(
  { by }: MatchedStarter,
  rulings: readonly CardRuling[],
  race: MatchedRace,
): MatchedStarter['by'] {
  const page = by.hrnz_scraper
  const scratching = rulings.find(({ kind }) => kind === 'scratched')
  const isOut = rulings.some(({ kind }) => kind === 'disqualified')
  const claims: Partial<StarterObservation> = {
    ...(scratching === undefined || page?.scratched !== undefined
      ? {}
      : { scratched: true, ...(scratching.at === null ? {} : { scratchedAt: scratching.at }) }),
    ...(isOut && page?.finishRaw === undefined && page?.finishPosition === undefined
      ? { finishRaw: 'disqualified' }
      : {}),
  }
  if (Object.keys(claims).length === 0) return by
  const { horseName } = page ?? by.tab_api ?? by.manual!
  const key = hrnzStarterKey(race.by.hrnz_scraper!.key, horseName)
  return { ...by, hrnz_scraper: { key, horseName, ...page, ...claims } }
}

/** The page's placing may be better than the report's by one for each other horse put out or back. */
function agrees(
  { kind, to }: Pick<Ruling, 'kind' | 'to'>,
  page: StarterObservation | undefined,
  behind: StarterObservation | undefined,
  othersMoved: number,
): boolean | null {
  if (page === undefined) return null
  const placing = page.finishPosition
  if (kind === 'scratched') return page.scratched ?? null
  if (kind === 'disqualified')
    return placing === undefined && page.finishRaw === undefined ? null : placing === undefined
  if (placing === undefined) return null
  if (to !== null) return placing <= to && placing >= to - othersMoved
  return behind?.finishPosition === undefined ? null : placing > behind.finishPosition
}

const isDisqualified = (page: StarterObservation | undefined): boolean =>
  page?.finishPosition === undefined && /^d(?:q|sq|is)/i.test(page?.finishRaw ?? '')

function pageInWords(page: StarterObservation | undefined): string {
  if (page?.scratched === true) return 'it scratched'
  if (page?.finishPosition !== undefined) return `it in place ${page.finishPosition}`
  return page?.finishRaw === undefined ? 'nothing' : `it as ${page.finishRaw}`
}

/** `relegated from 2 to 3`, `relegated behind Fernbank`, `scratched`. */
export function rulingInWords({
  kind,
  from,
  to,
  behind,
}: Pick<CardRuling, 'kind' | 'from' | 'to' | 'behind'>): string {
  return [
    kind,
    ...(from === null ? [] : [`from ${from}`]),
    ...(to === null ? [] : [`to ${to}`]),
    ...(behind === null ? [] : [`behind ${behind}`]),
  ].join(' ')
}
