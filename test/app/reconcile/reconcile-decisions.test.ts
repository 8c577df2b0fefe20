import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingestMeeting } from '../../../src/app/reconcile/ingest-meeting.ts'
import { matchHorses } from '../../../src/app/horses/match-horses.ts'
import { addAlias, removeAlias } from '../../../src/app/reconcile/reconcile-aliases.ts'
import { correctField } from '../../../src/app/reconcile/reconcile-corrections.ts'
import {
  judgeMeetings,
  splitMeeting,
  undoMeetingDecision,
} from '../../../src/app/reconcile/reconcile-decisions.ts'
import {
  exportMeetingDecisions,
  importMeetingDecisions,
} from '../../../src/app/reconcile/meeting-decision-lines.ts'
import {
  listDecisions,
  listMerges,
  showMeeting,
} from '../../../src/app/reconcile/reconcile-list.ts'
import { reconcileMeetings } from '../../../src/app/reconcile/reconcile-meetings.ts'
import { explainMeeting, listOverrides } from '../../../src/app/reconcile/reconcile-why.ts'
import type { AppDeps } from '../../../src/app/ports.ts'
import { meetingReviewDesk } from '../../../src/cli/review/meeting-review-desk.ts'
import type { MeetingObservation, Source } from '../../../src/domain/observation.ts'
import { openTestDatabase } from '../../support/database.ts'
import { mastersByKeys } from '../../support/masters-by-keys.ts'
import { aMeetingSaid, aRaceSaid, startersSaid } from '../../support/observations.ts'
import { quietDeps } from '../../support/quiet-deps.ts'

const now = Date.parse('2026-03-20T00:00:00Z')
const names = Array.from({ length: 12 }, (_, index) => `Rata Number ${'abcdefghijkl'[index]}`)
const by = { actor: 'me', reason: 'was there', dryRun: false }

function said(
  source: Source,
  id: string,
  over: Partial<MeetingObservation> = {},
  horses: readonly string[] = names,
): MeetingObservation {
  const race = `${id}/R1`
  const starters = startersSaid(source, race, horses).map((starter, index) => ({
    ...starter,
    finishPosition: index + 1,
    finishRaw: String(index + 1),
    marginRaw: source === 'tab_api' ? '1L' : '1 1/4L',
  }))
  const key =
    source === 'tab_api'
      ? `tab:event:${race}`
      : `${source === 'manual' ? 'manual' : 'hrnz'}:race:${race}`
  return aMeetingSaid(source, id, {
    races: [aRaceSaid({ key, number: 1, distanceM: 2200, starters })],
    ...over,
  })
}

let database: Awaited<ReturnType<typeof openTestDatabase>>
let deps: AppDeps
beforeEach(async () => {
  database = await openTestDatabase('sqlite')
  deps = quietDeps(database, now)
})
afterEach(() => database.close())

const take = (observation: MeetingObservation, confirmedAt = '2026-03-06T12:00:00.000Z') =>
  ingestMeeting(deps, {
    observation,
    issues: [],
    documentId: null,
    url: null,
    parserVersion: 'test',
    confirmedAt,
  })
const read = <T>(work: Parameters<AppDeps['unitOfWork']['read']>[0]) =>
  deps.unitOfWork.read(work) as Promise<T>
const meetings = () =>
  database.db.selectFrom('meetings').select(['id', 'data_source']).orderBy('id').execute()
const isSettled = async () => {
  const { counts } = await reconcileMeetings(deps, { dryRun: true })
  const horses = await matchHorses(deps, { all: true, dryRun: true })
  return (
    counts.meetings.created +
    counts.meetings.updated +
    counts.races.updated +
    counts.starters.updated +
    horses.counts.starters.updated
  )
}
const tab = said('tab_api', 't1', { venue: 'Gore' })
const hrnz = said('hrnz_scraper', '2026-03-06/14', { venue: 'Gore Raceway', clubNumber: '14' })
const elsewhere = said('hrnz_scraper', '2026-03-06/15', { venue: 'Kowhai Flat' }, names.slice(0, 5))

