import { describe } from 'vitest'
import { testDialects } from '../support/database.ts'
import { cardsContract } from './cards.contract.ts'
import { horsesContract } from './horses.contract.ts'

describe.each(testDialects)('repositories on %s', (dialect) => {
  cardsContract(dialect)
  horsesContract(dialect)
})
