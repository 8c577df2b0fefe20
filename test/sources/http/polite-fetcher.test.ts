import { hostname } from 'node:os'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Logger } from '../../../src/app/ports.ts'
import type { OpenDatabase } from '../../../src/db/connect.ts'
import {
  InterruptedError,
  SourceRefusedError,
  SourceUnavailableError,
  UsageError,
} from '../../../src/errors.ts'
import { createFetcher, type FetcherConfig } from '../../../src/sources/http/polite-fetcher.ts'
import { openTestDatabase } from '../../support/database.ts'
import { SteppingClock } from '../../support/stepping-clock.ts'
import { scriptedServer, type ScriptedServer } from './scripted-server.ts'

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
const tlsFile = (name: string) => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
const noPath = { robots: 404 }

let database: OpenDatabase
let clock: SteppingClock
const cleanUps: (() => Promise<void>)[] = []

beforeEach(async () => {
  database = await openTestDatabase('sqlite')
  clock = new SteppingClock('2026-03-06T08:00:00Z')
})
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  await database.close()
})

async function server(listener: RequestListener, robots: string | number = noPath.robots) {
  const made = await scriptedServer((request, response) => {
    if (request.url !== '/robots.txt') return listener(request, response)
    if (typeof robots === 'number') response.writeHead(robots).end()
    else response.end(robots)
  })
  cleanUps.push(() => made.close())
  return made
}

function fetcherFor(
  { url }: Pick<ScriptedServer, 'url'>,
  config: Partial<FetcherConfig> = {},
  otherHosts: string[] = [],
) {
  const fetcher = createFetcher({
    sourceName: 'HRNZ',
    baseUrl: url,
    otherHosts,
    hostPace: database.hostPace,
    clock,
    log: silent,
    config: { version: '1.2.3', contact: null, minDelayMs: 2000, extraCa: null, ...config },
  })
  cleanUps.push(() => fetcher.close())
  return fetcher
}

const text = async (answer: Promise<unknown>): Promise<string> => {
  const got = (await answer) as { kind: string; document: { bytes: Uint8Array } }
  expect(got.kind).toBe('ok')
  return Buffer.from(got.document.bytes).toString()
}

describe('the pace', () => {
  it('keeps one request in flight and the gap, also between two clients of one database', async () => {
    let inFlight = 0
    let most = 0
    const at: number[] = []
    const site = await server((_request, response) => {
      most = Math.max(most, ++inFlight)
      at.push(clock.now())
      setTimeout(() => {
        inFlight--
        response.end('page')
      }, 5)
    })
    const [one, two] = [fetcherFor(site), fetcherFor(site)]
    await Promise.all(
      [1, 2, 3, 4].flatMap((n) => [one.fetch(`${site.url}/a${n}`), two.fetch(`${site.url}/b${n}`)]),
    )
    expect(at).toHaveLength(8)
    expect(most).toBe(1)
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000)
  })

  it('obeys a longer Crawl-delay', async () => {
    const at: number[] = []
    const site = await server((_request, response) => {
      at.push(clock.now())
      response.end('page')
    }, 'User-agent: *\nCrawl-delay: 30\n')
    const fetcher = fetcherFor(site)
    for (const n of [1, 2, 3]) await fetcher.fetch(`${site.url}/${n}`)
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(30_000)
  })

  it('takes over at once from a process of this machine that was killed', async () => {
    const site = await server((_request, response) => response.end('page'))
    // No process has that number: Linux gives none above 4194304.
    const dead = `${hostname()}/4999999/x`
    const start = clock.now()
    await database.hostPace.claim(site.host, { owner: dead, now: start, leaseMs: 3_600_000 })
    expect(await text(fetcherFor(site).fetch(`${site.url}/x`))).toBe('page')
    expect(clock.now() - start).toBeLessThan(10_000)
  })

  it('waits for the lease of a process elsewhere to lapse', async () => {
    const site = await server((_request, response) => response.end('page'))
    const start = clock.now()
    await database.hostPace.claim(site.host, {
      owner: 'another-machine/1/x',
      now: start,
      leaseMs: 60_000,
    })
    await fetcherFor(site).fetch(`${site.url}/x`)
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000)
  })

  it('ends at once on a signal, and gives the host back', async () => {
    const controller = new AbortController()
    const site = await server(() => setTimeout(() => controller.abort(), 20))
    const fetching = fetcherFor(site).fetch(`${site.url}/hang`, { signal: controller.signal })
    await expect(fetching).rejects.toBeInstanceOf(InterruptedError)
    expect((await database.hostPace.get(site.host))?.leaseOwner).toBeNull()
  })
})

