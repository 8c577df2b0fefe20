#!/usr/bin/env node
// `npm test`: installs what is missing, builds, runs every check, and ends with one plain line.
// Only what Node brings may be imported here: a fresh clone has no node_modules yet.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCommand, installed, root } from './prepare.js'

const bin = (name) => join(root, 'node_modules', '.bin', name)
const scratch = mkdtempSync(join(tmpdir(), 'harness-test-'))
const report = join(scratch, 'vitest.json')

const checks = [
  { name: 'build', run: buildCommand, shown: false },
  { name: 'format', run: [bin('prettier'), '--check', '.'], shown: false },
  { name: 'lint', run: [bin('oxlint'), '--deny-warnings'], shown: false },
  { name: 'types', run: [bin('tsc'), '-p', '.'], shown: false },
  { name: 'dead code', run: [bin('knip'), '--no-progress'], shown: false },
  {
    name: 'tests',
    run: [
      ...[bin('vitest'), 'run', '-c', 'test/vitest.config.ts'],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    shown: true,
  },
]

let passed = 0
let failed = 0
if (installed()) for (const check of checks) runCheck(check)
else failed = 1
rmSync(scratch, { recursive: true, force: true })
console.log(`tests: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function runCheck({ name, run: [command, ...args], shown }) {
  const started = performance.now()
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
  })
  const ok = status === 0
  if (!ok && !shown) console.log(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trimEnd())
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`)
  const counted = name === 'tests' ? countTests() : 0
  // A check that failed counts as a failed test; vitest can also fail without a failed test.
  if (!ok && counted === 0) failed += 1
}

/** Adds vitest's own numbers; gives how many failed. */
function countTests() {
  if (!existsSync(report)) return 0
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  // A file that cannot even be loaded has no tests that could fail.
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  ).length
  passed += numPassedTests
  failed += numFailedTests + broken
  if (numPendingTests > 0) console.log(`skipped: ${numPendingTests}`)
  return numFailedTests + broken
}
