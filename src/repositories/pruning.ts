import type { ArchivedDocument } from './archive.ts'

/** What is younger than this stays, whatever it is. */
export interface PruneCut {
  readonly instant: string
  /** NZ racing date of the instant. */
  readonly date: string
}

/** What a database can do without. It never speaks of what TAB said, nor of what an archive has. */
export interface PruningRepository {
  /** Documents of a source whose body is in the database, with their last sight before the cut and of these kinds, that nothing refers to. */
  unreferenced(kinds: readonly string[], cut: PruneCut): Promise<ArchivedDocument[]>
  /** Removes those of the documents that are still unreferenced and old; returns rows and bytes. */
  removeDocuments(
    ids: readonly number[],
    cut: PruneCut,
  ): Promise<{ readonly documents: number; readonly bytes: number }>
  /** Runs that ended before, but for the latest of each command and exit code. Returns how many. */
  forgetRuns(cut: PruneCut): Promise<number>
  /** Response times of days before. Returns how many rows. */
  forgetRequestTimes(cut: PruneCut): Promise<number>
}
