import { nameKey } from '../../src/domain/names.ts'
import type {
  MeetingObservation,
  RaceObservation,
  Source,
  StarterObservation,
} from '../../src/domain/observation.ts'

/** Invented observations: say what matters, the rest is filled in. */
export function aRaceSaid(
  said: Partial<RaceObservation> & { readonly key: string; readonly number: number },
): RaceObservation {
  return { starters: [], ...said }
}

export function aStarterSaid(
  key: string,
  horseName: string,
  said: Partial<StarterObservation> = {},
): StarterObservation {
  return { key, horseName, ...said }
}

/** Starters of these names, numbered from 1, with keys as the source writes them. */
export function startersSaid(source: Source, race: string, names: readonly string[]) {
  return names.map((name, index) =>
    source === 'tab_api'
      ? aStarterSaid(`tab:entrant:${race}-${index}`.toLowerCase(), name, {
          number: index + 1,
          tabEntrantId: `${race}-${index}`.toLowerCase(),
        })
      : aStarterSaid(`${prefixes[source]}:starter:${race}/${nameKey(name)}`, name, {
          number: index + 1,
        }),
  )
}

export function aMeetingSaid(
  source: Source,
  id: string,
  said: Partial<MeetingObservation> = {},
): MeetingObservation {
  return {
    source,
    kind: source === 'tab_api' ? 'card' : source === 'manual' ? 'import' : 'results',
    key: `${prefixes[source]}:meeting:${id}`,
    date: '2026-03-06',
    races: [],
    ...(source === 'tab_api' ? { tabMeetingId: id } : {}),
    ...said,
  }
}

const prefixes: Readonly<Record<Source, string>> = {
  tab_api: 'tab',
  hrnz_scraper: 'hrnz',
  manual: 'manual',
}
