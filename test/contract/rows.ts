import type {
  HorseRow,
  LinkRow,
  MeetingRow,
  RaceRow,
  RulingRow,
  StarterRow,
} from '../../src/domain/masters.ts'
import type { CardChanges } from '../../src/repositories/cards.ts'
import type { HorseChanges } from '../../src/repositories/horses.ts'

/** Invented rows with every field set, so that a field lost on its way shows. */
export const aMeeting = (over: Partial<MeetingRow> = {}): MeetingRow => ({
  id: 1,
  meetingDate: '2026-03-06',
  venue: 'Karaka Flats',
  club: 'Karaka Flats Trotting Club',
  dataSource: 'merged',
  tabMeetingId: 'b7d1f6a0-0000-4000-8000-000000000001',
  hrnzUrl: 'https://example.test/Data/1.htm',
  status: 'final',
  trackCondition: 'Fast',
  weather: 'Fine',
  matchRule: 'exact',
  matchEvidence: '{"venue":1}',
  matchedAt: '2026-03-06T08:00:00.000Z',
  lastUpdated: '2026-03-06T09:00:00.000Z',
  ...over,
})

export const aRace = (over: Partial<RaceRow> = {}): RaceRow => ({
  id: 1,
  meetingId: 1,
  raceNumber: 1,
  name: 'The Kōwhai Stakes',
  classText: '3yo+ 40 to 47',
  distanceM: 2200,
  gait: 'pace',
  startType: 'mobile',
  isHandicap: false,
  startTime: '2026-03-06T05:12:00.000Z',
  status: 'final',
  stakeCents: 1_200_000,
  winningTimeMs: 163_400,
  mileRateMs: 119_500,
  tabEventId: 'e0000000-0000-4000-8000-000000000001',
  hrnzKey: 'hrnz:race:2026-03-06/12/R1',
  manualKey: null,
  ...over,
})

export const aStarter = (over: Partial<StarterRow> = {}): StarterRow => ({
  id: 1,
  raceId: 1,
  number: 1,
  horseName: "Tūī's Echo",
  barrier: 'Fr1',
  handicapM: 0,
  driver: 'R Kauri',
  trainer: 'A Rimu',
  scratched: false,
  finishPosition: 1,
  finishRaw: '1',
  timeMs: 163_400,
  marginRaw: 'nose',
  stakeCents: 600_000,
  favouriteRanks: '1/2',
  tabEntrantId: 'f0000000-0000-4000-8000-000000000001',
  hrnzKey: 'hrnz:starter:2026-03-06/12/R1/tuis echo',
  manualKey: null,
  ...over,
})

export const aRuling = (over: Partial<RulingRow> = {}): RulingRow => ({
  starterId: 1,
  raceId: 1,
  kind: 'relegated',
  from: 2,
  to: 3,
  behind: 'Old Canoe',
  at: '2026-03-06T05:30:00.000Z',
  reason: 'for causing interference',
  text: 'TŪĪ’S ECHO was relegated from 2nd to 3rd, behind OLD CANOE.',
  agrees: true,
  documentId: 7,
  ...over,
})

export const aHorse = (over: Partial<HorseRow> = {}): HorseRow => ({
  id: 1,
  name: "Tūī's Echo",
  normalizedName: 'tuis echo',
  sire: 'Old Canoe',
  dam: 'River Echo',
  damSire: 'Long Paddle',
  sex: 'mare',
  colour: 'bay',
  country: 'NZ',
  foaledOn: '2021-10-04',
  firstSeen: '2026-03-06',
  lastSeen: '2026-03-06',
  raceCount: 1,
  tally: null,
  ...over,
})

export const aLink = (over: Partial<LinkRow> = {}): LinkRow => ({
  starterId: 1,
  raceId: 1,
  date: '2026-03-06',
  startTime: '2026-03-06T05:12:00.000Z',
  phase: 'ran',
  sourceKey: 'hrnz:starter:2026-03-06/12/R1/tuis echo',
  tabEntrantId: 'f0000000-0000-4000-8000-000000000001',
  manualKey: null,
  name: "Tūī's Echo",
  nameKey: 'tuis echo',
  sire: 'Old Canoe',
  dam: 'River Echo',
  damSire: 'Long Paddle',
  sex: 'mare',
  colour: 'bay',
  country: 'NZ',
  foaledOn: '2021-10-04',
  gait: 'pace',
  ids: { 'tab_horse:nz': '354001', hrnz_guid: '0F0F0F0F-0000-4000-8000-000000000001' },
  horseId: 1,
  rule: 'tab-horse',
  decidedBy: 'rule',
  ...over,
})

export const cardChanges = (over: Partial<CardChanges> = {}): CardChanges => ({
  meetings: [],
  races: [],
  starters: [],
  deleteMeetings: [],
  deleteRaces: [],
  deleteStarters: [],
  rulingsOf: [],
  rulings: [],
  ...over,
})

export const horseChanges = (over: Partial<HorseChanges> = {}): HorseChanges => ({
  links: [],
  horses: [],
  deleteHorses: [],
  identifiers: [],
  contested: [],
  replace: [],
  names: [],
  ...over,
})

/** One meeting of one race with this many starters, each on a horse of its own. */
export function aCard(starters: number): { card: CardChanges; horses: HorseChanges } {
  const numbers = Array.from({ length: starters }, (_, i) => i + 1)
  return {
    card: cardChanges({
      meetings: [aMeeting()],
      races: [aRace()],
      starters: numbers.map((n) => aStarter({ id: n, number: n, horseName: `Horse ${n}` })),
    }),
    horses: horseChanges({
      horses: numbers.map((n) => aHorse({ id: n, normalizedName: `horse ${n}` })),
      links: numbers.map((n) =>
        aLink({
          starterId: n,
          horseId: n,
          nameKey: `horse ${n}`,
          sourceKey: `hrnz:starter:2026-03-06/12/R1/horse ${n}`,
          ids: { hrnz_number: String(n) },
        }),
      ),
      identifiers: numbers.map((n) => ({ horseId: n, scheme: 'hrnz_number', value: String(n) })),
      names: numbers.map((n) => ({
        horseId: n,
        nameKey: `horse ${n}`,
        name: `Horse ${n}`,
        firstSeen: '2026-03-06',
        lastSeen: '2026-03-06',
      })),
    }),
  }
}
