import type { Logger, Notice } from '../../app/ports.ts'
import type { PingOf } from '../../ops/ping.ts'
import { type Settings } from './config.ts'
import { isPostgres } from './setting-values.ts'

/** By what the owner hears of the work, and what their machine has room for. */
export class Owner {
  readonly #settings: Settings
  readonly #log: Logger

  constructor(settings: Settings, log: Logger) {
    this.#settings = settings
    this.#log = log
  }

  /** Tells the dead man's switch of a command, where it has one; never throws. */
  async ping(command: string, of: PingOf): Promise<void> {
    const { pingUrl } = this.#settings
    if (pingUrl === null) return
    const { ping, pingAddress } = await import('../../ops/ping.ts')
    const address = pingAddress(pingUrl, command)
    if (address !== undefined) await ping(address, of, this.#log)
  }

  /** Throws when the notice is not taken. False: they gave no address. */
  readonly sendNotice = async (notice: Notice): Promise<boolean> => {
    const { notifyUrl } = this.#settings
    if (notifyUrl === null) return false
    const { notify } = await import('../../ops/notify.ts')
    await notify(notifyUrl, notice)
    return true
  }

  /** Room where the database lies, in bytes; null where that is elsewhere. */
  readonly freeBytes = async (): Promise<number | null> => {
    if (isPostgres(this.#settings.db)) return null
    const { freeBytesBeside } = await import('../../ops/disk-space.ts')
    return await freeBytesBeside(this.#settings.db)
  }
}
