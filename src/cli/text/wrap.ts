/** Lines of at most `width`, broken between words where there is one; the indent is kept. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  const indent = /^ */.exec(text)?.[0] ?? ''
  let line = ''
  for (const word of text.trimStart().match(/\S+\s*/g) ?? []) {
    if ([...(indent + line + word.trimEnd())].length > width && line !== '') {
      lines.push(indent + line)
      line = ''
    }
    line += word
    while ([...(indent + line.trimEnd())].length > width) {
      lines.push(indent + [...line].slice(0, width - indent.length).join(''))
      line = [...line].slice(width - indent.length).join('')
    }
  }
  return [...lines, indent + line]
}
