import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { createAgent, defaultTimeouts, send } from '../../../src/sources/http/send.ts'

it('what drips is given up after the whole time that it may take, also when memory is tidied', async () => {
  const pieces = 150
  const server = createServer((_request, response) => {
    let left = pieces
    const drip = setInterval(() => {
      if (--left > 0) response.write('x')
      else response.end()
    }, 20)
    response.on('close', () => clearInterval(drip))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const collecting = setInterval(collect, 50)
  const agent = createAgent({ extraCa: null, timeouts: defaultTimeouts })
  try {
    const signal = new AbortController().signal
    const asked = send(agent, url, { headers: {}, signal, totalMs: 500, maxBytes: 1000 })
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' })
  } finally {
    clearInterval(collecting)
    await agent.destroy()
    server.close()
  }
})
