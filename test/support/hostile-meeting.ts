import type { MeetingObservation } from '../../src/domain/observation.ts'

/** Each of them does harm somewhere when it is shown as it is. */
export const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '\u001b[2J\u001b]0;owned\u0007gone',
  '=HYPERLINK("http://x.invalid","y")',
  '+1+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\tfirst',
  '\u202eesrever\u2066',
  'a,"b"\r\nc',
  "Robert'); drop table horses; --",
] as const

/** A meeting in which every text that a source may send is hostile. */
export function hostileMeeting(source: 'tab_api' | 'hrnz_scraper'): MeetingObservation {
  const tab = source === 'tab_api'
  const prefix = tab ? 'tab' : 'hrnz'
  let next = 0
  const nasty = (): string => `${hostile[next++ % hostile.length]} ${next}`
  return {
    source,
    kind: tab ? 'card' : 'results',
    key: tab ? 'tab:meeting:m1' : 'hrnz:meeting:2026-03-06/1',
    date: '2026-03-06',
    venue: `${hostile[3]} Downs`,
    club: `${hostile[2]} Club`,
    trackCondition: nasty(),
    weather: nasty(),
    status: 'final',
    ...(tab ? { tabMeetingId: 'm1' } : { hrnzUrl: 'https://hrnz.invalid/x.htm' }),
    races: [
      {
        key: tab ? 'tab:event:e1' : 'hrnz:race:2026-03-06/1/R1',
        number: 1,
        name: nasty(),
        classText: nasty(),
        status: 'final',
        stewardsText: nasty(),
        starters: hostile.map((text, index) => ({
          key: `${prefix}:${tab ? 'entrant' : 'starter'}:${index}`,
          number: index + 1,
          horseName: `${text} Kea ${'abcdefghijk'[index]}`,
          sire: text,
          dam: `${text} dam`,
          damSire: nasty(),
          sex: nasty(),
          colour: nasty(),
          country: nasty(),
          barrier: nasty(),
          driver: text,
          trainer: text,
          finishPosition: index + 1,
          finishRaw: text,
          marginRaw: text,
          favouriteRanks: text,
          ...(tab ? { tabEntrantId: `${index}` } : {}),
        })),
      },
    ],
  }
}
