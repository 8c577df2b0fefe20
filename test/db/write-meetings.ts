import { openDatabase } from '../../src/db/connect.ts'
import { aMeeting, cardChanges } from '../contract/rows.ts'

/**
 * A process of its own for the tests of writing side by side: makes each of many meetings unless it
 * is there, as every unit of work does. Prints how many it made.
 */
const [target = '', count = '0'] = process.argv.slice(2)
const database = await openDatabase(target)
await database.migrator.migrateToLatest()
let made = 0
for (let i = 0; i < Number(count); i++) {
  const venue = `Venue ${i}`
  made += await database.unitOfWork.run(async ({ cards, ids }) => {
    const known = await cards.list()
    if (known.some((meeting) => meeting.venue === venue)) return 0
    const { meeting: id } = await ids.allocate({ meeting: 1 })
    await cards.apply(cardChanges({ meetings: [aMeeting({ id, venue })] }))
    return 1
  })
}
await database.close()
process.stdout.write(String(made))
