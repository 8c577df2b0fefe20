import type { DocumentKind, MeetingObservation, Source } from '../observation.ts'
import type { RulingKind } from '../rulings/ruling-patterns.ts'
import type { CardRuling } from '../rulings/rulings-of-card.ts'
import { type CorrectedValue, type Corrections, columnName, setByHand } from './corrections.ts'
import {
  type FieldPolicy,
  finishPolicy,
  meetingPolicies,
  racePolicies,
  resolveField,
  starterPolicies,
} from './field-policy.ts'
import type { BySource, MatchedCard } from './matched-card.ts'

type Value = CorrectedValue

/** One field of one thing: what was chosen, by which rule, from which claims. */
export interface FieldExplanation {
  readonly level: 'meeting' | 'race' | 'starter'
  /** The race's and the starter's numbers and name, as TAB or HRNZ has them. */
  readonly race: number | null
  readonly starter: string | null
  /** The public column. */
  readonly field: string
  readonly value: Value
  readonly rule: string
  /** Whose claim was taken; null where it was set by hand. */
  readonly source: Source | null
  readonly claims: readonly {
    readonly source: Source
    readonly value: Value
    readonly key: string
  }[]
  /** What the stewards decided that the field is about; a claim of its own only where HRNZ's page is silent. */
  readonly rulings: readonly CardRuling[]
  /** Source keys of what the field is of. */
  readonly keys: readonly string[]
}

/** What chose every field of a card: the policies by which it was resolved, asked for their claims. */
export function explainCard(
  card: MatchedCard,
  amendedResult: boolean,
  corrections: Corrections,
): FieldExplanation[] {
  const explain = <Observation extends { readonly key: string }>(
    by: BySource<Observation>,
    policies: Readonly<Record<string, FieldPolicy<Observation, Value>>>,
    place: Pick<FieldExplanation, 'level' | 'race' | 'starter'>,
    ruled: readonly CardRuling[] = [],
  ): FieldExplanation[] => {
    const hand = setByHand(by, corrections)
    const keys = Object.values(by).map(({ key }) => key)
    const fields = new Set([...Object.keys(policies), ...Object.keys(hand)])
    return [...fields].flatMap((field) => {
      const policy = policies[field] ?? { read: () => undefined, rule: 'tab-first' as const }
      const { value, rule, claims, source } = resolveField(policy, by, amendedResult)
      const byHand = hand[field]
      const rulings = ruled.filter(({ kind }) => isAbout[kind].includes(field))
      if (rule === 'none' && byHand === undefined && rulings.length === 0) return []
      return [
        {
          ...place,
          field: columnName(field),
          value: byHand === undefined ? value : byHand,
          rule: byHand === undefined ? rule : 'by-hand',
          source: byHand === undefined ? source : null,
          claims: claims.map((claim) => ({ ...claim, key: by[claim.source]!.key })),
          rulings,
          keys,
        },
      ]
    })
  }
  return [
    ...explain(card.by, meetingPolicies, { level: 'meeting', race: null, starter: null }),
    ...card.races.flatMap((race) => {
      const number = resolveField(racePolicies.raceNumber, race.by, amendedResult).value
      return [
        ...explain(race.by, racePolicies, { level: 'race', race: number, starter: null }),
        ...race.starters.flatMap(({ by, rulings }) => {
          const book = resolveField(starterPolicies.number, by, amendedResult).value
          const name = resolveField(starterPolicies.horseName, by, amendedResult).value
          const starter = `${book ?? '-'} ${name ?? ''}`
          const place = { level: 'starter', race: number, starter } as const
          return explain(by, starterFields, place, rulings)
        }),
      ]
    }),
  ]
}

/** The fields that a ruling explains. */
const isAbout: Readonly<Record<RulingKind, readonly string[]>> = {
  scratched: ['scratched'],
  relegated: ['finishPosition', 'finishRaw'],
  disqualified: ['finishPosition', 'finishRaw'],
}

/** Placing and its text are chosen together and shown as the columns that they are. */
export const starterFields = {
  ...starterPolicies,
  finishPosition: {
    rule: finishPolicy.rule,
    read: (said: Parameters<typeof finishPolicy.read>[0]) => finishPolicy.read(said)?.position,
  },
  finishRaw: {
    rule: finishPolicy.rule,
    read: (said: Parameters<typeof finishPolicy.read>[0]) => finishPolicy.read(said)?.raw,
  },
}

/** True when HRNZ's word was taken over another one of TAB's. */
export function isOverride({ rule, claims, value }: FieldExplanation): boolean {
  return (
    rule === 'amended-result' &&
    claims.some((claim) => claim.source === 'tab_api' && claim.value !== value)
  )
}

/**
 * Which of one source's documents told a thing's field: the better kind first, as they are combined.
 */
export function tellingKind(
  observations: readonly MeetingObservation[],
  key: string,
  field: string,
): DocumentKind | undefined {
  return observations.find((observation) => said(observation, key, field))?.kind
}

function said(observation: MeetingObservation, key: string, field: string): boolean {
  if (observation.key === key) return reads(meetingPolicies, field, observation)
  for (const race of observation.races) {
    if (race.key === key) return reads(racePolicies, field, race)
    for (const starter of race.starters) {
      if (starter.key === key) return reads(starterFields, field, starter)
    }
  }
  return false
}

function reads<Observation>(
  policies: Readonly<Record<string, FieldPolicy<Observation, unknown>>>,
  field: string,
  observation: Observation,
): boolean {
  const policy = Object.entries(policies).find(([name]) => columnName(name) === field)?.[1]
  return policy?.read(observation) !== undefined
}
