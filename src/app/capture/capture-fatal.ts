import { DatabaseError, LockBusyError, type HarnessError } from '../../errors.ts'

/** Not of this unit alone: nothing can be written, or must not be, by this process any more. */
export function isFatal(error: HarnessError): boolean {
  return error instanceof DatabaseError || error instanceof LockBusyError
}
