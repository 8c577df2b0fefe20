import { Args, Flags } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import type { Finished } from '../../cli/command/write-summary.ts'
import { WritingCommand } from '../../cli/command/writing-command.ts'
import { UsageError } from '../../errors.ts'

export default class HorsesFetch extends WritingCommand<typeof HorsesFetch> {
  static override summary = "read HRNZ's own pages of single horses"
  static override description =
    "Asks HRNZ for a horse's page: its name, foaling date, sex, colour, parents and ids complete what its starts say, and questions that this answers close. These pages are queries of HRNZ's database: at least five seconds apart, and only with HARNESS_CONTACT set."
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 "Star Galleria"',
    '<%= config.bin %> <%= command.id %> 7077E826-C51E-49D5-BECC-93B46778DDE2',
    '<%= config.bin %> <%= command.id %> --questions 20',
  ]
  static override args = {
    horse: Args.string({
      multiple: true,
      ignoreStdin: true,
      description: "Id or name of a horse, HRNZ's GUID of it, or hrnz_number:N.",
    }),
  }
  static override flags = {
    questions: Flags.integer({
      min: 1,
      max: 1000,
      helpValue: 'N',
      summary: 'Read up to N pages of horses that open questions are about.',
    }),
  }
  static override job = 'hrnz' as const

  protected async work(context: Context): Promise<Finished> {
    const horses = this.args.horse ?? []
    const questions = this.flags.questions ?? 0
    if (horses.length === 0 && questions === 0)
      throw new UsageError('no horse is named', 'Say which, or --questions N.')
    const { fetchHorsePages } = await import('../../app/scrape/fetch-horse-pages.ts')
    const fetcher = await context.sources.dynamicFetcher()
    const hrnz = await context.sources.hrnzPages()
    return await fetchHorsePages({ ...context.deps, fetcher, hrnz }, { horses, questions })
  }
}
