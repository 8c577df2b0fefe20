import type { PooledStarter } from '../masters.ts'
import { allSchemes } from './cluster.ts'

/** True when two states of one starter say the same of its horse. */
export function sameStarter(before: PooledStarter, starter: PooledStarter): boolean {
  return (
    before.raceId === starter.raceId &&
    before.date === starter.date &&
    before.startTime === starter.startTime &&
    before.phase === starter.phase &&
    before.sourceKey === starter.sourceKey &&
    before.tabEntrantId === starter.tabEntrantId &&
    before.manualKey === starter.manualKey &&
    before.name === starter.name &&
    before.nameKey === starter.nameKey &&
    before.sire === starter.sire &&
    before.dam === starter.dam &&
    before.damSire === starter.damSire &&
    before.sex === starter.sex &&
    before.colour === starter.colour &&
    before.country === starter.country &&
    before.foaledOn === starter.foaledOn &&
    before.gait === starter.gait &&
    allSchemes.every((scheme) => before.ids[scheme] === starter.ids[scheme])
  )
}
