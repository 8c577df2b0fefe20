import { acquireJobLock } from '../../src/db/job-lock.ts'

/** A process of its own that holds a job until it is killed. */
const [target = '', job = ''] = process.argv.slice(2)
await acquireJobLock(target, job)
process.stdout.write('held')
setInterval(() => undefined, 60_000)
