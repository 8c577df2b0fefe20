import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { directCall } from '../../src/cli/direct-run.ts'
import { scratchFolder } from '../support/run-cli.ts'

const root = scratchFolder()
const command = (name: string, args: object = {}) => ({
  args,
  relativePath: ['dist', 'commands', `${name}.js`],
})
writeFileSync(
  join(root, 'oclif.manifest.json'),
  JSON.stringify({
    commands: {
      status: command('status'),
      horses: command('horses', { name: {} }),
      'horses:match': command('horses/match'),
    },
  }),
)

describe('directCall', () => {
  it.each([
    [['status', '--json'], 'status', ['--json']],
    [['horses', 'match', '--all'], 'horses:match', ['--all']],
    [['horses', 'Golden Dawn'], 'horses', ['Golden Dawn']],
    [['status', '--', '--help'], 'status', ['--', '--help']],
  ])('finds the command of %j', (argv, id, rest) => {
    expect(directCall(root, argv)).toMatchObject({ id, argv: rest })
  })

  it.each([[[]], [['--help']], [['status', '--help']], [['status', 'extra']], [['sttus']]])(
    'leaves %j to oclif',
    (argv) => {
      expect(directCall(root, argv)).toBeUndefined()
    },
  )

  it('leaves everything to oclif where there is no manifest', () => {
    expect(directCall(scratchFolder(), ['status'])).toBeUndefined()
  })
})
