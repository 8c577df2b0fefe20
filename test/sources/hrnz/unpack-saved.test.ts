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
