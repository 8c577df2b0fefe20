// What `npm test` and `npm run demo` do first on a fresh clone.
// Only what Node brings may be imported here: there is no node_modules yet.
import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Installs from the lock file when that is newer than what is installed; says whether all is there. */
export function installed() {
  const modules = join(root, 'node_modules')
  // `npm ci` empties what a link leads to, which is another checkout's.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return true
  const done = join(modules, '.package-lock.json')
  const lock = join(root, 'package-lock.json')
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(lock).mtimeMs) return true
  console.log('installing (npm ci); the first time this compiles SQLite and takes a minute or two')
  return spawnSync('npm', ['ci'], { cwd: root, stdio: 'inherit' }).status === 0
}

export const buildCommand = [process.execPath, join(root, 'bin/build.js')]
