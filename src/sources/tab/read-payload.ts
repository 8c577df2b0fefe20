import type { z } from 'zod'
import type { ParseIssue } from '../../domain/observation.ts'
import { LayoutChangedError } from '../../errors.ts'

/**
 * Validates `json`. A value of the wrong type is dropped with an issue that names its path, so that
 * one odd field does not cost the row; where the value is needed, the whole document is refused.
 */
export function readPayload<T extends z.ZodType>(
  schema: T,
  json: unknown,
  at: { readonly subject: string; readonly path: string },
): { readonly value: z.output<T>; readonly issues: ParseIssue[] } {
  const first = schema.safeParse(json)
  if (first.success) return { value: first.data, issues: [] }

  const issues: ParseIssue[] = []
  for (const problem of first.error.issues) {
    const path = [at.path, ...problem.path.map(String)].filter((part) => part !== '').join('.')
    const dropped = dropValue(json, problem.path)
    if (dropped === undefined || issues.length >= maxIssues) {
      throw refused(path, problem.message)
    }
    issues.push({
      code: 'unreadable-value',
      subject: at.subject,
      message: `${path}: ${problem.message}`.slice(0, 300),
      excerpt: describe(dropped.value),
    })
  }
  const second = schema.safeParse(json)
  if (second.success) return { value: second.data, issues }
  const problem = second.error.issues[0]
  const path = [at.path, ...(problem?.path ?? []).map(String)].filter((part) => part !== '')
  throw refused(path.join('.'), problem?.message ?? 'unknown')
}

/** Dropping one of these would drop races or starters, and look like a meeting that has none. */
const containers = new Set(['race', 'runners', 'results', 'races'])

/** More odd values than this are another layout, not an odd value. */
const maxIssues = 100

function refused(path: string, message: string): LayoutChangedError {
  return new LayoutChangedError(
    `TAB's payload is not as known: ${path.slice(0, 120) || 'data'}: ${message.slice(0, 200)}`,
    {
      code: 'invalid-payload',
      hint: 'the bytes are in the archive; look for a newer version and run `harness scrape --reparse`',
    },
  )
}

/** Takes the value at `path` out of `json`; undefined where there is no such place in an object. */
function dropValue(json: unknown, path: readonly PropertyKey[]): { value: unknown } | undefined {
  const key = path.at(-1)
  if (key === undefined) return undefined
  let holder = json
  for (const step of path.slice(0, -1)) {
    if (!isRecord(holder)) return undefined
    holder = holder[step as string]
  }
  if (!isRecord(holder) || Array.isArray(holder) || containers.has(String(key))) return undefined
  const value = holder[key as string]
  delete holder[key as string]
  return { value }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Never the whole of a deep value: writing one out can exhaust the stack. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  return isRecord(value) ? 'an object' : String(value).slice(0, 200)
}
