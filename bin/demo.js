#!/usr/bin/env node
// `npm run demo`: the whole job on this machine, against two made-up sources on loopback.
// Only what Node brings may be imported here: a fresh clone has no node_modules yet.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { DemoSources } from './demo-sources.js'
import { buildCommand, installed, root } from './prepare.js'

const range = { from: '2026-02-01', to: '2026-04-30' }
/** TAB's lists reach 13 days back, so that a look every 13 days misses nothing. */
const looks = ['2026-02-14', '2026-02-27', '2026-03-12', '2026-03-25', '2026-04-07', '2026-04-20']
const lastDay = '2026-05-03'
const width = 80

const say = (text = '') => process.stdout.write(`${text}\n`)
const bold = (text) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[0m` : text
const row = (name, text) => say(`  ${name.padEnd(10)}${text}`)

const { values: options } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    dir: { type: 'string', default: join(root, 'demo') },
  },
})
const folder = resolve(options.dir)
const database = join(folder, 'harness.db')
const shownDatabase = database.startsWith(root) ? relative(root, database) : database
const stateFile = join(folder, 'demo.json')
const ourFiles = ['', '-wal', '-shm', '.hrnz.lock', '.capture.lock', '.masters.lock']

try {
  await demo(options)
} catch (error) {
  console.error(`demo: ${error.message}`)
  process.exitCode = 1
}

async function demo({ fresh }) {
  if (!installed()) throw new Error('npm ci failed; its own words stand above')
  const [node, ...build] = buildCommand
  if (spawnSync(node, [...build, '--if-stale'], { stdio: 'inherit' }).status !== 0)
    throw new Error('the build failed; its own words stand above')
  if (fresh) for (const suffix of ourFiles) rmSync(database + suffix, { force: true })
  if (fresh) rmSync(stateFile, { force: true })
  mkdirSync(folder, { recursive: true })

  const { digestOf, holdingsOf, rowsOf } = await import('./demo-database.js')
  const started = performance.now()
  const before = digestOf(database)
  const sources = new DemoSources(stateFile)
  try {
    introduce(await sources.start(range), before)
    const again = sources.isPast(noonOf(lastDay))
    const read = await doTheJob(sources)
    const score = await sources.score(rowsOf(database), read)
    summarise(holdingsOf(database), score)
    say()
    if (again) sayWhetherChanged(before === digestOf(database))
    say(`${((performance.now() - started) / 1000).toFixed(0)} seconds, apart from installing.`)
    suggest()
    if (!agrees(score)) throw new Error('the database does not agree with the made-up truth')
  } finally {
    sources.stop()
  }
}

/** Runs the commands; gives what was read of whom, and when. */
async function doTheJob(sources) {
  const read = [...looks, lastDay].map((day) => ({
    host: 'tab',
    range: { from: addDays(day, -13), to: day },
    at: noonOf(day),
  }))
  const due = looks.filter((day) => !sources.isPast(noonOf(day)))
  if (due.length > 0) say('\nTAB lists 13 days of meetings, so the season is captured in steps:')
  for (const day of due) {
    await sources.moveTo(noonOf(day))
    await harness(sources, 'capture --from -13d', { on: day, last: 1 })
  }
  await sources.moveTo(noonOf(lastDay))
  const dates = `--from ${range.from} --to ${range.to}`
  say(`\nThree days after the season's last meeting, on ${lastDay}:`)
  await harness(sources, `discover ${dates}`, { first: 2, last: 1 })
  await harness(sources, 'scrape')
  await harness(sources, 'capture --from -13d')
  await harness(sources, `reconcile ${dates}`)
  await harness(sources, 'horses match')
  await harness(sources, 'report')
  return [...read, { host: 'hrnz', range, at: noonOf(lastDay) }]
}

/** Runs one command as it would be typed; of long outputs the first and last lines are shown. */
async function harness(sources, words, { on, first = on === undefined ? 99 : 0, last = 0 } = {}) {
  say()
  say(`${bold(`$ harness ${words}`)}${on === undefined ? '' : `   (on ${on})`}`)
  let ended = await run(sources, words)
  // A demo that was killed leaves its last command at work: it ends by itself.
  for (let waits = 0; ended.exitCode === 4 && waits < 60; waits++) {
    await sleep(500)
    ended = await run(sources, words)
  }
  sources.keepTime()
  const { lines, exitCode } = ended
  const left = lines.length - first - last
  const shown =
    left > 0 && exitCode === 0
      ? [
          ...lines.slice(0, first),
          ...(first > 0 ? [`… ${left} more`] : []),
          ...lines.slice(lines.length - last),
        ]
      : lines
  for (const line of shown) say(wrapped(withoutTime(line)))
  if (exitCode !== 0) throw new Error(`harness ${words.split(' ')[0]} left with ${exitCode}`)
}

