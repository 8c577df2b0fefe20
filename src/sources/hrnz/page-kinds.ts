import type { PageKind } from '../../app/ports.ts'
import { fieldsDigits, resultsDigits, stewardsReportOf } from './hrnz-urls.ts'

/** Kinds whose address tells them; the dynamic server names them in an argument. */
export function kindOfAddress(url: string): PageKind | undefined {
  if (resultsDigits(url) !== undefined) return 'results'
  if (fieldsDigits(url) !== undefined) return 'fields'
  if (stewardsReportOf(url) !== undefined) return 'stewards'
  return addresses.find(([, address]) => address.test(url))?.[0]
}
const addresses: readonly (readonly [PageKind, RegExp])[] = [
  ['index', /\/datahrs?\/results\/results\.html?$/i],
  ['month', /\/rlts_[a-z]{3,9}\.html?$/i],
  ['fields-index', /\/datahrs?\/fields\/fields\.html?$/i],
  ['dates-index', /\/dates_index\.html?$/i],
  ['dates-month', /\/dates_[a-z]{3,9}\d{4}\.html?$/i],
  ['calendar', /\/datahrs?\/calendar\/\w{1,60}\.ics$/i],
  ['raceday-search', /\/wsd06x\?.{0,200}=RaceResults(?![a-z])/i],
  ['raceday', /\/wsd06x\?.{0,200}=RacesDisplay(?![a-z])/i],
  ['race', /\/wsd06x\?.{0,200}=RaceDisplay(?![a-z])/i],
  ['horse', /\/wsd06x\?.{0,200}=HorseDetails(?![a-z])/i],
  ['horse-pedigree', /\/wsd06x\?.{0,200}=HorsePedigree(?![a-z])/i],
]
