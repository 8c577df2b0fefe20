import { describe, expect, it } from 'vitest'
import { cronLines, systemdUnit } from '../../../src/cli/text/schedule-lines.ts'
import { rangeFlagsOf } from '../../../src/cli/text/seasons.ts'

const odd = {
  node: '/opt/my node/bin/node',
  script: "/home/o'hara/100%/run.js",
  configFile: '/c.json',
}

describe('cronLines', () => {
  it('quotes for the shell, and escapes the percent sign that cron would take for a line break', () => {
    const [line = ''] = cronLines(odd)
    expect(line).toContain(
      `HARNESS_CONFIG=/c.json '/opt/my node/bin/node' '/home/o'\\''hara/100\\%/run.js'`,
    )
  })

  it('is complete with two lines: the night, and the races of the day', () => {
    const commands = cronLines(odd).map((line) => / (nightly|capture) .*--quiet$/.exec(line)?.[1])
    expect(commands).toEqual(['nightly', 'capture'])
  })

  it('has five fields of time in front', () => {
    for (const line of cronLines({ ...odd, configFile: null }))
      expect(line).toMatch(/^[\d*,/]+ [\d*,/]+ \* \* \* '/)
  })
})

describe('systemdUnit', () => {
  it('quotes for systemd and doubles the percent sign', () => {
    const unit = systemdUnit(odd).join('\n')
    expect(unit).toContain(`ExecStart="/opt/my node/bin/node" "/home/o'hara/100%%/run.js" capture`)
    expect(unit).toContain('Environment=HARNESS_CONFIG=/c.json')
  })
})

describe('rangeFlagsOf', () => {
  it.each([
    ['2023', '--from 2023-01-01 --to 2023-12-31'],
    ['2019..2020', '--from 2018-08-01 --to 2020-07-31'],
    ['2020..2024', '--from 2019-08-01 --to 2024-12-31'],
  ])('gives the racing dates of %s', (seasons, flags) => {
    expect(rangeFlagsOf(seasons)).toBe(flags)
  })
})
