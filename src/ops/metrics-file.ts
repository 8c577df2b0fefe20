import { rename, rm, writeFile } from 'node:fs/promises'

/**
 * Puts a metrics file in its place whole: whoever reads the folder meanwhile finds the former one.
 * The draft lies beside it, for a rename does not reach over file systems; its name does not end as
 * those that node_exporter reads (`*.prom`).
 */
export async function writeMetricsFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.partial`
  try {
    await writeFile(draft, text)
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}
