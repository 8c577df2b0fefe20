import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openDatabase, type OpenDatabase, type OpenOptions } from '../../src/db/connect.ts'
import { createPostgresDatabase } from './postgres.ts'

export type TestDialect = 'sqlite' | 'postgres'
export const testDialects: readonly TestDialect[] = ['sqlite', 'postgres']

/** A migrated database of the test's own, as a file's path or a URL: for programs it starts. */
export async function createTestDatabase(
  dialect: TestDialect,
): Promise<{ target: string; remove: () => Promise<void> }> {
  const root = inject('testRoot')
  if (dialect === 'postgres') {
    const { url, drop } = await createPostgresDatabase(root)
    return { target: url, remove: drop }
  }
  const target = join(root, `${randomUUID()}.db`)
  copyFileSync(await sqliteTemplate(root), target)
  return {
    target,
    remove: async () => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(target + suffix, { force: true })
    },
  }
}

/** The same, opened; `close` removes it. */
export async function openTestDatabase(
  dialect: TestDialect,
  options: OpenOptions = {},
): Promise<OpenDatabase & { readonly target: string }> {
  const { target, remove } = await createTestDatabase(dialect)
  const database = await openDatabase(target, options)
  return {
    ...database,
    target,
    close: async () => {
      await database.close()
      await remove()
    },
  }
}

/** Made by whichever worker comes first; two that do so at once make the same file. */
async function sqliteTemplate(root: string): Promise<string> {
  const template = join(root, 'template.db')
  if (existsSync(template)) return template
  const draft = join(root, `${randomUUID()}.template`)
  const database = await openDatabase(draft)
  await database.migrator.migrateToLatest()
  await database.close()
  renameSync(draft, template)
  return template
}
