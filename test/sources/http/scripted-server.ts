import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface ScriptedServer {
  readonly url: string
  readonly host: string
  /** `GET /path` in the order in which they came, robots.txt included. */
  readonly paths: string[]
  close(): Promise<void>
}

/** A server on loopback that answers as the test says; robots.txt is a 404 unless it says so. */
export async function scriptedServer(
  listener: RequestListener,
  tls?: ServerOptions,
): Promise<ScriptedServer> {
  const paths: string[] = []
  const handle: RequestListener = (request, response) => {
    paths.push(request.url ?? '')
    listener(request, response)
  }
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    paths,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
