import { checkHorses, type HorseFault } from '../../domain/horses/check-horses.ts'
import type { CareFinding, DatabaseCare } from '../../repositories/care.ts'
import type { AppDeps } from '../ports.ts'
import { checkAgreement } from '../reconcile/source-agreement.ts'

/** Horses whose figures are summed up at once. */
const horsesAtOnce = 2_000

/** Looks for everything that is wrong with a database; an empty list means that nothing is. */
export async function checkDatabase(
  deps: Pick<AppDeps, 'unitOfWork'> & { readonly care: DatabaseCare },
): Promise<CareFinding[]> {
  const damage = await deps.care.damage()
  // In a damaged file the other questions have no answer, or a wrong one.
  if (damage.length > 0) return damage
  const loose = [...(await deps.care.looseRows()), ...(await deps.care.archives())]
  const agreement = await deps.unitOfWork.read(checkAgreement)
  const faults = await horseFaults(deps)
  return [
    ...loose,
    ...(agreement === null ? [] : [agreement]),
    ...(faults.length === 0 ? [] : [asFinding(faults)]),
  ]
}

async function horseFaults({ unitOfWork }: Pick<AppDeps, 'unitOfWork'>): Promise<HorseFault[]> {
  return await unitOfWork.read(async ({ horses }) => {
    const ids = [...new Set((await horses.allLinks()).map(({ horseId }) => horseId))]
    const faults: HorseFault[] = []
    for (let start = 0; start < ids.length; start += horsesAtOnce) {
      const some = ids.slice(start, start + horsesAtOnce)
      faults.push(...checkHorses(await horses.load(some), await horses.linksOfHorses(some)))
    }
    return faults
  })
}

function asFinding(faults: readonly HorseFault[]): CareFinding {
  return {
    check: 'horse-figures',
    message: 'figures of horses are not what their starts bear out',
    count: faults.length,
    examples: faults
      .slice(0, 5)
      .map(
        ({ horseId, field, stored, derived }) =>
          `horse ${horseId}: ${field} ${stored ?? 'none'}, by its starts ${derived ?? 'none'}`,
      ),
    next: 'decide the horses anew: `harness horses match --all`',
  }
}
