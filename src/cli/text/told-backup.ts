import type { Context } from '../context/context.ts'
import type { Answer } from '../command/reading-command.ts'
import { metricsFileOf, tellOfRun, toldRun } from '../command/tell-of-run.ts'

/**
 * A backup as the scheduled run that it is. It only reads the database, so its row is written apart
 * from it, and alerts are left to the commands that write.
 */
export async function toldBackup(
  context: Context,
  file: string,
  work: {
    readonly metricsFile: string | undefined
    readonly backUp: () => Promise<Answer>
  },
): Promise<Answer> {
  const command = 'db backup'
  const startedAt = new Date(context.clock.now()).toISOString()
  let answer: Answer | undefined
  await toldRun(
    context,
    { command, lasts: false },
    async () => {
      answer = await work.backUp()
      return { exitCode: 0, outcome: answer.text.trim() }
    },
    async (ended) => {
      // What is not there cannot take a row, and must not be made by it.
      if (context.isOpen) await context.recordRun({ command, argv: file, startedAt }, ended)
      await tellOfRun(context, {
        look: null,
        metricsFile: metricsFileOf(context, work.metricsFile),
      })
    },
  )
  return answer!
}
