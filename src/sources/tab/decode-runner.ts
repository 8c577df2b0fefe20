import type {
  HorseIdentifier,
  ParseIssue,
  StarterObservation,
  StartType,
} from '../../domain/observation.ts'
import { tabEntrantKey } from '../../domain/source-keys.ts'
import { readDraw } from './barrier-position.ts'
import type { TabRunner } from './payload-schema.ts'
import { countOf, dateOf, epochOf, instantOf, labelled, present, textOf } from './plain-values.ts'

/** One runner of a card; results are laid over it afterwards. */
export function decodeRunner(
  runner: TabRunner,
  race: { readonly number: number; readonly country: string | undefined },
  startType: StartType | undefined,
  issues: ParseIssue[],
): StarterObservation {
  const written = textOf(runner.name, 120) ?? runner.name.slice(0, 120)
  const country = textOf(runner.country, 3)?.toUpperCase()
  const horseName = withoutCountry(written, country, race.country)
  const draw = readDraw(runner.barrier_position, runner.barrier, runner.handicap, startType)
  if (draw.unknown !== undefined) {
    issues.push({
      code: 'unknown-barrier',
      subject: `R${race.number}/${runner.runner_number} ${horseName}`,
      message: 'the barrier position is worded in a way that is not known; kept as text',
      excerpt: draw.unknown.slice(0, 200),
    })
  }
  const scratched = runner.is_scratched === true || runner.is_late_scratched === true
  const identifiers = identifiersOf(runner)
  const driverMark = textOf(runner.apprentice_indicator, 5)
  return present({
    key: tabEntrantKey(runner.entrant_id),
    tabEntrantId: runner.entrant_id.toLowerCase(),
    number: countOf(runner.runner_number, 999),
    horseName,
    identifiers: identifiers.length === 0 ? undefined : identifiers,
    sire: textOf(runner.sire, 120),
    dam: textOf(runner.dam, 120),
    damSire: textOf(runner.dam_sire, 120),
    sex: textOf(runner.sex, 20),
    colour: textOf(runner.colour, 20),
    country,
    foaledOn: dateOf(runner.foaling_date),
    barrier: draw.barrier,
    handicapM: draw.handicapM,
    driver: textOf(runner.jockey, 120),
    driverMark,
    trainer: textOf(runner.trainer_name, 120),
    scratched,
    scratchedAt: scratched
      ? (instantOf(runner.scr_time) ?? epochOf(runner.scratch_time))
      : undefined,
    more: labelled({
      name: written === horseName ? undefined : written,
      age: countOf(runner.age, 40),
      damDam: runner.dam_dam,
      gear: runner.gear,
      form: runner.last_twenty_starts,
      owners: runner.owners,
      trainerLocation: runner.trainer_location,
      emergency: runner.is_emergency === true ? (runner.emergency_position ?? 'yes') : undefined,
    }),
  })
}

/**
 * Horse numbers below 1,000,000 come from NZ cards, the others from every other country: two number
 * spaces, so the same number can mean two horses.
 */
function identifiersOf(runner: TabRunner): HorseIdentifier[] {
  const identifiers: HorseIdentifier[] = []
  const horse = digitsOf(runner.horse_id)
  if (horse !== undefined) {
    const scheme = BigInt(horse) < 1_000_000n ? 'tab_horse:nz' : 'tab_horse:intl'
    identifiers.push({ scheme, value: horse })
  }
  const harness = digitsOf(runner.harness_nz_horse_id)
  if (harness !== undefined) {
    identifiers.push({ scheme: 'harness_nz_horse_id', value: harness })
  }
  return identifiers
}

/** The digits of a number above 0, without leading zeros. */
function digitsOf(value: number | string | null | undefined): string | undefined {
  const digits = String(value ?? '')
    .trim()
    .replace(/^0+/, '')
  return /^\d{1,20}$/.test(digits) ? digits : undefined
}

/**
 * Overseas cards write `Copper Kettle Nz` for a horse bred in New Zealand, whose name is Copper Kettle.
 * On NZ cards a name that ends so is the name.
 */
function withoutCountry(
  name: string,
  country: string | undefined,
  raceCountry: string | undefined,
): string {
  if (raceCountry === undefined || raceCountry === 'NZ' || country !== 'NZ') return name
  return name.replace(/(\S) nz$/i, '$1')
}
