import type { Gait, RaceObservation, StartType } from '../../domain/observation.ts'
import { cents, distanceIn, stakeIn, timeMs } from './cell-values.ts'
import { labelledLines, labelsOf } from './labelled-lines.ts'
import { textOf, type PageElement, type PageNode } from './page-tree.ts'

export type RaceHeader = Pick<
  RaceObservation,
  | 'name'
  | 'classText'
  | 'distanceM'
  | 'gait'
  | 'startType'
  | 'isHandicap'
  | 'stakeCents'
  | 'weather'
  | 'trackCondition'
  | 'winningTimeMs'
  | 'mileRateMs'
> & {
  readonly number?: number
  readonly isAbandoned: boolean
  readonly more: Record<string, string>
}

const labels = labelsOf([
  'race number',
  'race no',
  'race name',
  'race',
  'class',
  'conditions',
  'distance',
  'stake',
  'total stake',
  'purse',
  'weather',
  'track',
  'track condition',
  'condition',
  'start',
  'start type',
  'start time',
  'race time',
  'gait',
  'winning time',
  'gross time',
  'mile rate',
  'status',
])

/** What stands above the participants table, whatever elements it is written in. */
export function raceHeader(
  nodes: readonly PageNode[],
  skip: (element: PageElement) => boolean,
): RaceHeader {
  const { values, plain } = labelledLines(nodes, labels, { lineMost: 600, skip })
  const value = (...names: string[]): string | undefined => {
    for (const name of names) {
      const text = values.get(name)?.join(' ').trim()
      if (text !== undefined && text !== '') return text
    }
    return undefined
  }
  const header: { -readonly [K in keyof RaceHeader]: RaceHeader[K] } = {
    isAbandoned: plain
      .map(({ text }) => text)
      .concat(value('status') ?? [])
      .some((text) => text.length < 200 && /\babandoned\b/i.test(text)),
    more: {},
  }
  const rest = plain.map(({ text, heading }) => ({ text, heading }))

  // `Race 4 - NAME, $12,000, … 2600m` in one heading, or `Race 4` on its own.
  const numbered = /^race\s{0,3}(?:number\s?:?\s?)?(\d{1,2})(?!\d)\s*[-–:,]?\s*(.*)$/is
  const numberText = value('race number', 'race no', 'race')
  const at = rest.findIndex(({ text }) => numbered.test(text))
  const own = at < 0 ? null : numbered.exec(rest[at]?.text ?? '')
  const number = /(\d{1,2})(?!\d)/.exec(numberText ?? '')?.[1] ?? own?.[1]
  if (number !== undefined && Number(number) > 0) header.number = Number(number)
  if (own !== null) rest.splice(at, 1, ...(own[2] ? [{ text: own[2], heading: true }] : []))

  let name = value('race name')
  let classLine = value('class')
  for (const line of rest) {
    const isClass = distanceIn(line.text) !== undefined || /\$\s?\d/.test(line.text)
    const joined = /^(.{2,200}?),\s?(\$\s?\d.*)$/s.exec(line.text)
    if (line.heading && isClass && joined !== null && name === undefined) {
      name = joined[1]
      classLine ??= joined[2]
    } else if (isClass) classLine ??= line.text
    else if (line.heading) name ??= line.text
  }
  // A page without headings: the first line that says something else than the class.
  name ??= rest.find(({ text }) => text !== classLine && !/^[\W\d]*$/.test(text))?.text
  if (name !== undefined) header.name = name.slice(0, 200)
  if (classLine !== undefined) header.classText = classOnly(classLine).slice(0, 400)

  const distance = distanceIn(value('distance') ?? '') ?? distanceIn(classLine ?? '')
  if (distance !== undefined) header.distanceM = distance
  const stake = cents(value('stake', 'total stake', 'purse') ?? '') ?? stakeIn(classLine ?? '')
  if (stake !== undefined) header.stakeCents = stake

  const gait = gaitIn(value('gait') ?? '') ?? gaitIn(classLine ?? '') ?? gaitIn(name ?? '')
  if (gait !== undefined) header.gait = gait
  const start =
    startIn(value('start type', 'start') ?? '') ?? startIn(classLine ?? '') ?? startIn(name ?? '')
  if (start !== undefined) header.startType = start
  if (/\b(?:handicap|hcp)\b/i.test(`${classLine ?? ''} ${name ?? ''}`)) header.isHandicap = true
  else if (start === 'mobile') header.isHandicap = false

  const weather = value('weather')
  if (weather !== undefined) header.weather = weather.slice(0, 60)
  const track = value('track condition', 'track', 'condition')
  if (track !== undefined) header.trackCondition = track.slice(0, 60)
  const winning = timeMs(value('winning time', 'gross time') ?? '')
  if (winning !== undefined) header.winningTimeMs = winning
  const rate = timeMs(value('mile rate') ?? '')
  if (rate !== undefined) header.mileRateMs = rate
  for (const label of ['conditions', 'start time', 'race time', 'status']) {
    const text = value(label)
    if (text !== undefined) header.more[label] = text.slice(0, 400)
  }
  return header
}

