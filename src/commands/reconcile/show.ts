import { Args } from '@oclif/core'
import type { Context } from '../../cli/context/context.ts'
import { minute } from '../../cli/text/claims-text.ts'
import { type Answer, ReadingCommand } from '../../cli/command/reading-command.ts'
import { renderPairs } from '../../cli/text/render.ts'

export default class ReconcileShow extends ReadingCommand<typeof ReconcileShow> {
  static override summary = 'show a meeting, its sources and what was decided about it'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12',
    '<%= config.bin %> <%= command.id %> "2026-03-06 addington" --json',
  ]
  static override args = {
    meeting: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'Id of the meeting, or "DATE VENUE".',
    }),
  }

  protected async read(context: Context): Promise<Answer> {
    const { unitOfWork } = await context.openForReading()
    const { showMeeting } = await import('../../app/reconcile/reconcile-list.ts')
    const shown = await unitOfWork.read((repositories) =>
      showMeeting(repositories, this.args.meeting),
    )
    const text = renderPairs([
      ['id', shown.retiredId === null ? shown.id : `${shown.id} (was ${shown.retiredId})`],
      ['date', shown.meetingDate],
      ['venue', shown.venue],
      ['club', shown.club],
      ['status', shown.status],
      ['sources', shown.dataSource],
      ['rule', `${shown.matchRule}, since ${minute(shown.matchedAt)}`],
      ['likeness', `venues ${shown.venue_score ?? '-'}, horses in common ${shown.overlap ?? '-'}`],
      ['card', `${shown.races} races, ${shown.starters} starters`],
      ...shown.sources.map(
        (said) =>
          [
            said.source,
            `${said.kind} ${said.key}, said ${minute(said.observed_at)}, confirmed ${minute(said.confirmed_at)} ${said.url ?? ''}`,
          ] as const,
      ),
      ...shown.rulings.map(
        ({ race, number, horse, words, agrees }) =>
          [
            'stewards',
            `R${race} ${number ?? '-'} ${horse}: ${words}${agrees === false ? ' (not so on the results page)' : ''}`,
          ] as const,
      ),
      ...shown.decisions.map(
        (one) =>
          [
            `decision ${one.number}`,
            `${one.words}${one.retractedAt === null ? '' : ` (taken back ${one.retractedAt})`}`,
          ] as const,
      ),
      ...shown.questions.map((question) => ['question', question] as const),
    ])
    return { object: shown, text }
  }
}
