import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answerTask, type Task } from './child.ts'
import { measureHistory } from './history.ts'
import { measureMatching } from './match-section.ts'
import { measureParsing } from './parse-section.ts'
import { measureReconciling } from './reconcile-section.ts'
import { measureReports } from './report-section.ts'
import { Scratch } from './scratch.ts'
import { markdownTable, type Section } from './sections.ts'
import { measureStartUp } from './start-up.ts'
import { measureWatching } from './watch-section.ts'

const [start, end] = ['<!-- bench -->', '<!-- /bench -->']

const [first, ...rest] = process.argv.slice(2)
if (first === 'task') await answerTask(rest[0] as Task, rest[1] ?? '{}')
else measure(first ?? '.', rest)

function measure(root: string, argv: string[]): void {
  const { values } = parseArgs({
    args: argv,
    options: {
      write: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '6' },
      only: { type: 'string', multiple: true },
    },
  })
  const rounds = values.quick ? 3 : Math.max(1, Number(values.rounds) || 1)
  const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`)
  const all: Readonly<Record<string, (scratch: Scratch) => Section[]>> = {
    'start-up': (scratch) => [measureStartUp(scratch, { root, rounds: rounds * 4, say })],
    history: (scratch) => measureHistory(scratch, { rounds, days: values.quick ? 91 : 365, say }),
    parsing: (scratch) => [measureParsing(scratch, { rounds, days: values.quick ? 91 : 365, say })],
    match: (scratch) => {
      const sizes = values.quick ? [10_000, 100_000] : [100_000, 1_000_000]
      return [measureMatching(scratch, { sizes, rounds: 2, say })]
    },
    reconcile: (scratch) => [
      measureReconciling(scratch, { years: values.quick ? [1, 2] : [1, 10], say }),
    ],
    reports: (scratch) => [
      measureReports(scratch, { starters: values.quick ? 30_000 : 300_000, rounds: 3, say }),
    ],
    watch: (scratch) => [measureWatching(scratch, { days: values.quick ? 2 : 7, say })],
  }
  const wanted = values.only ?? Object.keys(all)
  const unknown = wanted.filter((name) => all[name] === undefined)
  if (unknown.length > 0)
    throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`)
  const sections: Section[] = []
  for (const name of wanted) {
    const scratch = new Scratch()
    try {
      sections.push(...(all[name]?.(scratch) ?? []))
    } finally {
      scratch.remove()
    }
  }
  const [processor] = cpus()
  const machine = `Node ${process.version}, ${cpus().length} × ${processor?.model ?? 'unknown processor'}, medians.`
  const report = [machine, ...sections.map(markdownTable)].join('\n\n')
  process.stdout.write(`${report}\n`)
  if (!values.write) return
  const readme = join(root, 'README.md')
  writeInto(readme, values.only === undefined ? report : besideKept(readme, sections))
}

/** The report as it stands, with today's figures where there are some. */
function besideKept(file: string, sections: readonly Section[]): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const stands = text.slice(text.indexOf(start) + start.length, text.indexOf(end)).trim()
  const titleOf = (table: string): string => table.slice(0, table.indexOf('\n'))
  const measured = new Map(sections.map(markdownTable).map((table) => [titleOf(table), table]))
  const kept = stands.split(/\n\n(?=\*\*)/).map((table) => {
    const fresh = measured.get(titleOf(table))
    measured.delete(titleOf(table))
    return fresh ?? table
  })
  return [...kept, ...measured.values()].join('\n\n')
}

/** Only what stands between the markers is ours. */
function writeInto(file: string, report: string): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  const marked = `${start}\n\n${report}\n\n${end}`
  const whole =
    from === -1 || to < from
      ? `${text.trimEnd()}\n\n## Benchmarks\n\n${marked}\n`
      : text.slice(0, from) + marked + text.slice(to + end.length)
  writeFileSync(file, whole.trimStart())
}
