import type { MeetingObservation } from '../../domain/observation.ts'
import {
  droppedFields,
  fieldCoverage,
  nextBaselines,
} from '../../domain/scraping/field-coverage.ts'
import { LayoutChangedError } from '../../errors.ts'
import type { Repositories } from '../../repositories/repositories.ts'

/**
 * Holds a page against what the site's pages have carried of late, and adds it to that. Inside the
 * unit that applies the page: a page that has lost a field is thrown out whole, so that what is on
 * record is not emptied by it. A new version of the parser starts afresh, for it may read more.
 */
export async function watchLayout(
  { pages }: Repositories,
  observation: MeetingObservation,
  parserVersion: string,
): Promise<void> {
  const { source, kind } = observation
  const key = { source, kind, parserVersion }
  const baselines = await pages.fieldBaselines(key)
  const shares = fieldCoverage(observation)
  const dropped = droppedFields(shares, baselines)
  if (dropped.length > 0)
    throw new LayoutChangedError(
      `fields are gone that the site's pages had: ${dropped.join('; ')}`,
      {
        hint: 'the page is kept; after an update of harness, harness scrape --reparse reads it again',
      },
    )
  await pages.saveFieldBaselines(key, nextBaselines(shares, baselines))
}
