import { CommandHelp, Help } from '@oclif/core'

type Arg = Parameters<CommandHelp['arg']>[0]

/**
 * oclif's page of a command, with a usage line that can be read: what must be given, then
 * `[FLAGS]`. Its own names every flag there, those that exclude each other as `[--a |  |  | --b]`.
 */
class ReadableCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const { args, flags, id } = this.command
    const required = Object.values(flags).filter((flag) => flag.required === true)
    return [
      id,
      ...Object.values(args).map((arg) => this.arg(arg)),
      ...required.map((flag) => this.flagHelpLabel(flag).trim().replace('=', ' ')),
      '[FLAGS]',
    ].join(' ')
  }

  protected override arg(arg: Arg): string {
    const name = `${arg.name.toUpperCase()}${arg.multiple === true ? '...' : ''}`
    return arg.required === true ? name : `[${name}]`
  }

  /** Without the summary: it is the first line of the page. */
  protected override description(): string | undefined {
    const { description } = this.command
    return description === undefined ? undefined : this.wrap(description)
  }
}

export class ReadableHelp extends Help {
  protected override CommandHelpClass = ReadableCommandHelp
}
