import type { Assumption, LivePage } from '../app/examine-live.ts'
import type { Context } from './context.ts'
import { broken, type Finding } from './examine.ts'

/** What `doctor --live` finds: one page of each kind, kept in the archive. */
export async function examineLiveSite(context: Context, version: string): Promise<Finding[]> {
  try {
    await context.openForWriting(null)
    const { examineLive } = await import('../app/examine-live.ts')
    const pages = await examineLive({
      ...context.deps,
      hrnz: await context.hrnzPages(),
      fetcher: await context.fetcher('hrnz'),
    })
    return pages.flatMap(ofLivePage)
  } catch (error) {
    return [broken('live', error, version)]
  }
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
