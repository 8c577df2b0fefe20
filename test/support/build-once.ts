import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why dist/ could not be built; empty when it stands. */
    buildFailure: string
  }
}

/**
 * Builds dist/ when it is older than its sources. A failed build fails the tests that spawn the
 * program, with its reason, and no others.
 */
export default function buildOnce(project: TestProject): void {
  const script = fileURLToPath(new URL('../../bin/build.js', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--if-stale'], {
    encoding: 'utf8',
  })
  project.provide('buildFailure', status === 0 ? '' : stderr.slice(-2000) || 'the build failed')
}