describe('split', () => {
  it('gives each source its meeting again, and undo puts them together as they were', async () => {
    await take(tab)
    const { meetingId } = await take(hrnz)
    const before = await mastersByKeys(database)
    expect(before.meetings).toHaveLength(1)
    const split = await splitMeeting(deps, { ...by, meeting: String(meetingId), source: null })
    expect((await meetings()).map((row) => row.data_source).sort()).toEqual([
      'hrnz_scraper',
      'tab_api',
    ])
    const apart = await mastersByKeys(database)
    expect(apart.starters).toHaveLength(24)
    expect(await isSettled()).toBe(0)

    await take(tab, '2026-03-07T00:00:00.000Z')
    await take({ ...hrnz, weather: 'Fine' })
    expect(await meetings()).toHaveLength(2)
    await take(hrnz)

    await undoMeetingDecision(deps, { number: split.number, dryRun: false })
    expect(await mastersByKeys(database)).toEqual(before)
    expect((await meetings()).map(({ id }) => id)).toEqual([meetingId])
    expect(await isSettled()).toBe(0)
  })

  it('leaves the tables that there would be without the match', async () => {
    await take(tab)
    const alone = await mastersByKeys(database)
    const { meetingId } = await take(hrnz)
    await splitMeeting(deps, { ...by, meeting: String(meetingId), source: null })
    const apart = await mastersByKeys(database)
    for (const row of alone.races) expect(apart.races).toContain(row)
    for (const row of alone.meetings) expect(apart.meetings).toContain(row)
  })

  it('is refused for a meeting of one source, and for one that is gone', async () => {
    const { meetingId } = await take(tab)
    const split = (meeting: string) => splitMeeting(deps, { ...by, meeting, source: null })
    await expect(split(String(meetingId))).rejects.toThrow(/one source only/)
    await expect(split('4711')).rejects.toThrow(/there is no meeting 4711/)
    await expect(split('2026-03-09 gore')).rejects.toThrow(/no meeting on 2026-03-09/)
    expect(await read(({ judgements }) => judgements.all())).toEqual([])
  })
})

describe('same and different', () => {
  it('join and part whatever the rules say, and survive another reading of the sources', async () => {
    const { meetingId: a } = await take(tab)
    const { meetingId: b } = await take(elsewhere)
    expect(a).not.toBe(b)
    const decided = await judgeMeetings(deps, { ...by, a: `${a}`, b: `${b}`, verdict: 'same' })
    expect(decided.learned).toMatchObject({ text: 'Kowhai Flat', venue: 'Gore', kind: 'venue' })
    expect(await meetings()).toHaveLength(1)
    await take({ ...elsewhere, weather: 'Fine' })
    expect(await meetings()).toHaveLength(1)
    expect(await isSettled()).toBe(0)
    await expect(
      judgeMeetings(deps, { ...by, a: `${b}`, b: `${a}`, verdict: 'same' }),
    ).rejects.toThrow(/merged into|one meeting already/)
    await undoMeetingDecision(deps, { number: null, dryRun: false })
    expect((await meetings()).map(({ id }) => id).sort()).toEqual([a, b].sort())
    expect(await read(({ aliases }) => aliases.all())).toEqual([])
    await expect(undoMeetingDecision(deps, { number: null, dryRun: false })).rejects.toThrow(
      /no decision/,
    )
    await expect(
      undoMeetingDecision(deps, { number: decided.number, dryRun: false }),
    ).rejects.toThrow(/was undone/)
  })

  it('are refused across dates and against a decision that stands', async () => {
    const { meetingId: a } = await take(tab)
    const { meetingId: b } = await take(elsewhere)
    const { meetingId: c } = await take(
      said('tab_api', 't2', { date: '2026-03-07', venue: 'Gore' }),
    )
    const judge = (x: number, y: number, verdict: 'same' | 'different') =>
      judgeMeetings(deps, { ...by, a: `${x}`, b: `${y}`, verdict })
    await expect(judge(a, c, 'same')).rejects.toThrow(/different dates/)
    await judge(a, b, 'different')
    await expect(judge(a, b, 'same')).rejects.toThrow(/decided before, as decision/)
    expect(await meetings()).toHaveLength(3)
  })

  it('leave nothing behind when they are only to be shown', async () => {
    const { meetingId: a } = await take(tab)
    const { meetingId: b } = await take(elsewhere)
    const before = await mastersByKeys(database)
    await judgeMeetings(deps, { ...by, a: `${a}`, b: `${b}`, verdict: 'same', dryRun: true })
    expect(await mastersByKeys(database)).toEqual(before)
    expect(await read(({ judgements }) => judgements.all())).toEqual([])
  })
})

