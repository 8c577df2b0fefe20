import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupBy } from '../../domain/group-by.ts'
import { importedMeetingKey, type LinedStart } from '../../domain/importing/imported-meeting.ts'

/** Characters kept in memory before they are written. */
const mostKept = 8_000_000

/**
 * Sorts starts by month on the disk, so that a file in any order can be taken meeting by meeting
 * and oldest first, without its rows being in memory at once.
 */
export class ImportSpill {
  readonly #folder: string
  readonly #kept = new Map<string, string[]>()
  readonly #months = new Set<string>()
  #size = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(): Promise<ImportSpill> {
    return new ImportSpill(await mkdtemp(join(tmpdir(), 'harness-import-')))
  }

  async add(row: LinedStart): Promise<void> {
    const month = String(row.start['meeting_date']).slice(0, 7)
    const line = `${JSON.stringify(row)}\n`
    const kept = this.#kept.get(month)
    if (kept === undefined) this.#kept.set(month, [line])
    else kept.push(line)
    this.#months.add(month)
    this.#size += line.length
    if (this.#size > mostKept) await this.#flush()
  }

  /** The rows of each meeting, meetings in order of date. */
  async *meetings(): AsyncGenerator<readonly LinedStart[]> {
    await this.#flush()
    for (const month of [...this.#months].sort()) {
      const text = await readFile(join(this.#folder, month), 'utf8')
      const rows = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LinedStart)
      const groups = groupBy(rows, ({ start }) => importedMeetingKey(start))
      for (const key of [...groups.keys()].sort()) yield groups.get(key)!
    }
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #flush(): Promise<void> {
    for (const [month, lines] of this.#kept)
      await appendFile(join(this.#folder, month), lines.join(''))
    this.#kept.clear()
    this.#size = 0
  }
}
