import { strToU8, zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HarnessError } from '../../../src/errors.ts'
import { unpackSaved } from '../../../src/sources/hrnz/saved/unpack-saved.ts'

const url = 'https://results.example/datahrs/results/020661rs.htm'
const html = '<h1>Takahē H.R.C. = 6 Feb 2026</h1>'
/** Without the mark that says how the letters are written. */
const text = (bytes: Uint8Array | undefined) =>
  Buffer.from(bytes ?? [])
    .toString()
    .replace(/^\ufeff/, '')

const mhtml = (part: readonly string[], newline = '\r\n') =>
  Buffer.from(
    [
      'From: <Saved by a browser>',
      `Snapshot-Content-Location: ${url}`,
      'Subject: Results',
      'Date: Fri, 6 Feb 2026 10:00:00 -0000',
      'MIME-Version: 1.0',
      'Content-Type: multipart/related;',
      '\ttype="text/html";',
      '\tboundary="----made-up----"',
      '',
      '',
      '------made-up----',
      ...part,
      '------made-up----',
      'Content-Type: image/png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '------made-up------',
      '',
    ].join(newline),
    'latin1',
  )

/** A zip of one stored file that its directory names again and again, and counts as it likes. */
function zipOf(
  bytes: Uint8Array,
  named: number,
  said: { readonly entries: number; readonly size: number },
): Buffer {
  const file = Buffer.alloc(30)
  file.writeUInt32LE(0x04034b50)
  const directory = Array.from({ length: named }, (_, index) => {
    const name = Buffer.from(`${index}.html`)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt32LE(bytes.length, 20)
    entry.writeUInt32LE(said.size, 24)
    entry.writeUInt16LE(name.length, 28)
    return Buffer.concat([entry, name])
  })
  const content = Buffer.concat([file, bytes])
  const before = Buffer.concat([content, ...directory])
  const end = Buffer.alloc(56 + 20 + 22)
  end.writeUInt32LE(0x06064b50)
  end.writeUInt32LE(said.entries, 32)
  end.writeUInt32LE(content.length, 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeUInt32LE(before.length, 64)
  end.writeUInt32LE(0x06054b50, 76)
  end.writeUInt16LE(named, 84)
  end.writeUInt32LE(content.length, 92)
  return Buffer.concat([before, end])
}

describe('a saved file', () => {
  it('is a page itself, whatever it is called', () => {
    expect(unpackSaved('friday night.txt', Buffer.from(html))).toMatchObject([
      { name: 'friday night.txt', url: null, savedAt: null },
    ])
  })

  it('holds one page as MHTML, in quoted-printable or base64', () => {
    for (const newline of ['\r\n', '\n']) {
      const [page] = unpackSaved(
        'a.mhtml',
        mhtml(
          [
            'Content-Type: text/html; charset=utf-8',
            'Content-Transfer-Encoding: quoted-printable',
            `Content-Location: ${url}`,
            '',
            '<h1>Takah=C4=93 H.R.C. =3D 6 =',
            'Feb 2026</h1>',
          ],
          newline,
        ),
      )
      expect(text(page?.bytes).trim()).toBe(html)
      expect(page).toMatchObject({ url, savedAt: Date.UTC(2026, 1, 6, 10) })
    }
    const [page] = unpackSaved(
      'b.mht',
      mhtml([
        'Content-Type: text/html',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(html).toString('base64'),
      ]),
    )
    expect(text(page?.bytes)).toBe(html)
    expect(page?.url).toBe(url)
  })

  it('holds the results pages that a network panel saw, and no other', () => {
    const entry = (address: string, content: object, status = 200) => ({
      startedDateTime: '2026-02-06T10:00:00Z',
      request: { url: address },
      response: { status, content },
    })
    const har = {
      log: {
        entries: [
          entry('https://results.example/logo.png', { text: 'AAAA', encoding: 'base64' }),
          entry(url, { text: 'gone' }, 404),
          entry(url, { text: html, mimeType: 'text/html' }),
          entry(url.replace('61rs', '62rs'), {
            text: Buffer.from(html).toString('base64'),
            encoding: 'base64',
            mimeType: 'text/html; charset=utf-8',
          }),
        ],
      },
    }
    const pages = unpackSaved('a.har', Buffer.from(JSON.stringify(har)))
    expect(pages.map((page) => text(page.bytes))).toEqual([html, html])
    expect(pages.map((page) => page.url?.slice(-12))).toEqual(['020661rs.htm', '020662rs.htm'])
    expect(() => unpackSaved('b.har', Buffer.from('{"log":{}}'))).toThrow(/no page of HRNZ/)
  })

  it('is unpacked from a zip, and a zip in a zip is named', () => {
    const inner = { 'pages/020661rs.htm': strToU8(html), 'notes.txt': strToU8('x') }
    expect(unpackSaved('a.zip', zipSync(inner))).toMatchObject([
      { name: 'a.zip/pages/020661rs.htm' },
    ])
    expect(() => unpackSaved('b.zip', zipSync({ 'a.zip': zipSync(inner) }))).toThrow(/another zip/)
    expect(() => unpackSaved('c.zip', zipSync(inner).subarray(0, 60))).toThrow(/cannot be read/)
  })

  it('is refused when its zip says less of its files than lies there, or names them without end', () => {
    const long = Buffer.alloc(1_000_000, 'x')
    // All entries of the directory are the one file, which says of itself that it is empty.
    const overlapping = zipOf(long, 600, { entries: 600, size: 0 })
    expect(overlapping.byteLength).toBeLessThan(1_100_000)
    expect(() => unpackSaved('a.zip', overlapping)).toThrow(/more than can be unpacked/)
    const endless = zipOf(Buffer.from(html), 1, { entries: 4_000_000_000, size: html.length })
    expect(() => unpackSaved('b.zip', endless)).toThrow(/more than 100000 entries/)
  })

  it('is as old as it says only where that can be', () => {
    for (const [said, savedAt] of [
      ['2026-02-06T10:00:00Z', Date.UTC(2026, 1, 6, 10)],
      ['-271821-04-20T00:00:00Z', null],
      ['0000-01-01T00:00:00Z', null],
      ['yesterday', null],
    ] as const) {
      const response = { status: 200, content: { text: html } }
      const entries = [{ startedDateTime: said, request: { url }, response }]
      const har = Buffer.from(JSON.stringify({ log: { entries } }))
      expect(unpackSaved('a.har', har)).toMatchObject([{ savedAt }])
    }
  })

  it('of a million signs in quoted-printable is the bytes that they stand for', () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const quoted = [...every].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join('')
    const head = ['Content-Type: text/html', 'Content-Transfer-Encoding: quoted-printable', '']
    const bytesOf = (body: string) => unpackSaved('a.mht', mhtml([...head, body]))[0]!.bytes
    const wanted = Buffer.concat([every, Buffer.from('=zz =4')])
    expect(Buffer.from(bytesOf(`${quoted}=zz =4`)).subarray(0, -2)).toEqual(wanted)
    expect(bytesOf(quoted.toUpperCase().repeat(4000))).toHaveLength(256 * 4000 + 2)
  })

  it('never crashes the program, whatever is in it', () => {
    const starts = [
      'PK\u0003\u0004',
      '{',
      '{"log":{"entries":[',
      'From: x\nContent-Type: multipart/related',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.string(), (start, rest) => {
        try {
          for (const page of unpackSaved('x', Buffer.from(start + rest, 'latin1')))
            expect(page.bytes).toBeInstanceOf(Uint8Array)
        } catch (error) {
          expect(error).toBeInstanceOf(HarnessError)
        }
      }),
    )
  })
})