describe('what is worth another try', () => {
  it('honours Retry-After in seconds and as a date', async () => {
    const at: number[] = []
    const site = await server((_request, response) => {
      at.push(clock.now())
      if (at.length === 1) response.writeHead(429, { 'retry-after': '90' }).end()
      else if (at.length === 2) {
        const date = new Date('2026-01-01T00:00:00Z')
        const later = new Date(date.getTime() + 45_000)
        response
          .writeHead(503, { 'retry-after': later.toUTCString(), date: date.toUTCString() })
          .end()
      } else response.end('page')
    })
    const fetcher = fetcherFor(site)
    expect(await text(fetcher.fetch(`${site.url}/x`))).toBe('page')
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(90_000)
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(45_000)
    expect(fetcher.requests).toMatchObject({ ok: 1, retried: 2 })
    expect((await database.hostPace.get(site.host))?.strikes).toBe(0)
  })

  it('backs off further with every failure, then gives up and leaves the work due', async () => {
    const at: number[] = []
    const site = await server((_request, response) => {
      at.push(clock.now())
      response.writeHead(503).end()
    })
    const error = await fetcherFor(site)
      .fetch(`${site.url}/x`)
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(SourceUnavailableError)
    expect(error).toMatchObject({ exitCode: 5, status: 503 })
    expect(at).toHaveLength(4)
    expect((at[3] ?? 0) - (at[2] ?? 0)).toBeGreaterThan(2000)
    expect((at[3] ?? 0) - (at[2] ?? 0)).toBeLessThanOrEqual(60_000)
  })

  it('does not put down to the connection what the source will not answer: the clock may be wrong', async () => {
    const site = await server((_request, response) => response.writeHead(400).end())
    await expect(fetcherFor(site).fetch(`${site.url}/x`)).rejects.toMatchObject({
      ...{ exitCode: 5, status: 400 },
      hint: expect.stringContaining('clock of this machine'),
    })
    expect(site.paths.filter((path) => path === '/x')).toHaveLength(1)
  })

  it('asks again after a reset and after a body that was cut off', async () => {
    let asked = 0
    const site = await server((_request, response) => {
      asked++
      if (asked === 1) response.destroy()
      else if (asked === 2) {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('half', () => response.destroy())
      } else if (asked === 3) {
        const packed = gzipSync('a whole page')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, 15))
      } else response.end('page')
    })
    expect(await text(fetcherFor(site).fetch(`${site.url}/x`))).toBe('page')
    expect(asked).toBe(4)
  })

  it('gives up a server that never answers', async () => {
    const site = await server(() => undefined)
    const fetcher = fetcherFor(site, { timeouts: { totalMs: 60 }, tries: 2 })
    await expect(fetcher.fetch(`${site.url}/x`)).rejects.toThrow(/no whole answer in time/)
  })

  it('gives up an unreachable host', async () => {
    const site = await server(() => undefined)
    await site.close()
    await expect(fetcherFor(site).fetch(`${site.url}/x`)).rejects.toMatchObject({
      code: 'source-unavailable',
      exitCode: 5,
      status: undefined,
    })
  })

  it('asks again after the clock was once set ahead by months', async () => {
    const site = await server((_request, response) => response.end('page'), 'User-agent: *')
    const fetcher = fetcherFor(site)
    clock.set('2026-12-24T08:00:00Z')
    await text(fetcher.fetch(`${site.url}/x`))
    clock.set('2026-03-06T08:00:00Z')
    expect(await text(fetcher.fetch(`${site.url}/y`))).toBe('page')
    expect(clock.now()).toBeLessThan(Date.parse('2026-03-06T08:01:00Z'))
    expect(site.paths).toEqual(['/robots.txt', '/x', '/robots.txt', '/y'])
  })

  it('gives the work back when the host asks for hours', async () => {
    const site = await server((_request, response) =>
      response.writeHead(429, { 'retry-after': '7200' }).end(),
    )
    const start = clock.now()
    const fetcher = fetcherFor(site)
    await expect(fetcher.fetch(`${site.url}/x`)).rejects.toMatchObject({ code: 'host-held' })
    expect(clock.now() - start).toBeLessThan(60_000)
    expect(site.paths).toEqual(['/robots.txt', '/x'])
  })

  it('takes a 429 that persists for a refusal', async () => {
    const site = await server((_request, response) => response.writeHead(429).end())
    await expect(fetcherFor(site).fetch(`${site.url}/x`)).rejects.toMatchObject({
      name: 'SourceRefusedError',
      code: 'rate-limited',
    })
  })
})

