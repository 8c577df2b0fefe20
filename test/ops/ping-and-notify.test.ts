import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { notify } from '../../src/ops/notify.ts'
import { ping } from '../../src/ops/ping.ts'

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
  it('goes to the address itself on success, below it for the start and for a failure', async () => {
    for (const state of ['start', 'success', 'fail'] as const) {
      await ping(`${base}/secret?tag=x`, state, log)
      await ping(`${base}/secret/`, state, log)
    }
    expect(heard.map(({ url }) => url)).toEqual([
      '/secret/start?tag=x',
      '/secret/start',
      '/secret?tag=x',
      '/secret/',
      '/secret/fail?tag=x',
      '/secret/fail',
    ])
    expect(warnings).toEqual([])
  })

  it('that fails is a warning without the address, whatever the reason', async () => {
    status = 500
    await ping(`${base}/secret`, 'start', log)
    await ping('http://127.0.0.1:1/secret', 'fail', log)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('500')
    expect(warnings.join()).not.toContain('secret')
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
      headers: { title: 'harness: down', priority: 'high', tags: 'warning' },
    })
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
