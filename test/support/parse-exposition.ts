/** A sample as the text has it. */
export interface ParsedSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*/
const number = /^(?:[+-]?Inf|NaN|[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)$/i

/**
 * Prometheus' text format 0.0.4, read as strictly as node_exporter does, which throws a whole file
 * away for one bad line: HELP and TYPE once and before the samples, the samples of a metric in one
 * group, no label twice, no sample twice, no timestamp, a line feed at the end.
 */
export function parseExposition(text: string): ParsedSample[] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('no line feed at the end')
  const samples: ParsedSample[] = []
  const groups = new Map<string, { help: boolean; type: boolean }>()
  const seen = new Set<string>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line)
    if (line.startsWith('#')) {
      if (comment === null) throw new Error(`a comment: ${line}`)
      const [, kind = '', name = '', rest = ''] = comment
      if (name.replace(metricName, '') !== '') throw new Error(`no name: ${name}`)
      const group = groups.get(name) ?? { help: false, type: false }
      if (name !== current && groups.has(name)) throw new Error(`${name} in two groups`)
      if (kind === 'HELP' ? group.help : group.type) throw new Error(`${kind} of ${name} twice`)
      if (kind === 'HELP') unescape(rest, 'n\\')
      else if (!['gauge', 'counter', 'untyped'].includes(rest)) throw new Error(`type ${rest}`)
      groups.set(name, { help: group.help || kind === 'HELP', type: group.type || kind === 'TYPE' })
      current = name
      continue
    }
    const sample = parseSample(line)
    if (sample.name !== current) throw new Error(`${sample.name} among ${current}`)
    const { help, type } = groups.get(current)!
    if (!help || !type) throw new Error(`${current} without HELP or TYPE`)
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
    if (seen.has(key)) throw new Error(`${key} twice`)
    seen.add(key)
    samples.push(sample)
  }
  return samples
}

function parseSample(line: string): ParsedSample {
  const name = metricName.exec(line)?.[0]
  if (name === undefined) throw new Error(`no name: ${line}`)
  let rest = line.slice(name.length)
  const labels: Record<string, string> = {}
  if (rest.startsWith('{')) {
    rest = rest.slice(1)
    while (!rest.startsWith('}')) {
      const label = labelName.exec(rest)?.[0]
      if (label === undefined || label in labels) throw new Error(`a bad label: ${line}`)
      const value = /^="((?:[^"\\]|\\.)*)"(,?)/s.exec(rest.slice(label.length))
      if (value === null) throw new Error(`a bad value: ${line}`)
      labels[label] = unescape(value[1] ?? '', 'n\\"')
      rest = rest.slice(label.length + value[0].length)
      if (value[2] === '' && !rest.startsWith('}')) throw new Error(`no comma: ${line}`)
    }
    rest = rest.slice(1)
  }
  const value = /^ (\S+)$/.exec(rest)?.[1]
  if (value === undefined || !number.test(value)) throw new Error(`no value: ${line}`)
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

function unescape(text: string, known: string): string {
  if (text.includes('\0')) throw new Error('a NUL')
  return text.replace(/\\(.)/gs, (_, letter: string) => {
    if (!known.includes(letter)) throw new Error(`an unknown escape: \\${letter}`)
    return letter === 'n' ? '\n' : letter
  })
}
