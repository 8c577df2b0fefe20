import type { PageElement } from './page-tree.ts'

/** What the name of a tag alone says of where it stands; the rules are those of htmlparser2's parser. */
export interface TagRule {
  /** Without content: nothing is open after it. */
  readonly isVoid?: boolean
  /** Innermost open elements that end where it begins, since their end tags may be left out. */
  readonly ends?: ReadonlySet<string>
  /** True: what is below follows the rules of XML (SVG, MathML). False: those of HTML again. */
  readonly isForeign?: boolean
  /** How its text stands in the page; `block` where nothing is said. */
  readonly flow?: PageElement['flow']
}

const rules = new Map<string, TagRule>()
const add = (names: string, rule: TagRule): void => {
  for (const name of names.split(' ')) rules.set(name, { ...rules.get(name), ...rule })
}
const set = (names: string): ReadonlySet<string> => new Set(names.split(' '))

add('area base basefont br col command embed frame hr img input isindex keygen link meta', {
  isVoid: true,
})
add('param source track wbr', { isVoid: true })
add('svg math', { isForeign: true })
add('mi mo mn ms mtext annotation-xml foreignobject desc title', { isForeign: false })
add('tr', { ends: set('tr th td') })
add('th', { ends: set('th') })
add('td', { ends: set('thead th td') })
add('tbody tfoot', { ends: set('thead tbody') })
add('body', { ends: set('head link script') })
add('a', { ends: set('a') })
add('li', { ends: set('li') })
add('option', { ends: set('option') })
add('optgroup', { ends: set('optgroup option') })
add('dd dt', { ends: set('dd dt') })
add('rt rp', { ends: set('rt rp') })
add('h1 h2 h3 h4 h5 h6', { ends: set('h1 h2 h3 h4 h5 h6 p') })
add('select input output button datalist textarea', {
  ends: set('input option optgroup select button datalist textarea'),
})
add('p address article aside blockquote details div dl fieldset figcaption figure footer form', {
  ends: set('p'),
})
add('header hr main nav ol pre section table ul', { ends: set('p') })
add('script style template noscript svg head', { flow: 'unread' })
add('a abbr b bdi cite code em font i img label mark q s small span strong sub sup time u wbr', {
  flow: 'inline',
})

export const tagRules: ReadonlyMap<string, TagRule> = rules
