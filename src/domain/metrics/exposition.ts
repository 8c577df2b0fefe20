export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** One metric with all its samples; a name and a unit as Prometheus wants them. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly samples: readonly MetricSample[]
}

/**
 * Gauges in Prometheus' text format, for the textfile collector of node_exporter, which takes no
 * timestamps. https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function expositionText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, help, samples }) =>
        `# HELP ${name} ${escaped(help)}\n# TYPE ${name} gauge\n${samples
          .map(({ labels, value }) => `${name}${labelText(labels)} ${valueText(value)}\n`)
          .join('')}`,
    )
    .join('')
}

function labelText(labels: MetricSample['labels']): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** A lone surrogate is no UTF-8, and one of them would have the whole file refused. */
function escaped(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replaceAll('\0', '')
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}