describe('refusals', () => {
  it('stops at a 403, sends nothing more that day, and tries again the next', async () => {
    let status = 403
    const site = await server((_request, response) => response.writeHead(status).end('page'))
    const fetcher = fetcherFor(site)
    const refused = await fetcher.fetch(`${site.url}/x`).catch((reason: unknown) => reason)
    expect(refused).toBeInstanceOf(SourceRefusedError)
    expect((refused as SourceRefusedError).hint).toContain('--file')
    const sent = site.paths.length
    // The advice has been given once; a later run of the day says in a line that nothing has changed.
    await expect(fetcherFor(site).fetch(`${site.url}/y`)).rejects.toMatchObject({
      name: 'SourceRefusedError',
      message: expect.stringContaining('is left alone until 2026-'),
      hint: undefined,
    })
    expect(site.paths).toHaveLength(sent)
    status = 200
    clock.set('2026-03-06T11:00:01Z') // Midnight in New Zealand.
    expect(await text(fetcher.fetch(`${site.url}/y`))).toBe('page')
  })

  it('obeys robots.txt, read once a day', async () => {
    const site = await server(
      (_request, response) => response.end('page'),
      'User-agent: *\nDisallow: /gws/\n',
    )
    const fetcher = fetcherFor(site)
    await expect(fetcher.fetch(`${site.url}/gws/x`)).rejects.toMatchObject({ code: 'robots' })
    await fetcher.fetch(`${site.url}/a`)
    await fetcherFor(site).fetch(`${site.url}/b`)
    expect(site.paths).toEqual(['/robots.txt', '/a', '/b'])
    clock.set('2026-03-08T00:00:00Z')
    await fetcher.fetch(`${site.url}/c`)
    expect(site.paths.slice(3)).toEqual(['/robots.txt', '/c'])
  })

  it('gives the advice about robots.txt once a day', async () => {
    const site = await server(
      (_request, response) => response.end('x'),
      'User-agent: *\nDisallow: /',
    )
    const hint = async () => {
      const refused = await fetcherFor(site)
        .fetch(`${site.url}/x`)
        .catch((reason: unknown) => reason)
      return (refused as SourceRefusedError).hint
    }
    expect(await hint()).toContain('--file')
    expect(await hint()).toBeUndefined()
    clock.set('2026-03-08T00:00:00Z')
    expect(await hint()).toContain('--file')
  })

  it('fetches nothing while robots.txt cannot be read', async () => {
    const site = await server((_request, response) => response.end('page'), 503)
    await expect(fetcherFor(site).fetch(`${site.url}/a`)).rejects.toMatchObject({ status: 503 })
    expect(new Set(site.paths)).toEqual(new Set(['/robots.txt']))
  })

  it('asks no other host than the source, whatever it is handed', async () => {
    const site = await server((_request, response) => response.end('page'))
    const fetcher = fetcherFor(site)
    for (const url of ['https://example.invalid/x', 'file:///etc/passwd', 'no url'])
      await expect(fetcher.fetch(url)).rejects.toMatchObject({ code: 'foreign-host' })
    expect(site.paths).toEqual([])
  })
})

