import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { ingestMeeting } from '../../src/app/reconcile/ingest-meeting.ts'
import { openDatabase } from '../../src/db/connect.ts'
import { addDays } from '../../src/domain/dates.ts'
import { chromiumPath, launchBrowser } from '../support/browser.ts'
import { createTestDatabase } from '../support/database.ts'
import { hostile, hostileMeeting } from '../support/hostile-meeting.ts'
import { aMeetingSaid } from '../support/observations.ts'
import { quietDeps } from '../support/quiet-deps.ts'
import { root, runCli, scratchFolder } from '../support/run-cli.ts'

const clock = '2026-03-20T00:00:00.000Z'
const now = Date.parse(clock)
const folder = scratchFolder()
const file = join(folder, 'dashboard.html')
let target: string
let remove: () => Promise<void>

const dashboard = (...argv: string[]) =>
  runCli(['report', 'dashboard', '--db', target, ...argv], { env: { HARNESS_CLOCK: clock } })

/** A database in which everything that has a text has a hostile one. */
beforeAll(async () => {
  ;({ target, remove } = await createTestDatabase('sqlite'))
  const database = await openDatabase(target)
  const deps = quietDeps(database, now)
  const unit = { documentId: null, parserVersion: '1', confirmedAt: '2026-03-07T00:00:00.000Z' }
  for (const source of ['tab_api', 'hrnz_scraper'] as const)
    await ingestMeeting(deps, {
      ...unit,
      issues: [],
      url: hostile[2],
      observation: hostileMeeting(source),
    })
  for (const [index, date] of ['2024-05-06', '2025-08-09', '2026-03-10'].entries())
    await ingestMeeting(deps, {
      ...unit,
      issues: [],
      url: null,
      observation: aMeetingSaid('hrnz_scraper', `${date}/1`, { date, venue: hostile[index]! }),
    })
  await database.unitOfWork.run(async ({ pages, reviews, log, issues }) => {
    const page = {
      source: 'hrnz_scraper' as const,
      date: '2026-03-06',
      club: null,
      clubNumber: null,
      venue: null,
      dueAt: null,
      reason: null,
    }
    const urls = [`javascript:alert(1)`, 'https://hrnz.invalid/"onmouseover="alert(1)']
    await pages.register(urls.map((url) => ({ ...page, kind: hostile[0], url })))
    const failed = await pages.findByUrls('hrnz_scraper', urls)
    await pages.update(
      failed.map((one) => ({ ...one, state: 'failed' as const, attempts: 1, reason: hostile[1] })),
    )
    const item = {
      kind: 'horse' as const,
      code: 'name-only' as const,
      subjectId: 1,
      otherId: null,
      other: null,
      evidence: '{}',
    }
    await reviews.replace(
      'horse',
      [1],
      hostile.map((question, index) => ({
        ...item,
        subject: String(index),
        question,
        priority: 9,
      })),
    )
    await log.add([
      {
        source: 'hrnz_scraper',
        dateProcessed: '2026-03-10',
        url: null,
        status: 'failed',
        recordsCreated: 0,
        recordsUpdated: 0,
        errors: hostile[0],
        createdAt: '2026-03-11T00:00:00.000Z',
      },
    ])
    await issues.replace(
      { documentId: 1, source: 'hrnz_scraper', date: null, at: '2026-03-11T00:00:00.000Z' },
      [],
    )
  })
  for (const [index, text] of hostile.slice(0, 5).entries())
    for (let day = 0; day < 9; day++) {
      const owner = { owner: 'a', now: 1, leaseMs: 1 }
      await database.hostPace.claim(text, owner)
      const request = {
        day: addDays('2026-03-20', -day),
        status: [200, 404, 0][day % 3]!,
        ms: 90 * (index + 1),
      }
      await database.hostPace.release(text, { owner: 'a', nextAt: 0, strikes: 0, request })
    }
  for (let day = 0; day < 20; day++)
    await database.measures.saveDay(
      addDays('2026-03-01', day),
      hostile.map((text, index) => ({
        measure: `${text} ${index}`,
        numerator: day + 1,
        denominator: 90,
        status: (['ok', 'info', 'warn', 'error'] as const)[index % 4]!,
      })),
    )
  await database.hostPace.claim('<b>refused', { owner: 'a', now: 1, leaseMs: 1 })
  await database.hostPace.refuse('<b>refused', { until: now + 1000, reason: hostile[1] })
  await database.close()
})
afterAll(() => remove())

