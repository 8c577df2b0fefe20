import type { Assumption, LivePage } from '../../app/doctor/live-page.ts'
import type { Context } from '../context/context.ts'
import { broken, type Finding, ok } from './examine.ts'

/** What `doctor --live` finds: one page of each kind, kept in the archive. */
export async function examineLiveSite(context: Context, version: string): Promise<Finding[]> {
  try {
    await context.openForWriting(null)
  } catch (error) {
    return [broken('live', error, version)]
  }
  // A server that refuses says nothing of the other.
  return [
    ...(await findings(version, () => staticPages(context))),
    ...(await findings(version, () => dynamicPages(context))),
  ]
}

async function findings(version: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work()
  } catch (error) {
    return [broken('live', error, version)]
  }
}

async function staticPages(context: Context): Promise<Finding[]> {
  const { examineLive } = await import('../../app/doctor/examine-live.ts')
  const pages = await examineLive({
    ...context.deps,
    hrnz: await context.sources.hrnzPages(),
    fetcher: await context.sources.fetcher('hrnz'),
  })
  return pages.flatMap(ofLivePage)
}

async function dynamicPages(context: Context): Promise<Finding[]> {
  if (context.config.settings.contact === null)
    return [
      ok(
        'dynamic pages',
        'left out: each is a query of HRNZ’s database, and nobody asks for one without a contact address (HARNESS_CONTACT)',
      ),
    ]
  const { examineLiveDynamic } = await import('../../app/doctor/examine-live-dynamic.ts')
  const pages = await examineLiveDynamic({
    ...context.deps,
    hrnz: await context.sources.hrnzPages(),
    dynamic: await context.sources.dynamicPages(),
    fetcher: await context.sources.dynamicFetcher(),
  })
  return pages.flatMap(ofLivePage)
}

/** A page that is not as expected is a warning: its bytes are kept, and nothing is lost by it. */
function ofLivePage({
  page,
  url,
  expected,
  found,
  isAsExpected,
  assumptions,
}: LivePage): Finding[] {
  const state = isAsExpected ? 'ok' : 'warning'
  const where = url === null ? '' : ` (${url})`
  const message = `expected ${expected}; found ${found}${where}`
  const next = isAsExpected ? null : 'Look at the page in a browser, and report the difference.'
  return [
    { check: page, state, message, next },
    ...assumptions.map((one) => ofAssumption(page, one)),
  ]
}

const ofAssumption = (page: string, { grade, text, holds }: Assumption): Finding => ({
  check: page,
  state: holds ? 'ok' : 'warning',
  message: `${holds ? 'holds' : 'does not hold'} (graded ${grade}): ${text}`,
  next: null,
})