describe('an alias', () => {
  const alias = {
    source: 'any',
    kind: 'venue',
    text: 'Kowhai Flat',
    venue: 'Gore Raceway',
    validFrom: null,
    validTo: null,
  } as const

  it('decides anew the days on which it changes a place, and only those', async () => {
    await take(said('tab_api', 't1', { venue: 'Gore' }, names.slice(0, 3)))
    await take(said('hrnz_scraper', '2026-03-06/15', { venue: 'Kowhai Flat' }, names.slice(0, 3)))
    await take(said('tab_api', 't3', { venue: 'Oamaru', date: '2026-03-10' }, names))
    expect(await meetings()).toHaveLength(3)
    const added = await addAlias(deps, alias, false)
    expect(added).toMatchObject({ isNew: true, dates: 1 })
    expect(await meetings()).toHaveLength(2)
    expect(await addAlias(deps, alias, false)).toMatchObject({ isNew: false, dates: 0 })
    expect(await isSettled()).toBe(0)
    expect(await removeAlias(deps, alias, false)).toMatchObject({ dates: 1 })
    expect(await meetings()).toHaveLength(3)
    await expect(removeAlias(deps, alias, false)).rejects.toThrow(/there is no alias/)
  })

  it('that would join two known venues is refused', async () => {
    for (const [text, venue] of [
      ['Alexandra', 'Alexandra Park'],
      ['Alexandra Park', 'Alexandra'],
      ['Oamaru', 'Gore Raceway'],
    ] as const) {
      await expect(addAlias(deps, { ...alias, text, venue }, false)).rejects.toThrow(
        /would join two places/,
      )
    }
    const reversed = { ...alias, validFrom: '2026-02-01', validTo: '2026-01-01' }
    await expect(addAlias(deps, reversed, false)).rejects.toThrow(/reversed/)
    expect(await read(({ aliases }) => aliases.all())).toEqual([])
  })
})

describe('a correction', () => {
  const correct = (over: Partial<Parameters<typeof correctField>[1]> = {}) =>
    correctField(deps, {
      ...by,
      meeting: '2026-03-06 gore',
      race: '1',
      starter: '3',
      field: 'finish_position',
      value: '9',
      ...over,
    })
  const positions = async () =>
    (
      await database.db
        .selectFrom('starters')
        .select(['number', 'finish_position'])
        .orderBy('number')
        .execute()
    ).map((row) => row.finish_position)

  it('outranks the sources, is shown by why, survives another reading, and can be undone', async () => {
    await take(tab)
    await take(hrnz)
    await correct()
    await correct({ starter: null, field: 'distance_m', value: '1980' })
    await correct({ race: null, starter: null, field: 'venue', value: 'The Oval' })
    expect((await positions())[2]).toBe(9)
    await take({ ...hrnz, weather: 'Fine' }, '2026-03-15T00:00:00.000Z')
    expect((await positions())[2]).toBe(9)
    expect(await isSettled()).toBe(0)
    const { fields } = await deps.unitOfWork.read((repositories) =>
      explainMeeting(repositories, {
        meeting: '2026-03-06 the oval',
        race: '1',
        starter: '3',
        field: 'finish_position',
      }),
    )
    expect(fields).toHaveLength(1)
    expect(fields[0]).toMatchObject({ rule: 'by-hand', value: 9 })
    expect(fields[0]!.claims.map(({ source, taken }) => [source, taken])).toEqual([
      ['by-hand', true],
      ['tab_api', false],
      ['hrnz_scraper', false],
    ])
    for (let left = 3; left > 0; left--)
      await undoMeetingDecision(deps, { number: null, dryRun: false })
    expect((await positions())[2]).toBe(3)
  })

  it('of a horse’s name or dam reaches the horse', async () => {
    await take(tab)
    await correct({ field: 'dam', value: 'River Echo' })
    const { dam } = await database.db
      .selectFrom('horses')
      .select('dam')
      .where('normalized_name', '=', 'rata number c')
      .executeTakeFirstOrThrow()
    expect(dam).toBe('River Echo')
  })

  it.each([
    [{ field: 'colour_of_silks' }, /no field colour_of_silks/],
    [{ field: 'toString' }, /no field toString/],
    [{ value: 'third' }, /whole number/],
    [{ field: 'horse_name', value: 'null' }, /cannot be empty/],
    [{ race: '7' }, /no race 7/],
    [{ starter: 'Nobody' }, /no starter Nobody/],
    [{ reason: null }, /needs a reason/],
    [{ race: null, starter: null, field: 'status', value: 'rained off' }, /one of scheduled/],
  ])('%j is refused with the reason', async (over, message) => {
    await take(tab)
    await expect(correct(over)).rejects.toThrow(message)
    expect(await read(({ judgements }) => judgements.all())).toEqual([])
  })
})

