import { describe } from 'vitest'
import { testDialects } from '../support/database.ts'
import { archiveContract } from './archive.contract.ts'
import { archivingContract } from './archiving.contract.ts'
import { cardsContract } from './cards.contract.ts'
import { dashboardContract } from './dashboard.contract.ts'
import { evidenceContract } from './evidence.contract.ts'
import { formContract } from './form.contract.ts'
import { horsesContract } from './horses.contract.ts'
import { marketContract } from './market.contract.ts'
import { operationsContract } from './operations.contract.ts'
import { pruningContract } from './pruning.contract.ts'
import { reportsContract } from './reports.contract.ts'
import { watchingContract } from './watching.contract.ts'

describe.each(testDialects)('repositories on %s', (dialect) => {
  cardsContract(dialect)
  horsesContract(dialect)
  formContract(dialect)
  evidenceContract(dialect)
  archiveContract(dialect)
  archivingContract(dialect)
  pruningContract(dialect)
  marketContract(dialect)
  operationsContract(dialect)
  reportsContract(dialect)
  dashboardContract(dialect)
  watchingContract(dialect)
})
