import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseSetting, type SettingName } from './config.ts'

/**
 * Puts settings into the config file and leaves the others as they are. Values are checked before
 * anything is written. The file is the owner's alone: it may hold a password.
 */
export async function writeConfig(
  file: string,
  changes: Readonly<Partial<Record<SettingName, string>>>,
): Promise<void> {
  for (const [name, value] of Object.entries(changes))
    parseSetting(name as SettingName, value, 'flag', `--${name}`)
  const before: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const content = { ...(before as Record<string, unknown>), ...changes }
  await mkdir(dirname(file), { recursive: true })
  // A crash must not leave half a file that no command can read any more.
  const part = `${file}.part`
  await writeFile(part, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  await rename(part, file)
}
