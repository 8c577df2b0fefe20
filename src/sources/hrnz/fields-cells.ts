import type { StarterObservation } from '../../domain/observation.ts'
import type { IssueList } from './issue-list.ts'

/**
 * What only a fields page has of a starter, at its place in the model. The sex is evidence for the
 * horse, in the letters that TAB's harness cards have. The form line and the age go where TAB's are:
 * an age is a foal year only by a birthday rule that has changed, and no evidence for identity.
 * The rating stays under its label: on harness cards neither TAB nor a results page tells it, and its
 * scheme changes from year to year, so that a number alone would mean less every season.
 */
export function withFieldsCells(
  starter: StarterObservation,
  subject: string,
  issues: IssueList,
): StarterObservation {
  const { Sex: told, Form: form, Frm: shortForm, Age: age, ...rest } = starter.more ?? {}
  const sex = /^(?:(\d{1,2})\s?(?:yo|y\.o\.)?\s?)?([a-z]+)$/i.exec(told ?? '')
  const known = sexes.has(sex?.[2]?.toLowerCase() ?? '') ? sex?.[2] : undefined
  if (told !== undefined && known === undefined)
    issues.add(
      'unknown-sex',
      `${subject} ${starter.horseName}`,
      'a sex in unknown letters; kept as text',
      told,
    )
  const line = form ?? shortForm
  const years = age ?? (known === undefined ? undefined : sex?.[1])
  const more = {
    ...rest,
    ...(told !== undefined && known === undefined ? { Sex: told } : {}),
    ...(line === undefined ? {} : { form: line }),
    ...(years === undefined ? {} : { age: years }),
  }
  const { more: _, ...said } = starter
  return {
    ...said,
    ...(known === undefined ? {} : { sex: known.length === 1 ? known.toUpperCase() : known }),
    ...(Object.keys(more).length === 0 ? {} : { more }),
  }
}

const sexes: ReadonlySet<string> = new Set(
  'c f g h m r s colt filly gelding horse mare rig ridgling stallion'.split(' '),
)
