import { addDays } from '../../src/domain/dates.ts'
import { runTask } from './child.ts'
import { medianOf, type Run } from './figures.ts'
import type { ParseWay } from './ingest.ts'
import type { Selection } from './packed-world.ts'
import { integer, ratio, type Row, type Section } from './sections.ts'
import type { Scratch } from './scratch.ts'

const raceDay = '2026-07-25'

/** How fast pages are read, beside parsers that only parse them: in turns, each in its own process. */
export function measureParsing(
  scratch: Scratch,
  options: {
    readonly rounds: number
    readonly days: number
    readonly say: (line: string) => void
  },
): Section {
  const { rounds, days, say } = options
  const file = scratch.file('pages')
  const from = addDays(raceDay, -days)
  say('making the pages')
  runTask('packWorld', { file, from, to: raceDay, meetingsPerWeek: 6, lastDayMeetings: 9 })
  const span = days === 365 ? 'a year' : `${days} days`
  const all = { file, from, to: raceDay }
  const day = { file, from: raceDay, to: raceDay }
  const measure = (title: string, selection: Asked): Row => {
    say(title)
    return rowOf(title, timed(selection, rounds))
  }
  return {
    title: 'Parsing',
    head: [
      'MB/s',
      'MB',
      'bare',
      'linkedom',
      'own tree',
      'whole',
      'whole ÷',
      'rest ÷',
      'linkedom ×',
    ],
    rows: [
      measure(`HRNZ’s pages of ${span}`, { ...all, sources: ['hrnz'], warmUp: 60 }),
      measure('HRNZ’s pages of a race day', { ...day, sources: ['hrnz'], warmUp: 0 }),
      measure('TAB’s answers of a race day', { ...day, sources: ['tab'], warmUp: 0 }),
    ],
    notes: [
      '`bare`: htmlparser2 makes its tree (JSON.parse for TAB); `linkedom` likewise. `own tree`: ours,',
      'from htmlparser2’s tokens; `whole`: from bytes to observations. `whole ÷`: the time of it in that',
      'of `bare`; `rest ÷`: what of it comes after our tree, in that of `bare`; `linkedom ×`: how much',
      'longer linkedom takes for its tree than we for the whole. Processor time; the year’s without its',
      'first 60 pages, while a race day is read by code that is not warm yet, as every night.',
    ],
  }
}

const ways: readonly ParseWay[] = ['bare', 'linkedom', 'tree', 'whole']
type Asked = Selection & { readonly warmUp: number }
type Timed = Readonly<Record<ParseWay, readonly Run[]>>

function timed(selection: Asked, rounds: number): Timed {
  const runs: Record<ParseWay, Run[]> = { bare: [], linkedom: [], tree: [], whole: [] }
  const asked = selection.sources.includes('tab') ? (['bare', 'whole'] as const) : ways
  for (let round = 0; round < rounds; round++)
    for (const way of asked) runs[way].push(runTask('parseOnly', { ...selection, way }))
  return runs
}

function rowOf(title: string, runs: Timed): Row {
  const time = (way: ParseWay): number => medianOf(runs[way], 'parse')
  const rates = ways.map((way) =>
    runs[way].length === 0 ? '' : integer(medianOf(runs[way], 'rate')),
  )
  const isHtml = runs.tree.length > 0
  return [
    title,
    medianOf(runs.bare, 'megabytes').toFixed(1),
    ...rates,
    (time('whole') / time('bare')).toFixed(2),
    isHtml ? ((time('whole') - time('tree')) / time('bare')).toFixed(2) : '',
    isHtml ? ratio(time('linkedom') / time('whole')) : '',
  ]
}