describe('harness report dashboard', () => {
  it('writes the page, the same one each time, and tells what it wrote', async () => {
    const first = await dashboard('--out', file, '--json')
    expect(first.exitCode, first.stderr).toBe(0)
    const page = readFileSync(file)
    expect(JSON.parse(first.stdout)).toEqual({ database: target, file, bytes: page.length })
    const again = await dashboard('--out', file)
    expect(again.stdout).toBe(
      `${file}: ${Math.ceil(page.length / 1000)} KB; open it in a browser\n`,
    )
    expect(readFileSync(file)).toEqual(page)
    const quiet = await dashboard('--out', file, '--quiet')
    expect([quiet.stdout, quiet.stderr, quiet.exitCode]).toEqual(['', '', 0])
  })

  it('writes over another file only with --yes, and says so in both ways', async () => {
    const notes = join(folder, 'notes.html')
    writeFileSync(notes, 'notes')
    const refused = await dashboard('--out', notes)
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('is no dashboard')
    expect(refused.stderr).toContain('--yes')
    const json = JSON.parse((await dashboard('--out', notes, '--json')).stdout) as object
    expect(json).toMatchObject({ error: { exitCode: 2 } })
    expect(readFileSync(notes, 'utf8')).toBe('notes')
    expect((await dashboard('--out', notes, '--yes')).exitCode).toBe(0)
    expect(readFileSync(notes, 'utf8')).toMatch(/^<!doctype html>/)
  })

  it('of no database says how to make one, and writes nothing', async () => {
    const nowhere = join(folder, 'none')
    mkdirSync(nowhere)
    const argv = [
      'report',
      'dashboard',
      '--db',
      join(nowhere, 'none.db'),
      '--out',
      join(nowhere, 'a.html'),
    ]
    const { exitCode, stderr } = await runCli(argv)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('harness db migrate')
  })
})

describe('the library that draws', () => {
  it('is loaded by this command alone, and only when it runs', () => {
    expect(inject('buildFailure')).toBe('')
    const scripts = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js'))
      .map((name) => ({ name, text: readFileSync(join(root, 'dist', name), 'utf8') }))
    const drawing = scripts.filter(({ name }) => /render-dashboard-\w+\.js$/.test(name))
    expect(drawing).toHaveLength(1)
    const [file] = drawing[0]!.name.split('/').slice(-1)
    const loaders = scripts.filter(({ text }) => text.includes(file!))
    expect(loaders).toHaveLength(1)
    expect(loaders[0]!.text).toContain(`import("./${file}")`)
    expect(loaders[0]!.text.split(file!)).toHaveLength(2)
    const licences = readFileSync(join(root, 'dist/licences.txt'), 'utf8')
    for (const name of ['@observablehq/plot', 'linkedom', 'd3-scale'])
      expect(licences).toMatch(new RegExp(`^${name} \\d.*\\(ISC\\)$`, 'm'))
  })
})

