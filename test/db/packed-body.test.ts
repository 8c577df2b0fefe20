import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packBody, unpackBody } from '../../src/db/packed-body.ts'
import { Random } from '../../fixtures/world/random.ts'

test('any bytes come back, whatever they are told by', () => {
  const bytes = fc.uint8Array({ maxLength: 40_000, size: 'max' })
  fc.assert(
    fc.property(bytes, bytes, (body, base) => {
      expect(Buffer.compare(unpackBody(packBody(body, base), base), body)).toBe(0)
      const twice = Buffer.concat([base, body, base])
      expect(Buffer.compare(unpackBody(packBody(twice, base), base), twice)).toBe(0)
    }),
    { numRuns: 40 },
  )
})

test('a long body that hardly changed takes a small part of its size, also when it has moved', () => {
  const random = new Random('form')
  const lines = Array.from({ length: 3000 }, () => `"${random.uuid(4)}": ${random.int(0, 9999)},`)
  const base = Buffer.from(lines.join('\n'))
  const changed = lines.map((line, index) => (index % 100 === 7 ? `${line} 1` : line))
  const moved = [...lines.slice(2000, 2200).reverse(), ...changed]
  const body = Buffer.from(moved.join('\n'))
  const packed = packBody(body, base)
  expect(Buffer.compare(unpackBody(packed, base), body)).toBe(0)
  expect(packed.length).toBeLessThan(deflateRawSync(body).length / 5)
})
