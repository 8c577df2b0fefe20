import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Notice {
  readonly level: string
  readonly title: string
  readonly message: string
}

/** A server that plays the owner's webhook (`/hook`) and dead man's switch, and keeps what it hears. */
export class Listener {
  /** `POST /ping`, in the order of their coming. */
  readonly heard: string[] = []
  readonly notices: Notice[] = []
  /** Bodies of pings. */
  readonly bodies: string[] = []
  /** What the webhook answers with. */
  hookStatus = 200
  readonly #server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      const isHook = request.url === '/hook'
      this.heard.push(`${request.method} ${request.url}`)
      if (!isHook) this.bodies.push(body)
      else if (this.hookStatus === 200) this.notices.push(JSON.parse(body) as Notice)
      response.writeHead(isHook ? this.hookStatus : 200).end()
    })
  })

  static async start(): Promise<Listener> {
    const listener = new Listener()
    await new Promise<void>((resolve) => listener.#server.listen(0, '127.0.0.1', resolve))
    return listener
  }

  get base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** What was heard since the last time, and none of it next time. */
  take(): { heard: string[]; notices: Notice[]; bodies: string[] } {
    const { heard, notices, bodies } = this
    return { heard: heard.splice(0), notices: notices.splice(0), bodies: bodies.splice(0) }
  }

  close(): void {
    this.#server.close()
  }
}
