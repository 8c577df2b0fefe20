import { Random } from '../../fixtures/world/random.ts'
import { relink } from '../../src/app/horses/link-horses.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { addDays } from '../../src/domain/dates.ts'
import type { PooledStarter, RaceRow, StarterRow } from '../../src/domain/masters.ts'
import { nameKey } from '../../src/domain/names.ts'
import type { Figures } from './figures.ts'

const fieldSize = 11
const startsOfAHorse = 20
/** Days, as are careers. */
const longestBreak = 24
const longestCareer = startsOfAHorse * longestBreak
const firstDay = '2000-01-01'
const now = '2026-01-01T00:00:00.000Z'

interface MadeHorse {
  readonly id: number
  readonly name: string
  readonly sire: string
  readonly dam: string
  readonly guid: string
  readonly number: string | null
  readonly gait: 'pace' | 'trot'
}

/**
 * Fills a database with so many starts, straight into the tables: no page, no observation. One
 * horse in fifty shares its name with another; one start in twenty tells a name and nothing else.
 */
export async function makeSeason(options: {
  readonly database: string
  readonly starters: number
}): Promise<Figures> {
  const database = await openDatabase(options.database)
  await database.migrator.migrateToLatest()
  const random = new Random('season', options.starters)
  // Thirty races a day where there are enough starts, but never too few days for whole careers.
  const days = Math.max(2 * longestCareer, Math.ceil(options.starters / (30 * fieldSize)))
  const racesADay = Math.max(3, Math.ceil(options.starters / (days * fieldSize)))
  const season = new Season(random, days, racesADay)
  await database.unitOfWork.run(async ({ cards }) => {
    await cards.apply({
      ...nothing,
      meetings: Array.from({ length: days * 3 }, (_, index) => ({
        id: index + 1,
        meetingDate: addDays(firstDay, Math.floor(index / 3)),
        venue: `Course ${index % 3}`,
        club: null,
        dataSource: 'hrnz_scraper' as const,
        tabMeetingId: null,
        hrnzUrl: null,
        status: 'final' as const,
        trackCondition: null,
        weather: null,
        matchRule: 'new',
        matchEvidence: '{}',
        matchedAt: now,
        lastUpdated: now,
      })),
    })
    for (let from = 0; from < days * racesADay; from += 5000) {
      const count = Math.min(5000, days * racesADay - from)
      await cards.apply({
        ...nothing,
        races: Array.from({ length: count }, (_, index) => raceRow(from + index, racesADay)),
      })
    }
  })
  const horses = Math.ceil(options.starters / startsOfAHorse)
  for (let made = 0; made < horses; made += 250) {
    const starters: { row: StarterRow; evidence: PooledStarter }[] = []
    for (let horse = made; horse < Math.min(made + 250, horses); horse++)
      starters.push(...season.startsOf(horse))
    await database.unitOfWork.run(async (repositories) => {
      await repositories.cards.apply({ ...nothing, starters: starters.map(({ row }) => row) })
      const evidence = starters.map((starter) => starter.evidence)
      await relink(repositories, { starters: evidence, links: [], judgements: [] }, now)
    })
  }
  await database.close()
  return { starters: season.starters, horses }
}

class Season {
  starters = 0
  readonly #random: Random
  readonly #days: number
  readonly #racesADay: number
  /** Starters of each race so far: they come in as they are made. */
  readonly #placed = new Map<number, number>()
  #last: MadeHorse | undefined

  constructor(random: Random, days: number, racesADay: number) {
    this.#random = random
    this.#days = days
    this.#racesADay = racesADay
  }

