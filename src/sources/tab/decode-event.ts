import { racingDate } from '../../domain/dates.ts'
import type { ParseIssue, RaceObservation } from '../../domain/observation.ts'
import { tabEventKey, tabMeetingKey } from '../../domain/source-keys.ts'
import { disqualifiedNumbers, withVerdicts } from '../../domain/capture/protest-verdicts.ts'
import type { RaceMarket } from '../../domain/capture/race-market.ts'
import { LayoutChangedError } from '../../errors.ts'
import { decodeMarket } from './decode-market.ts'
import { eventSchema, type TabDividend, type TabEvent } from './payload-schema.ts'
import { amountOf, countOf, dateOf, epochOf, labelled, present, textOf } from './plain-values.ts'
import { failureError, readBody } from './read-body.ts'
import { readPayload } from './read-payload.ts'
import { decodeRunner } from './decode-runner.ts'
import { readPrizes, winningTime, withoutCopies, withResults } from './decode-results.ts'
import { gaitOf, handicapOf, raceStatus, startTypeOf } from './race-words.ts'

export type DecodedEvent =
  | {
      readonly kind: 'race'
      readonly meetingKey: string
      readonly race: RaceObservation
      readonly market: RaceMarket
      readonly issues: readonly ParseIssue[]
    }
  | { readonly kind: 'gone'; readonly code: string; readonly message: string }

/** One race's card, with its result once there is one. Cards of any country and code decode. */
export function decodeEvent(body: Uint8Array): DecodedEvent {
  const { json, failure } = readBody(body)
  if (failure !== undefined && failure.code.toUpperCase() === goneCode) {
    return { kind: 'gone', code: goneCode, message: failure.message.slice(0, 200) }
  }
  if (failure !== undefined) throw failureError(failure, 'an event')
  const data = json['data']
  if (typeof data !== 'object' || data === null || !('race' in data)) {
    throw new LayoutChangedError("TAB's event has no `data.race` and no error either", {
      code: 'invalid-payload',
    })
  }
  const { value, issues } = readPayload(eventSchema, data, {
    subject: subjectOf(data.race),
    path: 'data',
  })
  return { kind: 'race', ...raceOf(value, issues) }
}

/** `race can not be found`: an abandoned race loses its card. */
const goneCode = 'FR0002'

function raceOf(
  event: TabEvent,
  issues: ParseIssue[],
): { meetingKey: string; race: RaceObservation; market: RaceMarket; issues: ParseIssue[] } {
  const { race } = event
  const number = race.race_number
  const name = textOf(race.description, 200)
  const status = raceStatus(race.status)
  if (status === null) issues.push(unknownStatus(number, race.status))
  const startType = startTypeOf(race.start_type, name)
  const prizes = readPrizes(race.prize_monies)
  const country = textOf(race.country, 3)?.toUpperCase()
  const results = event.results ?? []
  const starters = withResults(
    withoutCopies(event.runners ?? [], number, issues).map((runner) =>
      decodeRunner(runner, { number, country }, startType, issues),
    ),
    results,
    number,
    issues,
  )
  const startTime = epochOf(race.advertised_start)
  const protestText = textOf(race.protest_reason, 1000)
  if (protestText !== undefined) noteUnreadVerdict(number, protestText, issues)
  const observed: RaceObservation = present({
    key: tabEventKey(race.event_id),
    number,
    name,
    classText: textOf(race.class, 200),
    distanceM: countOf(race.distance, 10_000),
    gait: gaitOf(race.gait, name),
    startType,
    isHandicap:
      handicapOf(name, race.weight_and_handicap_conditions) ??
      (starters.some((starter) => (starter.handicapM ?? 0) > 0) ? true : undefined),
    startTime,
    status: status ?? undefined,
    trackCondition: textOf(race.track_condition, 60),
    weather: textOf(race.weather, 60),
    stakeCents: prizes.total,
    winningTimeMs: winningTime(results),
    dividendsText: dividendsText(event.dividends ?? []),
    protestText,
    starters,
    more: labelled({
      status: status === null ? race.status : undefined,
      raceDateNz: dateOf(race.race_date_nz) ?? dateInNz(startTime),
      actualStart: actualStart(race),
      trackDirection: race.track_direction,
      rail: race.rail_position,
      group: race.group,
      mileRate400: race.mile_rate_400,
      mileRate800: race.mile_rate_800,
      prizes: [...prizes.byPlacing]
        .sort(([a], [b]) => a - b)
        .map(([placing, cents]) => `${placing}:${cents / 100}`)
        .join(' '),
    }),
  })
  const market = decodeMarket(event, observed)
  return {
    meetingKey: tabMeetingKey(race.meeting_id),
    race: withVerdicts(observed),
    market,
    issues,
  }
}

/** Until the race is off TAB repeats the advertised start as the actual one. */
function actualStart(race: TabEvent['race']): string | undefined {
  return race.actual_start === race.advertised_start ? undefined : epochOf(race.actual_start)
}

const dateInNz = (startTime: string | undefined): string | undefined =>
  startTime === undefined ? undefined : racingDate(Date.parse(startTime))

/** `Pool Win 7 3.40; …`. The rows of Interim stay beside those of Final, so Final wins. */
function dividendsText(dividends: readonly TabDividend[]): string | undefined {
  const final = dividends.filter((dividend) => dividend.status?.toLowerCase() === 'final')
  const lines = new Set<string>()
  for (const dividend of final.length > 0 ? final : dividends) {
    const pays = amountOf(dividend.dividend)
    const product = textOf(dividend.product_name, 60)
    if (pays === undefined || product === undefined) continue
    lines.add([product, textOf(dividend.description, 60) ?? '', pays.toFixed(2)].join(' '))
  }
  return lines.size === 0 ? undefined : [...lines].sort().join('; ').slice(0, 4000)
}

export function unknownStatus(number: number, word: string | null | undefined): ParseIssue {
  return {
    code: 'unknown-status',
    subject: `R${number}`,
    message: 'the status of the race is a word that is not known; kept as text',
    excerpt: (word ?? '').slice(0, 200),
  }
}

/** A disqualification that names nobody we can tell is worth a look. */
export function noteUnreadVerdict(number: number, text: string, issues: ParseIssue[]): void {
  if (!/dis-?qualif/i.test(text) || disqualifiedNumbers(text).length > 0) return
  issues.push({
    code: 'unread-verdict',
    subject: `R${number}`,
    message: 'the protest text speaks of a disqualification, but not of whom in a known wording',
    excerpt: text.slice(0, 200),
  })
}

function subjectOf(race: unknown): string {
  const number =
    typeof race === 'object' && race !== null && 'race_number' in race
      ? race.race_number
      : undefined
  return typeof number === 'number' ? `R${number}` : 'race'
}
