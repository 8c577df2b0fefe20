import type { Answer } from './send.ts'

/** What an answer asks of us. */
export type Verdict =
  'ok' | 'not-modified' | 'missing' | 'redirect' | 'refused' | 'too-many' | 'retry' | 'unexpected'

/** `conditional`: a 304 to a request without a validator is no answer to it. */
export function classifyAnswer(answer: Pick<Answer, 'status'>, conditional: boolean): Verdict {
  const { status } = answer
  if (status === 200) return 'ok'
  if (status === 304) return conditional ? 'not-modified' : 'retry'
  if (status === 404 || status === 410) return 'missing'
  if ([301, 302, 303, 307, 308].includes(status)) return 'redirect'
  if (status === 401 || status === 403) return 'refused'
  if (status === 429) return 'too-many'
  if (status === 408 || status === 425 || status >= 500) return 'retry'
  return 'unexpected'
}

const certificateErrors = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** A certificate that is not trusted now will not be trusted in five seconds either. */
export function isCertificateError(error: unknown): boolean {
  const codes = [error, (error as Error | undefined)?.cause].map(
    (one) => (one as NodeJS.ErrnoException | undefined)?.code,
  )
  return codes.some((code) => code !== undefined && certificateErrors.has(code))
}

/** `ECONNREFUSED`, `timeout`: an error in a word or two, for messages. */
export function errorWord(error: unknown): string {
  const { name, code, message, cause } = error as NodeJS.ErrnoException & { cause?: unknown }
  if (name === 'TimeoutError') return 'no whole answer in time'
  if (code !== undefined) return code
  return cause === undefined ? message.slice(0, 120) : errorWord(cause)
}
