import type { Context } from '../../cli/context/context.ts'
import { type Answer, UnrecordedCommand } from '../../cli/command/unrecorded-command.ts'
import { UsageError } from '../../errors.ts'

export default class NotifyTest extends UnrecordedCommand<typeof NotifyTest> {
  static override summary = 'send a notice, to see whether it arrives'
  static override description =
    'To HARNESS_NOTIFY_URL: a topic of ntfy (https://ntfy.sh/topic, or any other host with #ntfy behind), or a webhook that takes a JSON object.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  protected async act(context: Context): Promise<Answer> {
    if (context.config.settings.notifyUrl === null)
      throw new UsageError(
        'there is no address to send notices to',
        'Set HARNESS_NOTIFY_URL, or notifyUrl in the config file.',
      )
    await context.owner.sendNotice({
      level: 'test',
      title: 'harness: a test',
      message: 'Notices of harness arrive here.',
    })
    return { object: { sent: true }, text: 'sent; look whether it has arrived\n' }
  }
}
