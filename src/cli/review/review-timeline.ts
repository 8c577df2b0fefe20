import { safeLine } from '../text/safe-text.ts'

interface Event {
  readonly date: string
  readonly text: string
}

/** How many of the newest events are told in words. */
const mostTold = 8

/**
 * Both careers on one line of time, so that an overlap shows at a glance, and the newest events of
 * both in one list, each in the column of its side.
 */
export function timelineLines(
  left: readonly Event[],
  right: readonly Event[],
  width: number,
): string[] {
  const isDated = ({ date }: Event): boolean =>
    /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date))
  return drawn(left.filter(isDated), right.filter(isDated), width)
}

function drawn(left: readonly Event[], right: readonly Event[], width: number): string[] {
  const all = [...left, ...right]
  if (all.length === 0) return []
  const days = all.map((event) => Date.parse(event.date))
  const first = Math.min(...days)
  const last = Math.max(...days)
  const columns = width - 7
  const at = (date: string): number =>
    last === first ? 0 : Math.round(((Date.parse(date) - first) / (last - first)) * (columns - 1))
  const line = (events: readonly Event[]): string => {
    const cells = Array.from({ length: columns }, () => '·')
    for (const { date } of events) cells[at(date)] = '●'
    return cells.join('')
  }
  const from = new Date(first).toISOString().slice(0, 10)
  const to = new Date(last).toISOString().slice(0, 10)
  const told = [
    ...left.map((event) => ({ ...event, side: 'left' })),
    ...right.map((event) => ({ ...event, side: 'right' })),
  ].sort((a, b) => (a.date > b.date ? -1 : a.date < b.date ? 1 : 0))
  const column = Math.floor((width - 12) / 2)
  return [
    `       ${from}${to.padStart(columns - from.length)}`,
    `left   ${line(left)}`,
    `right  ${line(right)}`,
    ...told.slice(0, mostTold).map(({ date, text, side }) => {
      const words = fitted(safeLine(text), column - 1)
      return `${date}  ${side === 'left' ? words : `${''.padEnd(column)}${words}`}`
    }),
    ...(told.length > mostTold ? [`… and ${told.length - mostTold} before them`] : []),
    '',
  ]
}

function fitted(text: string, width: number): string {
  const letters = [...text]
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join('')}…`
}