describe.skipIf(chromiumPath === undefined)('the dashboard in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    const { exitCode, stderr } = await dashboard('--out', file)
    expect(exitCode, stderr).toBe(0)
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  /** Opens the page; whatever it does beyond being read is noted. */
  async function look(options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const noted: string[] = []
    page.on('console', (message) => noted.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => noted.push(`error: ${error.message}`))
    page.on('request', (request) => noted.push(`request: ${request.url()}`))
    page.on('dialog', (dialog) => {
      noted.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('popup', () => noted.push('popup'))
    await page.goto(pathToFileURL(file).href)
    return { page, noted, close: () => context.close() }
  }

  /** Sees to it that what is folded is open, as a reader would. */
  const unfold = (page: Page) =>
    page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')

  it('loads itself and nothing else, and says nothing to the console', async () => {
    const { page, noted, close } = await look()
    await unfold(page)
    for (const cell of await page.locator('svg').all())
      await cell.hover({ force: true, timeout: 500 }).catch(() => {})
    expect(noted).toEqual([`request: ${pathToFileURL(file).href}`])
    expect(await page.title()).toBe('Harness racing, 2026-03-20')
    await close()
  })

  it('makes no element of what a source says, and shows it as it was said', async () => {
    const { page, close } = await look()
    expect(await page.locator('script, iframe, object, embed, img, form, base').count()).toBe(0)
    const handlers = `[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes].map(({ name }) => name)).filter((name) => /^on|^style$/.test(name))`
    expect(await page.evaluate(handlers)).toEqual([])
    const links = `[...document.links].map(({ protocol }) => protocol)`
    expect(new Set((await page.evaluate(links)) as string[])).toEqual(new Set(['file:', 'https:']))
    const text = (await page.evaluate('document.body.textContent')) as string
    expect(text).toContain('<script>alert(1)</script>')
    expect(text).toContain('<img src=x onerror=alert(1)>')
    expect(text).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
    )
    await close()
  })

  it('shows everything without scripts: sections, drawings, and a table for each of them', async () => {
    const { page, close } = await look({ javaScriptEnabled: false })
    for (const name of [
      'What to look at first',
      'Calendar',
      'Sources over time',
      'Quality',
      'Review queue',
      'Health',
    ])
      expect(await page.getByRole('heading', { name, exact: true }).isVisible()).toBe(true)
    const years = page.getByText('All years, 2024 to 2026')
    await years.click()
    const drawings = page.locator('svg:not([aria-hidden])')
    const count = await drawings.count()
    expect(count).toBeGreaterThan(10)
    expect(await page.getByRole('img', { name: /\w/ }).count()).toBe(count)
    for (const figure of await page.locator('figure').all()) {
      await figure.getByText('As a table').click()
      expect(await figure.getByRole('table').first().isVisible()).toBe(true)
      expect(await figure.getByRole('row').count()).toBeGreaterThan(1)
    }
    await close()
  })

  it('is legible by day and by night: contrast of 4.5 for every text, and other colours', async () => {
    const grounds: string[] = []
    const pictures: Buffer[] = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await look({ colorScheme })
      await unfold(page)
      const { ground, texts, poor } = (await page.evaluate(readContrast)) as Contrast
      expect(texts).toBeGreaterThan(300)
      expect(poor).toEqual([])
      grounds.push(ground)
      pictures.push(await page.screenshot())
      await close()
    }
    expect(grounds[0]).not.toBe(grounds[1])
    expect(pictures[0]!.equals(pictures[1]!)).toBe(false)
  })

  it('fits a phone: what is wider scrolls in itself', async () => {
    const { page, close } = await look({ viewport: { width: 390, height: 844 }, isMobile: true })
    const wide = '[document.documentElement.scrollWidth, innerWidth]'
    expect(await page.evaluate(wide)).toEqual([390, 390])
    await unfold(page)
    expect(await page.evaluate(wide)).toEqual([390, 390])
    // Every scroller can be reached with the keyboard and says what it holds.
    const scrollers = `[...document.querySelectorAll('.scroll')].filter((one) => one.tabIndex !== 0 || !one.getAttribute('aria-label')).length`
    expect(await page.evaluate(scrollers)).toBe(0)
    await close()
  })

  it('prints on white, without what only a screen can use', async () => {
    const { page, close } = await look({ colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    )
    expect(await page.getByRole('navigation').isVisible()).toBe(false)
    const { poor } = (await page.evaluate(readContrast)) as Contrast
    expect(poor).toEqual([])
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
    await close()
  })
})

interface Contrast {
  readonly ground: string
  readonly texts: number
  readonly poor: readonly string[]
}

/** Runs in the page: the contrast of each visible text with the ground that it stands on (WCAG 2). */
const readContrast = `(() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number)
    return { r, g, b, a }
  }
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((part) => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const groundOf = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const ground = parse(getComputedStyle(one).backgroundColor)
      if (ground.a > 0) return ground
    }
    return parse('rgb(255, 255, 255)')
  }
  const poor = []
  let texts = 0
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode
    if (textContent.trim() === '' || element.tagName === 'title' || !element.checkVisibility()) continue
    texts += 1
    const style = getComputedStyle(element)
    const ink = parse(element instanceof SVGElement ? style.fill : style.color)
    const [a, b] = [luminance(ink), luminance(groundOf(element))].sort((one, other) => other - one)
    const contrast = (a + 0.05) / (b + 0.05)
    if (contrast < 4.5 || ink.a < 1) poor.push(contrast.toFixed(2) + ' ' + element.outerHTML.slice(0, 120))
  }
  return { ground: getComputedStyle(document.body).backgroundColor, texts, poor: [...new Set(poor)].slice(0, 9) }
})()`
