export type RulingKind = 'scratched' | 'relegated' | 'disqualified'

/** Of a sentence that fits a pattern: its horses are numbers of marks. */
export interface Fitting {
  readonly kind: RulingKind
  readonly subjects: readonly number[]
  readonly from: number | null
  readonly to: number | null
  readonly behind?: number
  readonly tail: string
}

const horse = String.raw`<(\d+)>(?:\s?\([^()]{0,60}\))*`
const horses = String.raw`(<\d+>(?:\s?\([^()]{0,60}\))*(?:\s?(?:,|,? and|,? &)\s<\d+>(?:\s?\([^()]{0,60}\))*)*)`
const bookNumber = String.raw`(?:(?:#|no\.?\s?|number\s|runner\s)?\d{1,2}\s|\(\d{1,2}\)\s)?`
const adverbs = 'then|subsequently|therefore|accordingly|consequently|duly|officially'
const passive = String.raw`(?:\s(?:was|were|is|has been|have been))?(?:\s(?:${adverbs}))?`
const place = String.raw`(\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)(?:[\s-](?:place|placing|position))?`
const heading = String.raw`(?:late\s)?(?:scratchings?|relegations?|disqualifications?|ruling|decision|result)(?:\sof the [a-z ]{1,40})?\s?[:–-]\s`
const aside = String.raw`(?:(?:subsequently|accordingly|consequently|therefore|as a result),?|(?:as a result(?: of [a-z\d' ]{1,80})?|following (?:the|this|an?|his|its|their) [a-z\d' ]{1,80}|after (?:the|this|an?|hearing|viewing|reviewing|considering) [a-z\d' ]{1,80}|at the request of [a-z' ]{1,40}),)\s`
/** The protest was upheld and …: what it says of other horses stands apart. */
const upheld = String.raw`(?:the (?:(?:adjudicative |judicial )?committee|jca|panel|stewards) (?:upheld|allowed) the (?:protest|information|charge)(?: (?:by|against) <\d+>)?|the (?:protest|information|charge)(?: (?:by|against) <\d+>)? was (?:upheld|allowed)),? and `
const lead = String.raw`^(?:${heading})?(?:${aside})?(?:${upheld})?${bookNumber}`
/** What leads to a decision: `The trainer said that stewards relegated …` or `In March …` does not. */
const occasion = String.raw`(?:(?:(?:after|following|upon|on) (?:the|this|an?|further|hearing|viewing|reviewing|considering)|having (?:heard|viewed|reviewed|considered)) [a-z\d', ]{1,160}\s|in (?:this race|race \d{1,2}),?\s)?`
/** Somebody who may rule, as the subject. */
const stewards = String.raw`^(?:${aside})?${occasion}(?:the )?(?:(?:raceday|adjudicative|judicial|appeals?|stipendiary) ){0,2}(?:stewards|committee|panel|jca|club)\s(?:[^.]{0,160}\sand\s)?(?:(?:${adverbs})\s)?`
const tailOf = (...opens: string[]): string =>
  String.raw`((?:,?\s(?:${opens.join('|')})\b.{0,300}|\s\([^()]{0,120}\))?)\.?$`
const because = ['for', 'due to', 'owing to', 'because', 'as', 'after', 'following', 'having']
const rule = ['under', 'pursuant to', 'in terms of', 'by', 'in accordance with']

const relegation = String.raw`(?: from (?:its )?${place})?(?:,? (?:to|and (?:was )?(?:placed|relegated to)) ${place})?(?:,? behind <(\d+)>)?${tailOf(...because, ...rule)}`
const raceItself = String.raw`(?: from (?:the|this) (?:race|event))?`

const scratchedTail = String.raw`((?:,?\s(?:${[
  String.raw`(?:from|prior to|before) (?:(?:the|this) (?:race|event|start)|race \d{1,2})`,
  String.raw`(?:at|behind|approaching) the (?:start|gate|barrier|mobile)`,
  String.raw`(?:on|under|acting on|following|after) (?:club |raceday |official )?veterinary (?:advice|examination|inspection)`,
  String.raw`(?:by|on)(?: the)? (?:order|orders|direction|instruction)s? of (?:the )?(?:stewards|(?:club |official )?veterinarian|(?:club |official )?veterinary surgeon)`,
  String.raw`by (?:the )?(?:stewards|stipendiary stewards|veterinarian)`,
  String.raw`(?:at|after) \d{1,2}[.:]\d{2}(?:\s?[ap]\.?m\.?)?(?: hours| hrs)?`,
  String.raw`veterinary (?:advice|certificate)`,
  String.raw`at the request of (?:the |its )?(?:trainer|driver|owners?|connections)`,
].join(
  '|',
)})|\s\([^()<>]{1,120}\)){0,5}(?:,?\s(?:${because.join('|')}|with|when|found)\b[^<>]{0,200})?)\.?$`

interface Pattern {
  readonly at: RegExp
  read(groups: readonly (string | undefined)[]): Fitting | undefined
}