describe('answers', () => {
  it('says who we are', async () => {
    const seen: Record<string, unknown>[] = []
    const site = await server((request, response) => {
      seen.push(request.headers)
      response.end()
    })
    await fetcherFor(site, { contact: 'me@example.invalid' }).fetch(`${site.url}/x`)
    expect(seen[0]).toMatchObject({
      'user-agent': 'harness/1.2.3 (+mailto:me@example.invalid)',
      from: 'me@example.invalid',
    })
  })

  it('tells unchanged and missing pages from whole ones', async () => {
    const site = await server((request, response) => {
      if (request.url === '/gone') response.writeHead(410).end()
      else if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end()
      else response.writeHead(200, { etag: '"v1"', 'content-type': 'text/html' }).end('page')
    })
    const fetcher = fetcherFor(site)
    const first = await fetcher.fetch(`${site.url}/x`)
    expect(first).toMatchObject({ kind: 'ok', document: { etag: '"v1"', status: 200 } })
    expect(await fetcher.fetch(`${site.url}/x`, { etag: '"v1"' })).toMatchObject({
      kind: 'not-modified',
    })
    expect(await fetcher.fetch(`${site.url}/gone`)).toMatchObject({ kind: 'missing', status: 410 })
    expect(fetcher.requests).toMatchObject({ ok: 1, notModified: 1, missing: 1 })
  })

  it('follows redirects on the source only', async () => {
    const elsewhere = await server((_request, response) => response.end('other'))
    const site = await server((request, response) => {
      const to = { '/a': '/b', '/out': `${elsewhere.url}/x`, '/loop': '/loop' }[request.url ?? '']
      if (to === undefined) response.end('page')
      else response.writeHead(302, { location: to }).end()
    })
    const fetcher = fetcherFor(site)
    expect(await text(fetcher.fetch(`${site.url}/a`))).toBe('page')
    await expect(fetcher.fetch(`${site.url}/out`)).rejects.toMatchObject({
      code: 'redirect-elsewhere',
    })
    await expect(fetcher.fetch(`${site.url}/loop`)).rejects.toMatchObject({ code: 'redirect-loop' })
    expect(elsewhere.paths).toEqual([])
    const both = fetcherFor(site, {}, [elsewhere.host])
    expect(await text(both.fetch(`${site.url}/out`))).toBe('other')
  })

  it.each([
    ['gzip', gzipSync('påge')],
    ['br', brotliCompressSync('påge')],
    ['deflate', deflateSync('påge')],
    ['deflate', deflateRawSync('påge')],
  ])('unpacks %s', async (encoding, body) => {
    const site = await server((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    )
    expect(await text(fetcherFor(site).fetch(`${site.url}/x`))).toBe('påge')
  })

  it('reads no more than the limit, before and after unpacking', async () => {
    const site = await server((request, response) => {
      if (request.url === '/bomb')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(500_000)))
      else response.end(Buffer.alloc(500_000))
    })
    const fetcher = fetcherFor(site, { maxBytes: 100_000 })
    for (const path of ['/bomb', '/plain'])
      await expect(fetcher.fetch(site.url + path)).rejects.toMatchObject({ code: 'too-large' })
    expect(site.paths).toHaveLength(3)
  })
})

describe('certificates', () => {
  const tls = { key: readFileSync(tlsFile('leaf.key')), cert: readFileSync(tlsFile('leaf.pem')) }

  it('trusts an incomplete chain only with the extra file', async () => {
    const site = await scriptedServer((_request, response) => response.end('page'), tls)
    cleanUps.push(() => site.close())
    await expect(fetcherFor(site).fetch(`${site.url}/x`)).rejects.toMatchObject({
      code: 'certificate',
      hint: expect.stringContaining('HARNESS_EXTRA_CA') as string,
    })
    const trusting = fetcherFor(site, { extraCa: tlsFile('root.pem') })
    expect(await text(trusting.fetch(`${site.url}/x`))).toBe('page')
  })

  it('names an extra file that cannot be read', () => {
    const site = { url: 'https://127.0.0.1:1' }
    expect(() => fetcherFor(site, { extraCa: '/no/such.pem' })).toThrow(UsageError)
    expect(() => fetcherFor(site, { extraCa: tlsFile('leaf.key') })).toThrow(/no certificate/)
  })
})
