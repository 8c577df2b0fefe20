import { defaultPollPolicy } from '../../domain/capture/next-poll-at.ts'
import { addDays, isoInstant, racingDate } from '../../domain/dates.ts'
import type { DatabaseCare } from '../../repositories/care.ts'
import type { QualityMetric } from '../../domain/quality/quality-metrics.ts'
import type { Run } from '../../repositories/operations.ts'
import type { MeasureRepository } from '../../repositories/watching.ts'
import { captureRaces } from '../capture/capture-races.ts'
import { discoverMeetings } from '../discover/discover-meetings.ts'
import type { HealthSignsDeps } from './health-signs.ts'
import { keepMeasures } from './keep-measures.ts'
import { matchHorses } from '../horses/match-horses.ts'
import type { NightlyStep, NightlyStepResult } from './nightly.ts'
import type { AppDeps, Fetcher, HrnzPages, TabApi } from '../ports.ts'
import { reconcileMeetings } from '../reconcile/reconcile-meetings.ts'
import { writeDashboard } from '../report/report-dashboard.ts'
import { reportQuality } from '../report/report-quality.ts'
import { scrapeMeetings } from '../scrape/scrape-meetings.ts'

export interface NightlyRequest {
  /** The last so many racing dates are looked through for new meetings. */
  readonly days: number
  readonly paceMs: number
  readonly maxMinutes: number | undefined
  /** The database's file or URL, fit to be shown. */
  readonly database: string
  /** Where the page to look at goes; null where nobody wants one. */
  readonly dashboard: string | null
  /** Null where there is no file to copy, or nobody wants a copy. */
  readonly backup: { readonly file: string; readonly keep: number } | null
  /** Told what the quality step found. */
  readonly onMeasured: (metrics: readonly QualityMetric[]) => void
}

/** The sources are made within their steps, so that what is wrong with one fails that step alone. */
export interface NightlyStepDeps extends AppDeps, HealthSignsDeps {
  readonly hrnz: () => Promise<HrnzPages>
  readonly tab: () => Promise<TabApi>
  readonly fetcher: (source: 'hrnz' | 'tab') => Promise<Fetcher>
  readonly care: DatabaseCare
  readonly measures: MeasureRepository
  /** Puts the backup on record as the run that it is. */
  readonly recordRun: (
    run: Pick<Run, 'command' | 'argv' | 'startedAt'>,
    end: { readonly exitCode: number; readonly outcome: string },
  ) => Promise<void>
}

/** A night's work in its order: what is read first is matched and copied in the same night. */
export function nightlySteps(deps: NightlyStepDeps, request: NightlyRequest): NightlyStep[] {
  const { days, paceMs, maxMinutes } = request
  const today = racingDate(deps.clock.now())
  const found = { from: addDays(today, 1 - days), to: today }
  // As far back as TAB's lists reach: a result may be corrected until then.
  const late = { from: addDays(today, -defaultPollPolicy.giveUpDays), to: today }
  const touched = { from: found.from < late.from ? found.from : late.from, to: today }
  const ofHrnz = async () => ({
    ...deps,
    hrnz: await deps.hrnz(),
    fetcher: await deps.fetcher('hrnz'),
  })
  const steps: NightlyStep[] = [
    {
      name: 'discover',
      job: 'hrnz',
      run: async () => {
        // Its counts are of pages, not of what is in the database.
        const { counts: _pages, ...rest } = await discoverMeetings(await ofHrnz(), {
          range: found,
          dryRun: false,
          paceMs,
        })
        return rest
      },
    },
    {
      name: 'scrape',
      job: 'hrnz',
      run: async () =>
        await scrapeMeetings(await ofHrnz(), maxMinutes === undefined ? {} : { maxMinutes }),
    },
    {
      name: 'late results',
      job: 'capture',
      // `capture --watch` reads the same days again by itself.
      sharesWork: true,
      run: async () =>
        await captureRaces(
          { ...deps, tab: await deps.tab(), fetcher: await deps.fetcher('tab') },
          { range: late },
        ),
    },
    {
      name: 'reconcile',
      job: 'masters',
      run: () => reconcileMeetings(deps, { range: touched, dryRun: false }),
    },
    {
      name: 'horses match',
      job: 'masters',
      run: () => matchHorses(deps, { all: false, dryRun: false }),
    },
    { name: 'quality', job: null, run: () => lookAtQuality(deps, request.onMeasured) },
  ]
  return [...steps, ...filesToWrite(deps, request)]
}

function filesToWrite(deps: NightlyStepDeps, request: NightlyRequest): NightlyStep[] {
  const { dashboard, backup, database } = request
  const steps: NightlyStep[] = []
  if (dashboard !== null)
    steps.push({
      name: 'dashboard',
      job: null,
      run: async () => {
        const { file, bytes } = await writeDashboard(deps, { file: dashboard, database })
        return { outcome: `${file}: ${Math.ceil(bytes / 1000)} KB` }
      },
    })
  if (backup !== null)
    steps.push({ name: 'backup', job: null, run: () => takeBackup(deps, backup) })
  return steps
}

async function takeBackup(
  deps: NightlyStepDeps,
  backup: NonNullable<NightlyRequest['backup']>,
): Promise<NightlyStepResult> {
  const startedAt = isoInstant(deps.clock.now())
  const { file, rows, kept } = await deps.care.backUp(backup.file, { keep: backup.keep })
  const outcome = `${file}: ${rows} rows, verified; ${kept.length} earlier kept`
  await deps.recordRun({ command: 'db backup', argv: file, startedAt }, { exitCode: 0, outcome })
  return { outcome }
}

/** Findings are told and fail nothing: `report quality --fail-on` is for that. */
async function lookAtQuality(
  deps: NightlyStepDeps,
  onMeasured: NightlyRequest['onMeasured'],
): Promise<NightlyStepResult> {
  const metrics = await reportQuality(deps, ['all'])
  onMeasured(metrics)
  await keepMeasures(deps, metrics)
  const poor = metrics.filter(({ status }) => status !== 'ok')
  const names = [...new Set(poor.map(({ id, status }) => `${id} (${status})`))]
  return {
    outcome:
      names.length === 0
        ? `${metrics.length} measures, all ok`
        : `${metrics.length} measures; to look at: ${names.join(', ')}`,
  }
}
