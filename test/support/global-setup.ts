import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { dropTestDatabases, stopPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of this run: the Postgres server, if any test asks for it, and database templates. */
    readonly testRoot: string
  }
}

let root: string | undefined

/** Nothing is started here: the first test that needs Postgres starts it for the whole run. */
export async function setup(project: TestProject): Promise<void> {
  root = mkdtempSync(join(tmpdir(), 'harness-test-'))
  // The server may have to run as another user, who must be able to pass through.
  await chmod(root, 0o755)
  project.provide('testRoot', root)
  // Runs on Ctrl-C too, when nobody waits for promises any more.
  process.once('exit', cleanUp)
  process.once('SIGTERM', () => process.exit(143))
}

export async function teardown(): Promise<void> {
  if (root !== undefined) await dropTestDatabases(root)
  cleanUp()
}

function cleanUp(): void {
  if (root === undefined) return
  stopPostgres(root)
  rmSync(root, { recursive: true, force: true })
  root = undefined
}
