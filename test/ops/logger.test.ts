import { describe, expect, it } from 'vitest'
import { createLogger, type LoggerOptions } from '../../src/ops/logger.ts'

function logged(options: Partial<LoggerOptions>): {
  lines: string[]
  log: ReturnType<typeof createLogger>
} {
  const lines: string[] = []
  const log = createLogger({
    level: 'info',
    format: 'text',
    write: (line) => lines.push(line),
    now: () => Date.parse('2026-03-06T19:00:00Z'),
    timestamps: false,
    common: () => ({ run: 7 }),
    ...options,
  })
  return { lines, log }
}

describe('createLogger', () => {
  it('writes text for a person, with the fields in brackets', () => {
    const { lines, log } = logged({})
    log.debug('not wanted')
    log.info('read a page', { url: 'http://x/', skipped: null })
    log.warn('slow', { ms: 12 })
    expect(lines).toEqual(['read a page (url=http://x/)', 'warn: slow (ms=12)'])
  })

  it('begins with the shown time where nothing else adds it', () => {
    const { lines, log } = logged({ timestamps: true })
    log.info('x')
    expect(lines).toEqual(['2026-03-06T19:00:00.000Z x'])
  })

  it('writes one JSON object a line, with the run and the reason of an error', () => {
    const { lines, log } = logged({ format: 'json', level: 'error' })
    log.warn('not wanted')
    log.error('lost', { cause: new Error('why'), big: 1n })
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        time: '2026-03-06T19:00:00.000Z',
        level: 'error',
        message: 'lost',
        run: 7,
        cause: 'why',
        big: '1',
      },
    ])
  })
})