  /** One start about every eighteen days, in one race of the day. */
  startsOf(index: number): { row: StarterRow; evidence: PooledStarter }[] {
    const random = this.#random
    const horse = this.#horse(index)
    let day = random.int(0, this.#days - longestCareer)
    const starts: { row: StarterRow; evidence: PooledStarter }[] = []
    for (let start = 0; start < startsOfAHorse; start++) {
      const race = random.int(0, this.#racesADay - 1)
      const bare = start > 0 && random.chance(0.05)
      const placing = (this.#placed.get(day * this.#racesADay + race) ?? 0) + 1
      this.#placed.set(day * this.#racesADay + race, placing)
      starts.push(
        startOf(
          ++this.starters,
          { day, race: day * this.#racesADay + race, at: race },
          horse,
          bare,
          placing,
        ),
      )
      day += random.int(12, longestBreak)
    }
    return starts
  }

  #horse(index: number): MadeHorse {
    const random = this.#random
    const name =
      this.#last !== undefined && index % 50 === 1 ? this.#last.name : horseName(random, index)
    this.#last = {
      id: index + 1,
      name,
      sire: `Sire ${horseName(random, random.int(0, 300))}`,
      dam: `Dam ${horseName(random, index)}`,
      guid: random.uuid().toUpperCase(),
      number: random.chance(0.7) ? String(100_000 + index) : null,
      gait: random.chance(0.24) ? 'trot' : 'pace',
    }
    return this.#last
  }
}

function startOf(
  id: number,
  { day, race, at }: { readonly day: number; readonly race: number; readonly at: number },
  horse: MadeHorse,
  bare: boolean,
  placing: number,
): { row: StarterRow; evidence: PooledStarter } {
  const sourceKey = `hrnz:starter:${dateOf(day)}/0${at % 3}/R${at}/${id}`
  const row: StarterRow = {
    id,
    raceId: race + 1,
    number: id % 14,
    horseName: horse.name,
    barrier: `Fr${(id % 9) + 1}`,
    handicapM: race % 4 === 0 && placing > 1 ? 10 * (id % 3) : 0,
    driver: `Driver ${horseName(people, id % 200)}`,
    trainer: `Trainer ${horseName(people, id % 150)}`,
    scratched: false,
    finishPosition: placing,
    finishRaw: String(placing),
    timeMs: 160_000 + 100 * placing,
    marginRaw: `${placing} 1/2`,
    stakeCents: placing < 6 ? 600_000 / placing : 0,
    favouriteRanks: `${placing}/${placing}`,
    tabEntrantId: null,
    hrnzKey: sourceKey,
    manualKey: null,
  }
  const evidence: PooledStarter = {
    starterId: id,
    raceId: race + 1,
    date: dateOf(day),
    startTime: startTimeOf(day, at),
    phase: 'ran',
    sourceKey,
    tabEntrantId: null,
    manualKey: null,
    name: horse.name,
    nameKey: nameKey(horse.name),
    sire: bare ? null : horse.sire,
    dam: bare ? null : horse.dam,
    damSire: null,
    sex: bare ? null : 'G',
    colour: bare ? null : 'b',
    country: null,
    foaledOn: null,
    gait: horse.gait,
    ids: bare
      ? {}
      : {
          hrnz_guid: horse.guid,
          ...(horse.number === null ? {} : { 'tab_horse:nz': horse.number }),
        },
  }
  return { row, evidence }
}

function raceRow(index: number, racesADay: number): RaceRow {
  const [day, at] = [Math.floor(index / racesADay), index % racesADay]
  return {
    id: index + 1,
    meetingId: day * 3 + (at % 3) + 1,
    raceNumber: Math.floor(at / 3) + 1,
    name: `THE RACE OF DAY ${day} MOBILE PACE`,
    classText: 'R40 to R50 mobile pace',
    distanceM: 2200,
    gait: 'pace',
    startType: index % 4 === 0 ? 'standing' : 'mobile',
    isHandicap: index % 4 === 0,
    startTime: startTimeOf(day, at),
    status: 'final',
    stakeCents: 1_500_000,
    winningTimeMs: 160_100,
    mileRateMs: 117_100,
    tabEventId: null,
    hrnzKey: null,
    manualKey: null,
  }
}

function dateOf(day: number): string {
  return addDays(firstDay, day)
}

/** The races of a day's three courses, 25 minutes apart. */
function startTimeOf(day: number, race: number): string {
  const minutes = Math.floor(race / 3) * 25
  const [hour, minute] = [5 + Math.floor(minutes / 60), minutes % 60]
  return `${dateOf(day)}T0${hour}:${String(minute).padStart(2, '0')}:00.000Z`
}

/** Different letters for every number, as names of horses are. */
function horseName(random: Random, index: number): string {
  let letters = ''
  for (let rest = index + 26 ** 3; rest > 0; rest = Math.floor(rest / 26))
    letters += String.fromCharCode(97 + (rest % 26))
  return `${random.pick(firstWords)} ${letters}`
}

const firstWords = ['Amber', 'Brave', 'Copper', 'Dusty', 'Ever', 'Fleet', 'Golden', 'Highland']
const people = new Random('people')
const nothing = {
  meetings: [],
  races: [],
  starters: [],
  deleteMeetings: [],
  deleteRaces: [],
  deleteStarters: [],
  rulingsOf: [],
  rulings: [],
}
