import { DatabaseError } from '../errors.ts'
import type { Context } from './context.ts'
import { megabytes } from './size-words.ts'

/** Gives free room of the file back to the system; null where that has to wait. */
export async function giveBackRoom(context: Context): Promise<number | null> {
  const { care } = context.database
  try {
    const freed = await care.giveBack(context.signal)
    return freed ?? (await context.whenIdle(() => care.rewrite())) ?? null
  } catch (error) {
    // The work itself is done: a full disk or a busy file keeps the room where it is, no more.
    if (!(error instanceof DatabaseError)) throw error
    context.log.warn(`the room could not be given back: ${error.message}`)
    return null
  }
}

export const roomText = (freed: number | null): string =>
  freed === null
    ? 'the room stays in the file for new rows: to become smaller it must be written anew, which waits until nobody else is at work; run the same command again then'
    : `${megabytes(freed)} given back to the system`
