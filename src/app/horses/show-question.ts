import { counted } from '../../domain/counted.ts'
import { compareHorses, schemeInWords } from '../../domain/horses/compare-horses.ts'
import { allSchemes, type Cluster } from '../../domain/horses/cluster.ts'
import { bitsInWords, evidenceBits } from '../../domain/horses/evidence-bits.ts'
import { describeHorse } from '../../domain/horses/describe-horse.ts'
import type { FormLine } from '../../domain/horses/form-line.ts'
import { summariseHorse } from '../../domain/horses/summarise-horse.ts'
import type { ReviewItem } from '../../domain/masters.ts'
import type { Repositories } from '../../repositories/repositories.ts'
import { questionSides } from './horse-questions.ts'

export interface ShownSide {
  readonly heading: string
  readonly fields: readonly {
    readonly label: string
    readonly value: string
    readonly isPlain?: boolean
  }[]
  readonly lines: readonly FormLine[]
}
export interface ShownQuestion {
  readonly left: ShownSide
  readonly right: ShownSide
  readonly evidence: readonly string[]
  readonly why: readonly string[]
  readonly candidates: readonly string[]
  readonly pages: readonly string[]
}

/** Everything that a person needs to answer a question; null when it has been settled since. */
export async function showQuestion(
  repositories: Repositories,
  item: ReviewItem,
): Promise<ShownQuestion | null> {
  const sides = await questionSides(repositories, item)
  if (sides === null) return null
  const { subject, other } = sides
  const starters = [...subject.starters, ...other.starters]
  const { form } = repositories
  const lines = await form.lines(starters.map(({ starterId }) => starterId))
  const horseOf = new Map(
    (await repositories.horses.linksOfStarters(starters.map(({ starterId }) => starterId))).map(
      (link) => [link.starterId, link.horseId],
    ),
  )
  const side = (cluster: Cluster): ShownSide => {
    const own = new Set(cluster.starters.map(({ starterId }) => starterId))
    return {
      heading: headingOf(cluster, horseOf),
      ...fieldsOf(
        cluster,
        lines.filter(({ starterId }) => own.has(starterId)),
      ),
    }
  }
  const [left, right] = [side(subject), side(other)]
  const shared = (read: (line: FormLine) => string | null): string[] => {
    const names = new Set(left.lines.map(read))
    return [...new Set(right.lines.map(read))].filter(
      (name): name is string => name !== null && names.has(name),
    )
  }
  const people = [
    ...shared(({ trainer }) => trainer).map((name) => `Both were trained by ${name}.`),
    ...shared(({ driver }) => driver).map((name) => `Both were driven by ${name}.`),
  ].slice(0, 4)
  const concerned = new Set([item.subjectId, item.otherId, ...horseOf.values()])
  const alike = await repositories.horses.findByNameKey([...subject.nameKeys][0] ?? '')
  return {
    left,
    right,
    evidence: [...compareHorses(subject, other), ...people],
    why: [
      ...(whyAsked[`${item.code} ${causeOf(item)}`] ?? whyAsked[item.code] ?? []),
      `In bits: ${bitsInWords(
        evidenceBits(subject, other, { horses: await form.countHorses(), ofTheName: alike.length }),
      )}`,
    ],
    candidates: alike
      .filter(({ id }) => !concerned.has(id))
      .map((horse) => `${horse.id}  ${describeHorse(horse)}, ${counted(horse.raceCount, 'start')}`),
    pages: [...new Set(lines.flatMap(({ hrnzUrl }) => hrnzUrl ?? []))].slice(0, 8),
  }
}

function headingOf(cluster: Cluster, horseOf: ReadonlyMap<number, number>): string {
  const first = cluster.starters[0]
  if (first === undefined) return 'no starts'
  const horse = horseOf.get(first.starterId)
  return `${horse === undefined ? '' : `[${horse}] `}${first.name}`
}

function fieldsOf(cluster: Cluster, lines: readonly FormLine[]): Omit<ShownSide, 'heading'> {
  const { fields } = summariseHorse(cluster)
  const names = [...new Set(cluster.starters.map(({ name }) => name))]
  const ids = allSchemes.map((scheme) => ({
    label: schemeInWords(scheme).slice(0, 12),
    value: [...(cluster.ids.get(scheme) ?? [])].join(' '),
  }))
  return {
    fields: [
      { label: 'name', value: names.join(', ') },
      { label: 'sire', value: fields.sire ?? '' },
      { label: 'dam', value: fields.dam ?? '' },
      { label: 'dam’s sire', value: fields.damSire ?? '' },
      { label: 'foaled', value: fields.foaledOn ?? '' },
      { label: 'sex', value: fields.sex ?? '' },
      { label: 'colour', value: fields.colour ?? '' },
      { label: 'country', value: fields.country ?? '' },
      { label: 'gait', value: [...cluster.gaits].sort().join(' ') },
      ...ids,
      {
        label: 'starts',
        value: `${fields.raceCount} (${fields.firstSeen ?? '–'} to ${fields.lastSeen ?? '–'})`,
        isPlain: true,
      },
    ],
    lines,
  }
}

function causeOf({ evidence }: ReviewItem): string {
  const { veto, because } = JSON.parse(evidence) as { veto?: unknown; because?: unknown }
  return String(because ?? veto)
}

const whyAsked: Readonly<Record<string, readonly string[]>> = {
  'name-only': [
    'The starts on the right carry nothing but the name. There is one horse of that name and no',
    'veto, so they were linked to it; nothing else vouches for it yet.',
    'y  keeps them together for good.   n  makes the starts on the right a horse of their own.',
  ],
  'possible-duplicate': [
    'The start on the left fits more than one horse of its name, and a name alone does not pick.',
    'y  makes it a start of the horse on the right.   n  keeps it apart from that one.',
  ],
  'possible-duplicate other-identifier': [
    'Two of one name raced at one time under different identifiers, and nothing else that is known',
    'tells them apart: the identifier of one was mistyped, or they are two horses.',
    'y  makes them one horse.   n  remembers that they are two.',
  ],
  'id-conflict': [
    'An identifier says that the two are one, but a veto says that they cannot be: the source gave',
    'one number to two horses, or one of its facts is wrong.',
    'y  links them in spite of the veto.   n  takes the identifier away from the right-hand side.',
  ],
  'name-changed': [
    'One identifier, two quite different names: a renamed horse, or a number given to two horses.',
    'y  it was renamed.   n  the starts under the later name are another horse’s.',
  ],
  'masters-may-be-one spaces': [
    'Names that differ in nothing but their spaces: mostly one horse that two sources space',
    'differently, and never linked by that alone.',
    'y  merges them.   n  remembers that they are two.',
  ],
  'masters-may-be-one': [
    'Different names, but the same dam and foal year, and one career begins after the other ended:',
    'a horse that was renamed while no identifier was told, or brother and sister in one year.',
    'y  merges them.   n  remembers that they are two.',
  ],
}