const patterns: readonly Pattern[] = [
  {
    at: new RegExp(
      `${lead}${horses}(?: [–-]|:|,)?${passive}(?: an?)?(?: late)? scratch(?:ed|ings?)(?: late)?${scratchedTail}`,
    ),
    read: ([list, tail]) => scratched(list, tail),
  },
  {
    at: new RegExp(
      `^(?:late )?scratch(?:ings?|ed)\\s?[:–-] ${bookNumber}${horses}${scratchedTail}`,
    ),
    read: ([list, tail]) => scratched(list, tail),
  },
  {
    at: new RegExp(
      `${stewards}(?:ordered|directed|approved|permitted|granted)(?: the)?(?: late)? scratching of ${bookNumber}${horses}${scratchedTail}`,
    ),
    read: ([list, tail]) => scratched(list, tail),
  },
  {
    at: new RegExp(`${stewards}(?:late )?scratched ${bookNumber}${horses}${scratchedTail}`),
    read: ([list, tail]) => scratched(list, tail),
  },
  {
    at: new RegExp(`${lead}${horse}${passive} relegated${relegation}`),
    read: relegated,
  },
  {
    at: new RegExp(`^relegat(?:ed|ion)\\s?[:–-] ${bookNumber}${horse}${relegation}`),
    read: relegated,
  },
  { at: new RegExp(`${stewards}relegated ${bookNumber}${horse}${relegation}`), read: relegated },
  {
    at: new RegExp(
      `${lead}${horse}${passive} disqualified from (?:its )?${place} and (?:placed|relegated to) ${place}${tailOf(...because, ...rule)}`,
    ),
    read: ([subject, from, to, tail]) => relegated([subject, from, to, undefined, tail]),
  },
  {
    at: new RegExp(
      `${lead}${horses}${passive} disqualified${raceItself}(?: from (?:its )?${place})?${tailOf(...because, ...rule)}`,
    ),
    read: disqualified,
  },
  {
    at: new RegExp(
      `^disqualifi(?:ed|cation)\\s?[:–-] ${bookNumber}${horses}(?: from (?:its )?${place})?${tailOf(...because, ...rule)}`,
    ),
    read: disqualified,
  },
  {
    at: new RegExp(
      `${stewards}(?:disqualified|ordered the disqualification of) ${bookNumber}${horses}${raceItself}(?: from (?:its )?${place})?${tailOf(...because, ...rule)}`,
    ),
    read: disqualified,
  },
]

/** What a sentence of this shape says, from its first word to its last; undefined for any other. */
export function fitting(shape: string): Fitting | undefined {
  const spelt = shape
    .replace(/dis-?qualif(?:i?ed)\b/g, 'disqualified')
    .replace(/\bdemoted\b/g, 'relegated')
  for (const { at, read } of patterns) {
    const match = at.exec(spelt)
    const found = match === null ? undefined : read(match.slice(1))
    if (found !== undefined) return found
  }
  return undefined
}

/** A horse in brackets is somebody's else: `FERNBANK (replaced by GIFT)`. */
const marksIn = (list: string | undefined): number[] =>
  [...(list ?? '').replace(/\([^()]*\)/g, '').matchAll(/<(\d+)>/g)].map(([, mark]) => Number(mark))

const scratched = (list: string | undefined, tail: string | undefined): Fitting => ({
  kind: 'scratched',
  subjects: marksIn(list),
  from: null,
  to: null,
  tail: tail ?? '',
})

/** Where a horse went in the running, not where it was placed. */
const inRunning = /\b(?:lead|leader|leading|trail|parked|crossed)\b/

/** To where, or behind whom: a relegation that says neither is not understood. */
function relegated([subject, from, to, behind, tail]: readonly (string | undefined)[]):
  Fitting | undefined {
  const [before, after] = [placeOf(from), placeOf(to)]
  if (after === null && behind === undefined) return undefined
  if (before !== null && after !== null && after <= before) return undefined
  if (before === null && inRunning.test(tail ?? '')) return undefined
  return {
    kind: 'relegated',
    subjects: [Number(subject)],
    from: before,
    to: after,
    ...(behind === undefined ? {} : { behind: Number(behind) }),
    tail: tail ?? '',
  }
}

/** For six months, or for careless driving, is a person's ban, and says nothing of this race. */
function disqualified([list, from, tail]: readonly (string | undefined)[]): Fitting | undefined {
  if (/\b(?:days?|weeks?|months?|years?|period|until|driving)\b/.test(tail ?? '')) return undefined
  const subjects = marksIn(list)
  if (from !== undefined && subjects.length > 1) return undefined
  return { kind: 'disqualified', subjects, from: placeOf(from), to: null, tail: tail ?? '' }
}

const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ')

function placeOf(words: string | undefined): number | null {
  if (words === undefined) return null
  const number = ordinals.indexOf(words) + 1 || Number.parseInt(words, 10)
  return number >= 1 && number <= 40 ? number : null
}
