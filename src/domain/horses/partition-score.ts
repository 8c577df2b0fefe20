/** How well a partition meets the truth. */
export interface PartitionScore {
  readonly records: number
  readonly truthClusters: number
  readonly pairwise: { readonly precision: number; readonly recall: number; readonly f1: number }
  readonly bCubed: { readonly precision: number; readonly recall: number; readonly f1: number }
  /** Clusters that hold records of more than one. */
  readonly mixed: number
  /** True ones whose records stand in more than one cluster. */
  readonly split: number
}

/** Scores records of known identity; `found` and `truth` are any labels. */
export function partitionScore(
  records: readonly { readonly found: string; readonly truth: string }[],
): PartitionScore {
  const found = count(records.map((record) => record.found))
  const truth = count(records.map((record) => record.truth))
  const both = count(records.map((record) => JSON.stringify([record.found, record.truth])))
  const sum = (sizes: Iterable<number>, of: (size: number) => number): number => {
    let total = 0
    for (const size of sizes) total += of(size)
    return total
  }
  const pairs = (size: number): number => (size * (size - 1)) / 2
  const right = sum(both.values(), pairs)
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)
  const overlap = (record: { found: string; truth: string }): number =>
    both.get(JSON.stringify([record.found, record.truth]))!
  const mean = (of: (record: { found: string; truth: string }) => number): number =>
    share(
      records.reduce((total, record) => total + of(record), 0),
      records.length,
    )
  const spread = (side: 0 | 1): number => {
    const seen = new Map<string, number>()
    for (const key of both.keys()) {
      const label = (JSON.parse(key) as [string, string])[side]
      seen.set(label, (seen.get(label) ?? 0) + 1)
    }
    return [...seen.values()].filter((parts) => parts > 1).length
  }
  return {
    records: records.length,
    truthClusters: truth.size,
    pairwise: withF1(
      share(right, sum(found.values(), pairs)),
      share(right, sum(truth.values(), pairs)),
    ),
    bCubed: withF1(
      mean((record) => overlap(record) / found.get(record.found)!),
      mean((record) => overlap(record) / truth.get(record.truth)!),
    ),
    mixed: spread(0),
    split: spread(1),
  }
}

function withF1(precision: number, recall: number) {
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return { precision, recall, f1 }
}

function count(labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}
