export interface Installation {
  readonly node: string
  readonly script: string
  /** The config file where it is not in its usual place: cron knows no HARNESS_CONFIG. */
  readonly configFile: string | null
}

/** Lines for `crontab -e`. Cron has a bare PATH, so both programs are named in full. */
export function cronLines(installation: Installation): string[] {
  const { node, script, configFile } = installation
  const variable = configFile === null ? '' : `HARNESS_CONFIG=${shellWord(configFile)} `
  // A percent sign is a line break to cron.
  const start = `${variable}${shellWord(node)} ${shellWord(script)}`.replaceAll('%', '\\%')
  return [
    // HRNZ, matching, quality, dashboard, backup: all that is done once a day.
    `15 3 * * * ${start} nightly --quiet`,
    // From yesterday: a late race ends after midnight, and results are corrected next morning.
    `*/20 * * * * ${start} capture --from -1d --quiet`,
  ]
}

/** A user unit that follows the races all day, in place of cron's second line. */
export function systemdUnit(installation: Installation): string[] {
  const { node, script, configFile } = installation
  return [
    '[Unit]',
    'Description=harness: follows the day’s races',
    'After=network-online.target',
    '',
    '[Service]',
    ...(configFile === null ? [] : [`Environment=${unitWord(`HARNESS_CONFIG=${configFile}`)}`]),
    `ExecStart=${unitWord(node)} ${unitWord(script)} capture --watch`,
    'Restart=on-failure',
    'RestartSec=60',
    'RestartPreventExitStatus=2',
    '',
    '[Install]',
    'WantedBy=default.target',
  ]
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** systemd expands `%` and `$` by itself, inside quotes too. */
function unitWord(word: string): string {
  const escaped = word.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  const literal = escaped.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /[\s"']/.test(word) ? `"${literal}"` : literal
}