/** The class line without the stake before it and the distance after it, which have own fields. */
const classOnly = (line: string): string =>
  line
    .replace(/^\$\s?[\d,.]{1,15}\s?,?\s{0,2}/, '')
    .replace(/,?\s?\d{3,4}\s?m(?:et(?:re|er)s?)?\.?$/i, '')
    .trim()

/** Sponsors' titles lie; the abbreviations of both spellings do not. Both gaits named is neither. */
function gaitIn(text: string): Gait | undefined {
  const isPace = /\b(?:pace|pce|pacers?|pacing)\b/i.test(text)
  const isTrot = /\b(?:trot|trt|trotters?)\b/i.test(text)
  return isPace === isTrot ? undefined : isPace ? 'pace' : 'trot'
}

/** That a line does not say mobile proves nothing. */
function startIn(text: string): StartType | undefined {
  if (/\b(?:mobile|mob|mbl)\b/i.test(text)) return 'mobile'
  return /\b(?:standing|stand|std|stnd)\b/i.test(text) ? 'standing' : undefined
}

const sideLabels = [
  'dividends',
  'dividend',
  'margins',
  'margin',
  'times',
  'time',
  'sectionals',
  'stewards',
  'stewards comments',
  "stewards' comments",
  'stewards’ comments',
  'steward comments',
  "steward's comments",
  'stewards report',
  "stewards' report",
  'comments',
  'protest',
]

const sideLabelled = labelsOf(sideLabels)
const stewardsLabels = sideLabels.filter((label) => /steward|comments/.test(label))

export type AfterRace = Pick<
  RaceObservation,
  'timesText' | 'marginsText' | 'dividendsText' | 'stewardsText' | 'protestText'
> & { readonly winningTimeMs?: number; readonly mileRateMs?: number }

/** The free texts below the table: dividends, margins, times, and what the stewards say. */
export function afterRace(
  blocks: readonly PageElement[],
  stewards: readonly PageElement[],
): AfterRace {
  const { values, plain } = labelledLines(blocks, sideLabelled, { lineMost: 4000 })
  const text = (...names: string[]): string | undefined => {
    const found = names.flatMap((name) => values.get(name) ?? []).join('\n')
    return found === '' ? undefined : found.slice(0, 8000)
  }
  const result: { -readonly [K in keyof AfterRace]: AfterRace[K] } = {}
  const times = text('times', 'time', 'sectionals')
  if (times !== undefined) {
    result.timesText = times
    const rate = timeMs(/\b(?:mile\s?rate|mr)\b\W{0,3}([\d.:-]{3,9})/i.exec(times)?.[1] ?? '')
    if (rate !== undefined) result.mileRateMs = rate
    const gross = timeMs(
      /\b(?:gross|winning|winner|overall|race)\b(?:\s?time)?\W{0,3}([\d.:-]{3,9})/i.exec(
        times,
      )?.[1] ?? '',
    )
    if (gross !== undefined) result.winningTimeMs = gross
  }
  const margins = text('margins', 'margin')
  if (margins !== undefined) result.marginsText = margins
  const dividends = text('dividends', 'dividend')
  if (dividends !== undefined) result.dividendsText = dividends
  const protest = text('protest')
  if (protest !== undefined) result.protestText = protest
  const words = [
    text(...stewardsLabels),
    ...stewards.map((element) => stewardsWords(textOf(element, 8000))),
    // Comments follow the block's items without a label of their own.
    ...plain.filter(({ heading }) => !heading).map((line) => line.text),
  ].filter((line) => line !== undefined && line !== '')
  if (words.length > 0) result.stewardsText = words.join('\n').slice(0, 8000)
  return result
}

const stewardsWords = (text: string): string =>
  text.replace(/^stewards?['’]?s?\s?(?:comments|report)?\s?:?\s/i, '')
