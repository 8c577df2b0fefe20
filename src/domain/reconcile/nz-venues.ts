import type { VenueAlias } from './venues.ts'

/**
 * Where New Zealand's harness meetings are held, under the names that TAB, HRNZ's pages and its
 * calendar use. Facts, gathered from public racing calendars; a club stands under the place where it
 * usually races and only there (clubs race away from home: the page's own venue outranks this).
 */
const places: readonly {
  readonly venue: string
  readonly names?: readonly string[]
  readonly clubs?: readonly string[]
}[] = [
  {
    venue: 'Addington Raceway',
    names: ['Addington'],
    clubs: ['NZ Metropolitan Trotting Club', 'NZ Metro TC', 'NZ Metro TC(P)', 'NZ Metro', 'NZMTC'],
  },
  {
    venue: 'Alexandra Park',
    names: ['Auckland'],
    clubs: ['Auckland Trotting Club', 'Auckland TC', 'ATC'],
  },
  {
    venue: 'Cambridge Raceway',
    names: ['Cambridge'],
    clubs: [
      'Waikato Bay of Plenty Harness',
      'Waikato Bay of Plenty HRC',
      'Waikato BOP Harness',
      'Waikato BOP',
      'WaikBoP',
    ],
  },
  {
    venue: 'Ascot Park Raceway',
    names: ['Ascot Park', 'Invercargill'],
    clubs: [
      'Invercargill Harness Racing Club',
      'Invercargill HRC',
      'Northern Southland TC',
      'Invcargill',
    ],
  },
  {
    venue: 'Central Southland Raceway',
    names: ['Winton'],
    clubs: ['Winton Harness Racing Club', 'Winton HRC'],
  },
  { venue: 'Gore Raceway', names: ['Gore'], clubs: ['Gore Harness Racing Club', 'Gore HRC'] },
  { venue: 'Young Quinn Raceway', names: ['Wyndham'] },
  {
    venue: 'Oamaru Racecourse',
    names: ['Oamaru'],
    clubs: ['Oamaru Harness Racing Club', 'Oamaru HRC'],
  },
  {
    venue: 'Phar Lap Raceway',
    names: ['Timaru', 'Washdyke'],
    clubs: ['Timaru Harness Racing Club', 'Timaru HRC'],
  },
  {
    venue: 'Ashburton Raceway',
    names: ['Ashburton'],
    clubs: ['Ashburton Trotting Club', 'Ashburton TC'],
  },
  {
    venue: 'Mt Harding Racecourse',
    names: ['Methven'],
    clubs: ['Methven Trotting Club', 'Methven TC'],
  },
  {
    venue: 'Motukarara Raceway',
    names: ['Motukarara', 'Banks Peninsula'],
    clubs: ['Banks Pen TC'],
  },
  {
    venue: 'Rangiora Raceway',
    names: ['Rangiora'],
    clubs: ['Rangiora Harness Racing Club', 'Rangiora HRC', 'Amberley'],
  },
  {
    venue: 'Manawatu Raceway',
    names: ['Manawatu', 'Palmerston North'],
    clubs: ['Manawatu Harness Racing Club', 'Manawatu HRC'],
  },
  { venue: 'Otaki Racecourse', names: ['Otaki'], clubs: ['Otaki TC'] },
  { venue: 'Whanganui', names: ['Wanganui'] },
  { venue: 'Forbury Park', names: ['Forbury'] },
  { venue: 'Wingatui Racecourse', names: ['Wingatui'] },
  { venue: 'Kaikoura' },
  { venue: 'Richmond Park', names: ['Nelson'], clubs: ['Nelson Harness Racing Club'] },
  { venue: 'Alexandra' },
  { venue: 'Cromwell' },
  { venue: 'Geraldine' },
  { venue: 'Westport' },
  { venue: 'Reefton' },
  { venue: 'Omakau' },
  { venue: 'Roxburgh' },
  { venue: 'Waimate' },
  { venue: 'Hawera' },
  { venue: 'Tauherenikau' },
  { venue: 'New Plymouth Raceway', names: ['New Plymouth', 'Pukekura Raceway'] },
  { venue: 'Stratford' },
]

/** Clubs that are known to have raced at another place on a day. */
const away: readonly { readonly club: string; readonly venue: string; readonly date: string }[] = [
  { club: 'Wyndham HRC', venue: 'Gore Raceway', date: '2026-10-01' },
  { club: 'Akaroa Trotting Club', venue: 'Mt Harding Racecourse', date: '2026-10-11' },
]

/** The places above as aliases of every source; for every date but where a day is told. */
export const nzVenues: readonly VenueAlias[] = [
  ...places.flatMap(({ venue, names = [], clubs = [] }) => [
    ...[venue, ...names].map((text) => alias('venue', text, venue)),
    ...clubs.map((text) => alias('club', text, venue)),
  ]),
  ...away.map(({ club, venue, date }) => ({
    ...alias('club', club, venue),
    validFrom: date,
    validTo: date,
  })),
]

function alias(kind: VenueAlias['kind'], text: string, venue: string): VenueAlias {
  return { source: 'any', kind, text, venue, validFrom: null, validTo: null }
}
