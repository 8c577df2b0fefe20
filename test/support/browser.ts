import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** The system's Chromium, or what HARNESS_TEST_CHROMIUM names. */
export const chromiumPath: string | undefined = [
  process.env['HARNESS_TEST_CHROMIUM'] ?? '',
  ...(process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) =>
      ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
    ),
].find((path) => path !== '' && existsSync(path))

if (chromiumPath === undefined)
  process.stderr.write(
    'There is no Chromium here: the tests that look at the dashboard in a browser are skipped.\n' +
      'Install it (Debian: `apt-get install chromium`), or set HARNESS_TEST_CHROMIUM to its path.\n',
  )

/** A browser that talks to nobody; root, as whom CI runs, has no sandbox. */
export function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium to launch')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
