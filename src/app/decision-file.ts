import { z } from 'zod'
import type { Decision } from '../domain/decisions.ts'
import { UsageError } from '../errors.ts'

/** Source key or identifier, as a judgement names what it is about. */
export const judgedKey = z.string().min(1).max(400)

/** What every line of a decision has, whatever it is about. */
export const saidShape = {
  words: z.string().min(1).max(2000),
  reason: z.string().max(10_000).nullable(),
  actor: z.string().min(1).max(200),
  createdAt: z.iso.datetime(),
}

/** A field that we do not know may change what a judgement means: strict objects refuse it. */
export const judgementsShape = z
  .array(
    z.strictObject({
      a: judgedKey,
      b: judgedKey,
      verdict: z.enum(['same', 'different', 'unsure']),
    }),
  )
  .min(1)
  .max(10_000)

type Judgements = z.infer<typeof judgementsShape>

export function saidOf({ words, reason, actor, createdAt }: Decision) {
  return { words, reason, actor, createdAt }
}

/** Judgements of a decision between two; corrections (`set`) are of another shape. */
export function judgementsOf({ judgements }: Decision): Judgements {
  return judgements.flatMap(({ a, b, verdict }) => (verdict === 'set' ? [] : [{ a, b, verdict }]))
}

/** What makes two lists of judgements one decision. */
export function sameJudgements(judgements: Judgements): string {
  return JSON.stringify(judgements.map(({ a, b, verdict }) => [a, b, verdict]))
}

/** A file of decisions, one JSON object a line; a line that is none is a usage error. */
export function readDecisionLines<Line>(
  text: string,
  shape: z.ZodType<Line>,
  about: { readonly what: string; readonly exportCommand: string },
): Line[] {
  const hint = `\`${about.exportCommand}\` writes lines as they should be.`
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const where = `line ${index + 1}`
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      throw new UsageError(`${where} is no JSON`, hint)
    }
    const parsed = shape.safeParse(value)
    if (parsed.success) return [parsed.data]
    const { path, message } = parsed.error.issues[0]!
    const field = path.length === 0 ? '' : ` (${path.join('.')})`
    throw new UsageError(`${where} is no decision about ${about.what}${field}: ${message}`, hint)
  })
}
