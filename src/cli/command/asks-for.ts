/** Whether a flag stands on the command line, for errors that come before it is parsed. */
export function asksFor(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--')
  return (end === -1 ? argv : argv.slice(0, end)).includes(flag)
}
