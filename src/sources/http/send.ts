import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { Agent, request, type Dispatcher } from 'undici'
import { UsageError } from '../../errors.ts'

/** Real milliseconds; a simulated clock does not make a network faster. */
export interface HttpTimeouts {
  readonly connectMs: number
  readonly headersMs: number
  /** Between two pieces of the body. */
  readonly bodyMs: number
  /** From the first byte sent to the last received: stops what drips for ever. */
  readonly totalMs: number
}
export const defaultTimeouts: HttpTimeouts = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 30_000,
  totalMs: 60_000,
}

export interface Answer {
  readonly status: number
  /** Lower-case names; of a repeated header the first. */
  readonly headers: ReadonlyMap<string, string>
  /** Decompressed. */
  readonly bytes: Uint8Array
}

/** The body is larger than what we are willing to read. Asking again would not make it smaller. */
export class BodyTooLargeError extends Error {
  override name = 'BodyTooLargeError'
}

/**
 * Connections that trust the system's roots and, where given, one more file of certificates: the
 * remedy for a host with an incomplete chain. Verification itself is never switched off.
 */
export function createAgent(options: { extraCa: string | null; timeouts: HttpTimeouts }): Agent {
  const connect =
    options.extraCa === null ? {} : { ca: [...rootCertificates, readCertificates(options.extraCa)] }
  return new Agent({
    connect: { ...connect, timeout: options.timeouts.connectMs },
    headersTimeout: options.timeouts.headersMs,
    bodyTimeout: options.timeouts.bodyMs,
    connections: 1,
    pipelining: 1,
    maxRedirections: 0,
  } as Agent.Options)
}

/** One request, one whole answer. Rejects on network failure, timeout, truncation and size. */
export async function send(
  dispatcher: Dispatcher,
  url: string,
  options: {
    readonly headers: Record<string, string>
    readonly signal: AbortSignal
    readonly totalMs: number
    readonly maxBytes: number
  },
): Promise<Answer> {
  const late = new AbortController()
  // A signal of AbortSignal.timeout that is only part of another one is forgotten with the next
  // garbage (Node 20), and what drips is read for ever.
  const timer = setTimeout(() => late.abort(timedOut(options.totalMs)), options.totalMs)
  try {
    return await receive(dispatcher, url, {
      ...options,
      signal: AbortSignal.any([options.signal, late.signal]),
    })
  } finally {
    clearTimeout(timer)
  }
}

const timedOut = (ms: number): DOMException =>
  new DOMException(`no whole answer in ${ms} ms`, 'TimeoutError')

async function receive(
  dispatcher: Dispatcher,
  url: string,
  options: {
    readonly headers: Record<string, string>
    readonly signal: AbortSignal
    readonly maxBytes: number
  },
): Promise<Answer> {
  const answer = await request(url, {
    dispatcher,
    method: 'GET',
    headers: { 'accept-encoding': 'gzip, br, deflate', ...options.headers },
    signal: options.signal,
  })
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(answer.headers)) {
    const first = Array.isArray(value) ? value[0] : value
    if (first !== undefined) headers.set(name.toLowerCase(), first)
  }
  const raw = await readBounded(answer.body, options.maxBytes)
  const bytes = await decompress(raw, headers.get('content-encoding'), options.maxBytes)
  return { status: answer.statusCode, headers, bytes }
}

async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.byteLength
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) throw new BodyTooLargeError(`the body is larger than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const inflaters = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  zlib: promisify(inflate),
  raw: promisify(inflateRaw),
}

async function decompress(
  bytes: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name === 'identity' || name === '' || bytes.length === 0) return bytes
  const how =
    name === 'gzip' || name === 'x-gzip'
      ? 'gzip'
      : name === 'br'
        ? 'br'
        : name === 'deflate'
          ? // `deflate` should be a zlib stream; some servers send the bare one.
            ((bytes[0] ?? 0) & 0x0f) === 8
            ? 'zlib'
            : 'raw'
          : undefined
  if (how === undefined) throw new Error(`unknown content-encoding ${name.slice(0, 40)}`)
  try {
    return await inflaters[how](bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new BodyTooLargeError(`the body unpacks to more than ${maxBytes} bytes`)
    throw error
  }
}

function readCertificates(path: string): string {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `cannot read the certificates in ${path}: ${(error as Error).message}`,
      'HARNESS_EXTRA_CA names a PEM file',
      'extra-ca',
    )
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(
      `${path} holds no certificate`,
      'HARNESS_EXTRA_CA names a PEM file',
      'extra-ca',
    )
  return pem
}
