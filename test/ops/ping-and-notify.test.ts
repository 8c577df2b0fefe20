import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { notify } from '../../src/ops/notify.ts'
import { ping, pingAddress } from '../../src/ops/ping.ts'

interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const heard: Heard[] = []
let status = 200
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => (body += piece))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    heard.push({ method, url, headers, body })
    response.writeHead(status).end('ok')
  })
})
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  heard.length = 0
  status = 200
})

const warnings: string[] = []
const silent = () => {}
const log = {
  debug: silent,
  info: silent,
  warn: (message: string) => void warnings.push(message),
  error: silent,
}

describe('a ping', () => {
  const ended = (exitCode: number) => ({ exitCode, outcome: `it left with ${exitCode} ’` })

  it('goes to the address itself when all went well, below it for the start and for a failure', async () => {
    for (const of of ['start', ended(0), ended(4), ended(5)] as const) {
      await ping(`${base}/secret?tag=x`, of, log)
      await ping(`${base}/secret/`, of, log)
    }
    expect(heard.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /secret/start?tag=x',
      'GET /secret/start',
      'POST /secret?tag=x',
      'POST /secret/',
      'POST /secret?tag=x',
      'POST /secret/',
      'POST /secret/5?tag=x',
      'POST /secret/5',
    ])
    expect(heard.at(-1)?.body).toBe('it left with 5 ’')
    expect(warnings).toEqual([])
  })

  it('that fails is a warning without the address, whatever the reason', async () => {
    status = 500
    await ping(`${base}/secret`, 'start', log)
    await ping('http://127.0.0.1:1/secret', ended(1), log)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('500')
    expect(warnings.join()).not.toContain('secret')
  })

  it('and a notice say user and password in a header, and show neither when they fail', async () => {
    warnings.length = 0
    const address = `${base.replace('//', '//me:h%25ush%@')}/secret`
    await ping(address, 'start', log)
    await notify(address, { level: 'test', title: 'a', message: 'b' })
    const authorization = `Basic ${Buffer.from('me:h%25ush%').toString('base64')}`
    expect(heard.map(({ headers }) => headers['authorization'])).toEqual([
      authorization,
      authorization,
    ])
    await ping('http://me:hush@127.0.0.1:1/secret', 'start', log)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toMatch(/hush|secret/)
  })

  it('of each command goes to its own address where there is a place for its name', () => {
    const typed = new URL('https://hc-ping.com/key/harness-{command}?create=1').href
    expect(pingAddress(typed, 'db backup')).toBe(
      'https://hc-ping.com/key/harness-db-backup?create=1',
    )
    expect(pingAddress('https://x.nz/?check={command}', 'scrape')).toBe(
      'https://x.nz/?check=scrape',
    )
    expect(pingAddress('https://x.nz/one', 'nightly')).toBe('https://x.nz/one')
    expect(pingAddress('https://x.nz/one', 'scrape')).toBeUndefined()
  })
})

describe('a notice', () => {
  const notice = { level: 'problem', title: 'harness: down', message: 'scrape failed' } as const

  it('is a JSON object for a webhook', async () => {
    await notify(`${base}/hook`, notice)
    expect(heard[0]).toMatchObject({ method: 'POST', url: '/hook' })
    expect(heard[0]!.headers['content-type']).toBe('application/json')
    expect(JSON.parse(heard[0]!.body)).toEqual({
      ...notice,
      text: 'harness: down\nscrape failed',
    })
  })

  it('is a text with headers for ntfy', async () => {
    await notify(`${base}/my-topic#ntfy`, notice)
    expect(heard[0]).toMatchObject({
      url: '/my-topic',
      body: 'scrape failed',
      headers: { title: 'harness: down', priority: 'high', tags: 'rotating_light' },
    })
  })

  it('has its title as RFC 2047 writes what is not plain Latin, in words of whole letters', async () => {
    const title = `harness: Ōtaki ran late ${'Ō🐎'.repeat(20)}`
    await notify(`${base}/t#ntfy`, { ...notice, title })
    const words = String(heard[0]!.headers['title']).split(' ')
    expect(words.length).toBeGreaterThan(1)
    const text = words.map((word) => {
      expect(word.length).toBeLessThanOrEqual(75)
      const [, base64 = ''] = /^=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=$/.exec(word) ?? []
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
    })
    expect(text.join('')).toBe(title)
  })

  it('is cut to what ntfy takes, at a letter, whatever stands in it', async () => {
    const title = `line\nbreak \ud800 ${'ō'.repeat(500)}`
    await notify(`${base}/t#ntfy`, { level: 'digest', title, message: 'ō'.repeat(5000) })
    const { headers, body } = heard[0]!
    expect(Buffer.byteLength(body)).toBe(4096)
    expect(body).toMatch(/^ō+$/)
    expect(String(headers['title']).length).toBeLessThan(500)
    expect(headers).toMatchObject({ priority: 'low', tags: 'newspaper' })
  })

  it('that is not taken is an error that names the setting', async () => {
    status = 403
    await expect(notify(`${base}/hook`, notice)).rejects.toMatchObject({
      code: 'notify-failed',
      message: expect.stringContaining('403'),
      hint: expect.stringContaining('HARNESS_NOTIFY_URL'),
    })
  })
})
