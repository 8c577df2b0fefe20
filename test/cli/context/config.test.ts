import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  delayFor,
  loadConfig,
  maskedDatabaseUrl,
  type SettingName,
  shownValue,
} from '../../../src/cli/context/config.ts'
import { UsageError } from '../../../src/errors.ts'
import { pingAddress } from '../../../src/ops/ping.ts'
import { scratchFolder } from '../../support/run-cli.ts'

function home(file?: unknown): Record<string, string> {
  const folder = scratchFolder()
  if (file !== undefined) {
    mkdirSync(join(folder, '.config/harness'), { recursive: true })
    const text = typeof file === 'string' ? file : JSON.stringify(file)
    writeFileSync(join(folder, '.config/harness/config.json'), text)
  }
  return { HOME: folder }
}

const loopback = {
  HARNESS_HRNZ_URL: 'http://127.0.0.1:8080',
  HARNESS_TAB_URL: 'http://localhost:1',
}

function failure(work: () => unknown): UsageError {
  try {
    work()
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('loadConfig', () => {
  it.each([
    'postgres://me:hush@127.0.0.1:port/db',
    'postgres://me:hush@[bad/db',
    'postgres://[bad/db?password=hush',
  ])('refuses %s as a database without showing the password', (HARNESS_DB) => {
    const error = failure(() => loadConfig({ ...home(), HARNESS_DB }))
    expect(error.message).toContain('setting db')
    expect(`${error.message} ${error.hint}`).not.toContain('hush')
  })

  it('takes the flag before the environment, that before the file, that before the default', () => {
    const env = { ...home({ db: '/file.db', contact: 'file@example.org' }), HARNESS_DB: '/env.db' }
    const origin = (flags: Partial<Record<SettingName, string>>, name: SettingName) => {
      const entry = loadConfig(env, flags).entries.find((one) => one.name === name)
      return [entry?.value, entry?.origin]
    }
    expect(origin({ db: '/flag.db' }, 'db')).toEqual(['/flag.db', 'flag'])
    expect(origin({}, 'db')).toEqual(['/env.db', 'environment'])
    expect(origin({}, 'contact')).toEqual(['file@example.org', 'file'])
    expect(origin({}, 'minDelayMs')).toEqual([2000, 'default'])
  })

  it('keeps the database in the data directory when nobody says otherwise', () => {
    const env: Record<string, string> = { ...home(), XDG_DATA_HOME: '/var/data' }
    expect(loadConfig(env).settings.db).toBe('/var/data/harness/harness.db')
    expect(loadConfig({ ...env, XDG_DATA_HOME: 'relative' }).settings.db).toBe(
      join(env['HOME'] ?? '', '.local/share/harness/harness.db'),
    )
  })

  it('leaves the place for a command’s name in a ping address, from the environment and the file', () => {
    const pingUrl = 'https://hc-ping.com/key/harness-{command}?create=1'
    const addresses = [
      loadConfig({ ...home(), HARNESS_PING_URL: pingUrl }),
      loadConfig(home({ pingUrl })),
    ].map(({ settings }) => pingAddress(settings.pingUrl ?? '', 'db backup'))
    const address = 'https://hc-ping.com/key/harness-db-backup?create=1'
    expect(addresses).toEqual([address, address])
  })

  it('reads an empty variable as one that is not set', () => {
    expect(loadConfig({ ...home(), HARNESS_CONTACT: '' }).settings.contact).toBeNull()
  })

  it.each([
    ['HARNESS_CONTACT', 'not an address', 'contact'],
    ['HARNESS_CONTACT', 'a@b\r\nX-Evil: 1', 'contact'],
    ['HARNESS_MIN_DELAY_MS', 'soon', 'minDelayMs'],
    ['HARNESS_TAB_URL', 'ftp://example.org', 'tabUrl'],
    ['HARNESS_HRNZ_URL', 'no url', 'hrnzUrl'],
    ['HARNESS_DB', 'mysql://example.org/x', 'db'],
    ['HARNESS_TAB_PARTNER', 'a\nb', 'tabPartner'],
  ])('names setting, value and place of a bad %s', (variable, value, name) => {
    const error = failure(() => loadConfig({ ...home(), [variable]: value }))
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(`setting ${name}`)
    expect(error.message).toContain(JSON.stringify(value))
    expect(error.message).toContain(variable)
  })

  it('refuses a config file that is no JSON object, or has a misspelt setting', () => {
    expect(failure(() => loadConfig(home('{broken'))).message).toContain('config.json')
    expect(failure(() => loadConfig(home([1]))).message).toContain('one JSON object')
    expect(failure(() => loadConfig(home({ contcat: 'x' }))).message).toContain('"contcat"')
  })

  it('refuses a config file that was named and is not there, unless it is about to be written', () => {
    const env = { ...home(), HARNESS_CONFIG: '/nowhere/config.json' }
    expect(failure(() => loadConfig(env)).message).toContain('/nowhere/config.json')
    expect(loadConfig(env, {}, { fileMayBeMissing: true }).fileExists).toBe(false)
  })

  it('accepts a pace below a second only where a host on this machine is asked', () => {
    const hasty = { ...home(), HARNESS_MIN_DELAY_MS: '5' }
    expect(failure(() => loadConfig(hasty)).message).toContain('below 1000')
    const { settings } = loadConfig({ ...hasty, HARNESS_HRNZ_URL: loopback.HARNESS_HRNZ_URL })
    expect(delayFor(settings, settings.hrnzUrl)).toBe(5)
    expect(delayFor(settings, settings.tabUrl)).toBe(2000)
    expect(delayFor(settings, 'http://127.0.0.1.example.org')).toBe(2000)
  })
})

describe('shownValue', () => {
  it('never shows a password or the path of a ping address', () => {
    expect(shownValue('db', 'postgres://me:hush@host/db?password=hush')).not.toContain('hush')
    expect(shownValue('pingUrl', 'https://ping.example.org/secret')).toBe(
      'https://ping.example.org/***',
    )
    expect(maskedDatabaseUrl('postgres://me:hu sh@[')).not.toContain('sh@')
  })

  it('hides any password of an address, and all of a ping address that is refused', () => {
    expect(shownValue('db', 'postgres://me@host/db?sslpassword=hush')).not.toContain('hush')
    expect(shownValue('hrnzUrl', 'https://me:hush@example.org')).not.toContain('hush')
    for (const said of ['htps://ping.example.org/hush', ['hush']]) {
      const { message } = failure(() => loadConfig(home({ pingUrl: said })))
      expect(message).toContain('pingUrl')
      expect(message).not.toContain('hush')
    }
    const broken = '{"contact": "a@b.nz", "notifyUrl": hush}'
    expect(failure(() => loadConfig(home(broken))).message).not.toContain('hush')
  })

  it('hides the password of a database that is refused, too', () => {
    const env = { ...home(), HARNESS_DB: 'mysql://me:hush@example.org/x' }
    expect(failure(() => loadConfig(env)).message).not.toContain('hush')
  })
})
