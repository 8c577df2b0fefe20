import { nameKey } from '../../domain/names.ts'
import type { RaceObservation, StarterObservation } from '../../domain/observation.ts'
import { hrnzRaceKey, hrnzStarterKey } from '../../domain/source-keys.ts'
import type { IssueList } from './issue-list.ts'
import { hasClass, type PageElement } from './page-tree.ts'
import { isSideBlock, raceParts, type ParticipantRow } from './participant-rows.ts'
import { parseStarter } from './parse-starter.ts'
import { withPedigrees } from './placed-horses.ts'
import { afterRace, raceHeader } from './race-header.ts'
import { checkRace } from './race-invariants.ts'

const mostRows = 60

/** One race container; also how many rows carried which column, for the layout's watch. */
export interface RaceOnPage {
  readonly race: RaceObservation
  readonly rows: readonly ParticipantRow[]
}

export function parseRace(
  container: PageElement,
  meetingKey: string,
  order: number,
  issues: IssueList,
  kind: 'results' | 'fields' = 'results',
): RaceOnPage {
  const { rows, ...blocks } = raceParts(container)
  const tables = new Set(rows.map(({ element }) => tableOf(element, container)))
  const header = raceHeader(
    container.children,
    (element) =>
      tables.has(element) ||
      isSideBlock(element) ||
      hasClass(element, 'hrnz-race-video__wrapper') ||
      element.name === 'button' ||
      element.name === 'nav',
  )
  const fromId = Number(/-race-(\d{1,2})(?!\d)/i.exec(container.attribs['id'] ?? '')?.[1])
  const number = header.number ?? (fromId > 0 ? fromId : order)
  const subject = `R${number}`
  if (header.number === undefined)
    issues.add('race-number-missing', subject, 'the race says no number; taken from its place')
  else if (fromId > 0 && fromId !== header.number)
    issues.add('race-number-differs', subject, `the container is numbered ${fromId}`)

  const key = hrnzRaceKey(meetingKey, number)
  if (rows.length > mostRows)
    issues.add('too-many-rows', subject, `${rows.length} rows; the first ${mostRows} are taken`)
  const keyPrefix = hrnzStarterKey(key, '')
  const starters = distinct(
    rows.slice(0, mostRows).flatMap((row) => parseStarter(row, keyPrefix, subject, issues) ?? []),
    subject,
    issues,
  )
  const after = afterRace(blocks.after, blocks.stewards)
  const withParents = withPedigrees(starters, blocks.placed, keyPrefix, subject, issues)
  const winner = withParents.find(({ finishPosition }) => finishPosition === 1)
  const { number: _, isAbandoned, more, ...fields } = header
  const { winningTimeMs, mileRateMs, ...texts } = after
  const gross = fields.winningTimeMs ?? winningTimeMs ?? winner?.timeMs
  const rate = fields.mileRateMs ?? mileRateMs
  // Only a standing start has handicaps; that a row is not behind the front says nothing.
  const isBehind = withParents.some(({ handicapM }) => (handicapM ?? 0) > 0)
  const startType = fields.startType ?? (isBehind ? 'standing' : undefined)
  const status = winner !== undefined ? 'final' : isAbandoned ? 'abandoned' : undefined
  const race: RaceObservation = {
    key,
    number,
    ...fields,
    ...texts,
    ...(isBehind ? { isHandicap: true } : {}),
    ...(startType === undefined ? {} : { startType }),
    ...(gross === undefined ? {} : { winningTimeMs: gross }),
    ...(rate === undefined ? {} : { mileRateMs: rate }),
    ...(status === undefined ? {} : { status }),
    starters: withParents,
    ...(Object.keys(more).length === 0 ? {} : { more }),
  }
  if (kind === 'results') checkRace(race, issues)
  return { race, rows }
}

/** The table around a row, or the row itself where the page is built without tables. */
function tableOf(row: PageElement, container: PageElement): PageElement {
  let parent = row.parent
  while (parent !== null && parent !== container) {
    if (parent.name === 'table') return parent
    parent = parent.parent
  }
  return row
}

/**
 * A horse starts once in a race. A doubled row is dropped; two rows of one name that say different
 * things are both kept, told apart by their book number.
 */
function distinct(
  starters: readonly StarterObservation[],
  subject: string,
  issues: IssueList,
): StarterObservation[] {
  const byKey = new Map<string, StarterObservation>()
  for (const starter of starters) {
    const before = byKey.get(starter.key)
    if (before === undefined) {
      byKey.set(starter.key, starter)
      continue
    }
    const where = `${subject} ${starter.horseName}`
    const key = `${starter.key}#${starter.number ?? byKey.size + 1}`
    if (before.number === starter.number || byKey.has(key)) {
      issues.add('doubled-row', where, 'the horse has two rows of one number; the first is taken')
      continue
    }
    issues.add('name-twice', where, 'two rows of one race bear the same name')
    byKey.set(key, { ...starter, key })
  }
  return [...byKey.values()]
}

/** What tells whether two containers of one race number say the same. */
export const raceDigest = (race: RaceObservation): string =>
  race.starters.map(({ horseName, finishRaw }) => `${nameKey(horseName)}=${finishRaw}`).join('|')
