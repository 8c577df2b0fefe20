import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for one benchmark's files. */
export class Scratch {
  readonly #folder = mkdtempSync(join(tmpdir(), 'harness-bench-'))
  #count = 0

  file(name: string): string {
    return join(this.#folder, name)
  }

  /** A name for a database; with a template, a copy of that one. */
  database(template?: string): string {
    const file = this.file(`${++this.#count}.db`)
    if (template !== undefined) copyFileSync(template, file)
    return file
  }

  drop(database: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true })
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
