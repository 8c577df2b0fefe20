/** Words with which a sentence may say something else than that it was so, here and now. */
const doubts = new RegExp(
  String.raw`\b(?:no|not|never|nor|neither|without|cannot|\w+n't|dismiss\w*|declin\w*|unsuccessful\w*|withdrawn?|` +
    String.raw`may|might|could|would|should|if|unless|whether|request\w*|sought|seek\w*|alleg\w*|appl(?:y|ied|ication)|` +
    String.raw`appeal\w*|pending|reserv\w*|adjourn\w*|liable|risk\w*|warn\w*|remind\w*|previous\w*|earlier|formerly|` +
    String.raw`yesterday|tomorrow|last (?:start|week|month|time|night|season)|next|recommend\w*|propos\w*|` +
    String.raw`but|however|although|though|subject|stands?|restored|instead|initially|provisional\w*|under review|set aside|error|incorrect\w*|mistake\w*|reinstat\w*|overturn\w*|rescind\w*|quash\w*|revers\w*|annul\w*|` +
    String.raw`(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|` +
    String.raw`\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|20\d\d)\b`,
)
const ofAnotherRace = /\b(?:race|r)\s?(?:no\.?\s?|number\s)?(\d{1,2})\b/g

/** True where a sentence may say something else than that it was so, in this race, on this day. */
export function isDoubtful(shape: string, race: number): boolean {
  // `No. 3` is no denial, and who asked for a scratching got it.
  const words = withNumbers(shape).replaceAll('at the request of', 'for')
  if (doubts.test(words) || shape.includes('?')) return true
  if (shape.split(/scratch|relegat|demot|dis-?qualif/).length > 2 && !isDoubled.test(shape))
    return true
  return [...shape.matchAll(ofAnotherRace)].some(([, number]) => Number(number) !== race)
}
/** Two of the words, one of them the heading of the other: `Late scratching: X was scratched at …` */
const isDoubled = /^(?:late )?(?:scratchings?|relegations?|disqualifications?)\s?[:–-]/

const withNumbers = (shape: string): string => shape.replace(/\bno\.?\s?(?=\d)/g, '#')

const hypothetical = 'no|nor|neither|insufficient|whether|if|unless|consider\\w*|liable'
/** What follows may have come about all the same: `refused to line up and was scratched`. */
const refusal = String.raw`not|never|without|declin\w+|refus\w+|may|might|could|would|should|risk\w*|warn\w*|request\w*|seek\w*|sought|alleg\w*|\w+n't`
const stem = String.raw`(?:scratch|relegat|demot|dis-?qualif)\w*`
/** A ruling that is spoken of, and not one that was made: `to relegate it`, `being relegated`. */
const spokenOf = String.raw`(?:(?:scratch|relegate|demote|dis-?qualify|relegation|demotion|dis-?qualification|(?:scratch|relegat|demot|dis-?qualify)ing)|being ${stem})\b`
const denials: readonly RegExp[] = [
  // No grounds to relegate; whether it was disqualified.
  new RegExp(String.raw`\b(?:${hypothetical})(?:\s(?!(?:and|but|then)\s)[\w<>']+){0,6}\s${stem}`),
  // Was not scratched; would have been disqualified.
  new RegExp(
    String.raw`\b(?:${refusal})(?:\s(?!(?:and|but|then|so|it|which|who|was|were)\s)[\w<>']+){0,6}\s${stem}`,
  ),
  // The request to relegate it was declined.
  new RegExp(
    String.raw`\b${spokenOf}(?:\s(?!(?:and|but|then)\s)[\w<>']+){0,6}\s(?:not|dismissed|declined|refused|unwarranted|unnecessary)\b`,
  ),
  // Was relegated at its last start.
  new RegExp(
    String.raw`${stem} (?:at|in|from|on) (?:(?:its|his|her|their) )?(?:last|previous|most recent) (?:start|race|occasion|time|run)`,
  ),
  // Late scratchings: Nil.
  new RegExp(String.raw`${stem}\s?[:–-]\s?(?:nil|none)\b`),
]
/** True where the sentence says in so many words that there was no such ruling here. */
export const isDenial = (shape: string): boolean =>
  denials.some((denial) => denial.test(withNumbers(shape)))

/** Words that take a ruling back, also one of another sentence. */
export const takesBack = /\b(?:overturn|quash|rescind|set aside|reinstat|annul)/i
