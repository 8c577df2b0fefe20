import { describe, expect, it } from 'vitest'
import { describeError } from '../../../src/cli/command/report-error.ts'
import { LockBusyError, unreadable } from '../../../src/errors.ts'

const circumstances = { command: 'scrape', version: '1.2.3' }
const systemError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code })

describe('describeError', () => {
  it('keeps what our own errors say', () => {
    expect(describeError(new LockBusyError('busy', 'Wait.'), circumstances)).toEqual({
      code: 'locked',
      message: 'busy',
      hint: 'Wait.',
      exitCode: 4,
    })
  })

  it('tells what to do about a native module of another Node', () => {
    const error = systemError('ERR_DLOPEN_FAILED', 'compiled against NODE_MODULE_VERSION 108')
    const report = describeError(error, circumstances)
    expect(report).toMatchObject({ code: 'native-module', exitCode: 1 })
    expect(report.hint).toContain('npm rebuild better-sqlite3')
  })

  it.each(['EACCES', 'ENOSPC', 'EROFS'])(
    'has a next step for %s, which is no fault of ours',
    (code) => {
      const report = describeError(systemError(code, `${code}: open '/x'`), circumstances)
      expect(report).toMatchObject({ code: 'system', exitCode: 1, hint: expect.any(String) })
    },
  )

  it('names a file that is not there, and what else keeps a file from being read', () => {
    const missing = systemError('ENOENT', "ENOENT: no such file or directory, stat '/x'")
    expect(unreadable('/x', missing).message).toBe('there is no file /x')
    expect(unreadable('/x', systemError('EACCES', 'EACCES: permission denied')).message).toBe(
      '/x cannot be read: EACCES: permission denied',
    )
  })

  it('calls everything else a fault and says how to report it', () => {
    const report = describeError('a string was thrown', circumstances)
    expect(report).toMatchObject({ code: 'bug', exitCode: 1 })
    expect(report.hint).toContain('1.2.3')
  })

  it('puts down to the signal what failed after it', () => {
    const report = describeError(new Error('aborted'), { ...circumstances, interrupted: true })
    expect(report).toMatchObject({ code: 'interrupted', exitCode: 130 })
  })
})