async function run(sources, words) {
  const child = spawn(process.execPath, [join(root, 'bin/run.js'), ...words.split(' ')], {
    cwd: root,
    env: { ...withoutSettings(process.env), HARNESS_DB: shownDatabase, ...sources.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text))
  const [exitCode] = await once(child, 'close')
  return { exitCode, lines: output.trimEnd().split('\n') }
}

function introduce({ meetings, starts, from, to, hardCases: cases }, before) {
  const sameName = Object.keys(cases)
    .filter((name) => name.startsWith('same name'))
    .reduce((sum, name) => sum + cases[name], 0)
  say(bold('harness demo: two made-up sources, one database'))
  say()
  say("HRNZ's pages and TAB's API are played by two servers on this machine. Their")
  say(`world: ${meetings} meetings with ${starts} starts, ${from} to ${to}. It is`)
  say(
    `made to be hard: ${sameName} pairs of horses with one name, ${cases['renamed']} renamed horses,`,
  )
  say(
    `${cases['full siblings one letter apart']} pairs of full siblings one letter apart, venues in ${cases['venue spelt differently']} other spellings,`,
  )
  say(
    `${cases['club away from home']} clubs away from home, ${cases['dead heat']} dead heats, disqualifications weeks later.`,
  )
  say('Nothing in it is real, and nothing leaves this machine.')
  say()
  say(`The database is ${shownDatabase}${before === null ? ', new' : '; it is there already'}.`)
}

function summarise({ meetings, merged, races, starters, both, horses }, score) {
  const errors = ({ duplicates, wrongMerges, lost }) =>
    `${duplicates.count} duplicates, ${wrongMerges.count} wrong merges, ${lost.count} lost`
  const percent = (share) => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
  const { pairwise, mixed } = score.horses
  say()
  say(bold('Two sources, one record of each'))
  row('meetings', `${meetings}, ${merged} of them told by both`)
  row('races', `${races}`)
  row('starts', `${starters}, ${both} of them told by both`)
  row('horses', `${horses}`)
  say()
  say(bold("Against the world's truth"))
  row('meetings', errors(score.meetings))
  row('starts', errors(score.starters))
  row(
    'horses',
    `${mixed.count} wrong merges; ${percent(pairwise.recall)} of what belongs together is`,
  )
  row('', 'together; what is not sure stays apart and is asked')
}

function sayWhetherChanged(unchanged) {
  say(
    unchanged
      ? bold('unchanged: this run left every row of the public tables as it was.')
      : 'changed: an earlier run had ended early, or the program is another one now.',
  )
}

function suggest() {
  say()
  say(bold('What to try next'))
  say('  npm run demo                  the same again: nothing changes')
  say('  npm run demo -- --fresh       from nothing')
  for (const words of ['status', 'report merged', 'horses list --questions --limit 9'])
    say(`  node bin/run.js ${words} --db ${shownDatabase}`)
  say(`  sqlite3 ${shownDatabase} 'select * from starts limit 9'`)
  say(`  datasette ${shownDatabase}`)
}

function agrees({ meetings, starters, horses }) {
  const errors = [meetings, starters].flatMap((kind) => [
    kind.duplicates,
    kind.wrongMerges,
    kind.lost,
  ])
  return [...errors, horses.mixed].every(({ count }) => count === 0)
}

/** The demo has its own settings; the user's would send it elsewhere. */
function withoutSettings(environment) {
  const rest = Object.entries(environment).filter(([name]) => !name.startsWith('HARNESS_'))
  return { ...Object.fromEntries(rest), XDG_CONFIG_HOME: folder }
}

/** Lines of talk begin with the time where no terminal is. */
function withoutTime(line) {
  return line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, '')
}

function wrapped(line) {
  const lines = [[]]
  for (const word of line.split(' ')) {
    if ([...lines.at(-1), word].join(' ').length > width) lines.push(['   '])
    lines.at(-1).push(word)
  }
  return lines.map((words) => words.join(' ')).join('\n')
}

function noonOf(date) {
  return `${date}T00:00:00.000Z`
}

function addDays(date, days) {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}
