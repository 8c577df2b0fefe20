import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Why a text is no value of a setting; turned into a usage error that says where it stands. */
export class BadValue extends Error {}

export function isPostgres(target: string): boolean {
  return /^postgres(ql)?:\/\//i.test(target)
}

export function isLoopback(url: string): boolean {
  const host = new URL(url).hostname
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

export function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}

export function absolutePath(text: string): string {
  if (text.includes('\0')) throw new BadValue('is not a path')
  return resolve(expandHome(text))
}

export function databaseTarget(text: string): string {
  if (isPostgres(text)) {
    // Credentials without a host are the driver's own way to name a socket.
    if (URL.canParse(text.replace('@/', '@localhost/'))) return text
    throw new BadValue(
      'is not a URL: letters such as @ : / # in a password are written as %40 and so on',
    )
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text))
    throw new BadValue('is neither a file path nor a postgres:// URL')
  return absolutePath(text)
}

export function httpUrl(text: string): string {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new BadValue('is not a URL')
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new BadValue('must start with http:// or https://')
  return url.href
}

/** These go into HTTP headers, where a line break would start a header of its own. */
export function headerText(text: string): string {
  if (!/^[\u0020-\u007e]{1,200}$/.test(text)) throw new BadValue('must be plain text on one line')
  return text
}

export function contactAddress(text: string): string {
  if (!/^[^\s@<>()]{1,64}@[^\s@<>()]{1,190}$/.test(text) || /[^\u0021-\u007e]/.test(text))
    throw new BadValue('is not an e-mail address')
  return text
}

export function milliseconds(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new BadValue('must be a whole number of milliseconds')
  return Number(text)
}

export function megabytes(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new BadValue('must be a whole number of megabytes')
  return Number(text)
}

export function seasonRange(text: string): string {
  const match = /^(\d{4})(?:\.\.(\d{4}))?$/.exec(text)
  if (match === null || (match[2] !== undefined && match[2] < (match[1] ?? '')))
    throw new BadValue('must be a year or a range such as 2019..2024')
  return text
}
