import { readFile } from 'node:fs/promises'
import { Args } from '@oclif/core'
import { unreadable } from '../../errors.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'
import { renderPairs } from '../../cli/text/render.ts'

export default class HorsesEvaluate extends ReadingCommand<typeof HorsesEvaluate> {
  static override summary = 'score the linking rules on records of known identity'
  static override description =
    'Reads a CSV file with the columns entity_id (the truth) and name, and where known record_id, sire, dam, birth_year, sex and identifiers by scheme. No database is needed.'
  static override examples = ['<%= config.bin %> <%= command.id %> labelled.csv --json']
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: 'CSV file.' }),
  }

  protected async read(): Promise<Answer> {
    const { evaluateLinking } = await import('../../app/horses/evaluate-linking.ts')
    const { readCsv } = await import('../../cli/files/read-csv.ts')
    const { file } = this.args
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw unreadable(file, error)
    })
    const rows = readCsv(text)
    const started = performance.now()
    const score = evaluateLinking(rows)
    const seconds = Math.round(performance.now() - started) / 1000
    const share = ({ precision, recall, f1 }: typeof score.pairwise): string =>
      `precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}, F1 ${f1.toFixed(4)}`
    return {
      object: { ...score, seconds },
      text: renderPairs([
        ['records', score.records],
        ['true ones', score.truthClusters],
        ['pairwise', share(score.pairwise)],
        ['B-cubed', share(score.bCubed)],
        ['mixed clusters', score.mixed],
        ['split ones', score.split],
        ['seconds', seconds],
      ]),
    }
  }
}
