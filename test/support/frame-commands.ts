// Commands that end in every way a command can end: `<way> [flags]`, `watch <way> [flags]`. Bundled
// and spawned by the tests of the frame.
import { Args, Config } from '@oclif/core'
import { noCounts } from '../../src/app/counts.ts'
import type { Context } from '../../src/cli/context/context.ts'
import type { Finished } from '../../src/cli/command/write-summary.ts'
import { WritingCommand } from '../../src/cli/command/writing-command.ts'
import { InterruptedError, SourceRefusedError, UsageError } from '../../src/errors.ts'

const warning = (subject: string) => ({
  code: 'odd-token',
  subject,
  message: 'not \u001b[31mknown',
})
const quiet = { warnings: [], partial: false, outcome: 'all was there already, nothing to do' }

const ways: Readonly<Record<string, (context: Context) => Promise<Finished>>> = {
  done: async () => ({ ...quiet, counts: noCounts() }),
  warned: async () => ({
    ...quiet,
    counts: noCounts(),
    warnings: Array.from({ length: 7 }, (_, index) => warning(`page ${index}`)),
  }),
  partial: async () => ({
    ...quiet,
    counts: noCounts(),
    partial: true,
    outcome: 'one page failed',
  }),
  refused: async () => {
    throw new SourceRefusedError('host says no', { hint: 'Wait a day.' })
  },
  stopped: async () => ({
    ...quiet,
    counts: noCounts(),
    stopped: new SourceRefusedError('host says no after a while'),
  }),
  usage: async () => {
    throw new UsageError('that cannot be')
  },
  bug: async () => {
    throw new TypeError('x is not \u001b]0;evil\u0007 a function')
  },
  sleep: async (context) => {
    process.stderr.write('sleeping\n')
    await context.clock.sleepUntil(context.clock.now() + 60_000, context.signal)
    return { ...quiet, counts: noCounts() }
  },
  deaf: async () => {
    process.stderr.write('sleeping\n')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    throw new InterruptedError()
  },
}

class FrameCommand extends WritingCommand<typeof FrameCommand> {
  static override job = 'hrnz' as const
  static override args = { way: Args.string({ required: true, ignoreStdin: true }) }

  protected async work(context: Context): Promise<Finished> {
    return await (ways[this.args.way] ?? (() => Promise.reject(new Error('no such way'))))(context)
  }
}

class Watcher extends FrameCommand {
  static override endsOnTerm = true
}

const [kind, ...argv] = process.argv.slice(2)
const config = await Config.load({ root: process.cwd() })
await (kind === 'watch' ? Watcher : FrameCommand).run(
  kind === 'watch' ? argv : [kind ?? '', ...argv],
  config,
)
