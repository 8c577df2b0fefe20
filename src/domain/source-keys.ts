import { nameKey, plain } from './names.ts'

/**
 * Stable text keys under which sources' statements are known, before and apart from database ids.
 * Judgements are written in these, so that they outlive a database.
 */
export const tabMeetingKey = (uuid: string): string => `tab:meeting:${uuid.toLowerCase()}`
export const tabEventKey = (uuid: string): string => `tab:event:${uuid.toLowerCase()}`
export const tabEntrantKey = (uuid: string): string => `tab:entrant:${uuid.toLowerCase()}`

/** Where the club number is unknown the club's name key stands in until it is learned. */
export const hrnzMeetingKey = (date: string, club: { number?: string; name: string }): string =>
  `hrnz:meeting:${date}/${club.number ?? plain(club.name).replaceAll(' ', '-')}`

export const hrnzRaceKey = (meetingKey: string, raceNumber: number): string =>
  `${meetingKey.replace('hrnz:meeting:', 'hrnz:race:')}/R${raceNumber}`

export const hrnzStarterKey = (raceKey: string, horseName: string): string =>
  `${raceKey.replace('hrnz:race:', 'hrnz:starter:')}/${nameKey(horseName)}`