describe('decisions as JSON lines', () => {
  it('make a database that was built anew what the old one was, whenever they come', async () => {
    await take(tab)
    const { meetingId } = await take(hrnz)
    const { meetingId: other } = await take(elsewhere)
    await splitMeeting(deps, { ...by, meeting: String(meetingId), source: null })
    await judgeMeetings(deps, { ...by, a: `${meetingId}`, b: `${other}`, verdict: 'same' })
    await correctField(deps, {
      ...by,
      meeting: String(meetingId),
      race: '1',
      starter: null,
      field: 'name',
      value: 'By Hand',
    })
    const expected = await mastersByKeys(database)
    const text = (await exportMeetingDecisions(deps)).join('\n')
    for (const isFirst of [true, false]) {
      const fresh = await openTestDatabase('sqlite')
      const freshDeps = quietDeps(fresh, now)
      try {
        const give = () => importMeetingDecisions(freshDeps, { text, dryRun: false })
        if (isFirst) await give()
        for (const observation of [elsewhere, hrnz, tab]) {
          await ingestMeeting(freshDeps, {
            observation,
            issues: [],
            documentId: null,
            url: null,
            parserVersion: 'test',
            confirmedAt: '2026-03-06T12:00:00.000Z',
          })
        }
        if (!isFirst) expect((await give()).created).toBe(4)
        expect(await give()).toMatchObject({ created: 0, unchanged: 4, dates: 0 })
        expect(await mastersByKeys(fresh)).toEqual(expected)
      } finally {
        await fresh.close()
      }
    }
  })

  it.each(['no json', '{}', '{"kind":"meeting","judgements":[]}'])(
    '%s is refused by its line',
    async (line) => {
      await expect(
        importMeetingDecisions(deps, { text: `\n${line}\n`, dryRun: false }),
      ).rejects.toThrow(/^line 2 /)
    },
  )
})

describe('what is listed', () => {
  it('are merges with rule, score and time; overrides; decisions; one meeting', async () => {
    await take(tab)
    const { meetingId } = await take(hrnz, '2026-03-15T00:00:00.000Z')
    const list = (filter: Parameters<typeof listMerges>[1]) =>
      deps.unitOfWork.read((repositories) => listMerges(repositories, filter))
    expect(await list({})).toMatchObject([
      { id: meetingId, rule: 'exact', venue_score: 1, overlap: 1 },
    ])
    expect(await list({ rule: 'fuzzy' })).toEqual([])
    expect(await list({ since: '2026-03-21T00:00:00.000Z' })).toEqual([])
    const overrides = await deps.unitOfWork.read((repositories) =>
      listOverrides(repositories, undefined),
    )
    expect(overrides).toHaveLength(12)
    expect(overrides[0]).toMatchObject({ field: 'margin_raw', tab: '1L', hrnz: '1 1/4L', race: 1 })
    await splitMeeting(deps, { ...by, meeting: String(meetingId), source: null })
    const decisions = await deps.unitOfWork.read(listDecisions)
    expect(decisions).toMatchObject([{ reason: 'was there', retractedAt: null }])
    const shown = await deps.unitOfWork.read((repositories) =>
      showMeeting(repositories, String(meetingId)),
    )
    expect(shown).toMatchObject({ races: 1, starters: 12, decisions: [{ actor: 'me' }] })
    expect(shown.sources).toHaveLength(1)
  })
})

describe('a dry run', () => {
  it('tells the plan that applying takes, and nothing the second time', async () => {
    await take(tab)
    await take(hrnz)
    await database.db.updateTable('meetings').set({ venue: 'Elsewhere' }).execute()
    const plan = await reconcileMeetings(deps, { dryRun: true })
    expect(plan.changes).toMatchObject([{ change: 'updated', rule: 'exact', races: 0 }])
    expect((await reconcileMeetings(deps, { dryRun: false })).changes).toEqual(plan.changes)
    expect((await reconcileMeetings(deps, { dryRun: true })).changes).toEqual([])
  })
})

describe('the review', () => {
  it('asks once: answered, taken back, put off', async () => {
    await take(said('tab_api', 't1', { venue: 'Woodlea Flats' }, names.slice(0, 3)))
    await take(
      said('hrnz_scraper', '2026-03-06/15', { venue: 'Woodland Flat Hills' }, names.slice(0, 3)),
    )
    const desk = await meetingReviewDesk(deps, 'me')
    expect(desk.items).toHaveLength(1)
    const [item] = desk.items
    expect(await desk.show(item!)).toMatchObject({ alike: 1, remember: null })
    const answer = (verdict: 'same' | 'different' | 'unsure' | 'snooze') =>
      desk.answer(item!, { verdict, all: false, remember: false })
    expect(await answer('same')).toMatch(/^decision \d+: same/)
    expect(await meetings()).toHaveLength(1)
    expect(await desk.show(item!)).toBeNull()
    await desk.takeBack(item!)
    expect(await meetings()).toHaveLength(2)
    await answer('snooze')
    expect((await meetingReviewDesk(deps, 'me')).items).toEqual([])
    await desk.takeBack(item!)
    await answer('unsure')
    expect((await meetingReviewDesk(deps, 'me')).items).toEqual([])
    await reconcileMeetings(deps, { dryRun: false })
    expect((await meetingReviewDesk(deps, 'me')).items).toEqual([])
  })
})
