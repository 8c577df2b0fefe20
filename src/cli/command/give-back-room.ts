import { HarnessError } from '../../errors.ts'
import type { Context } from '../context/context.ts'
import { megabytes } from '../../domain/megabytes.ts'

/** What became of the room that rows have left behind. */
export interface Room {
  /** Bytes given back to the system; null where it is kept for new rows. */
  readonly freedBytes: number | null
  /** Ends the sentence that tells what was done; empty where there is nothing to tell. */
  readonly text: string
}

/** Gives free room of the file back to the system, or says why it has to wait. */
export async function giveBackRoom(context: Context): Promise<Room> {
  const { care, dialect } = context.database
  if (dialect === 'postgres')
    return {
      freedBytes: null,
      text: '; the server uses the room again (`vacuum full documents` would give it back)',
    }
  try {
    const freed =
      (await care.giveBack(context.signal)) ?? (await context.locks.whenIdle(() => care.rewrite()))
    if (freed === undefined)
      return kept(
        ': to become smaller it must be written anew, which waits until nobody else is at work; run the same command again then',
      )
    return {
      freedBytes: freed,
      text: freed === 0 ? '' : `; ${megabytes(freed)} given back to the system`,
    }
  } catch (error) {
    // The work itself is done: a full disk, a busy file or a signal keeps the room where it is, no
    // more.
    if (!(error instanceof HarnessError)) throw error
    context.log.warn(`the room could not be given back: ${error.message}`)
    return kept('')
  }
}

const kept = (why: string): Room => ({
  freedBytes: null,
  text: `; the room stays in the file for new rows${why}`,
})
