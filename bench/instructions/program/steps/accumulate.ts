import { mergeAll, pipe } from 'rxjs'
import type * as AccumulateFile from '../../../../lib/pipeline/accumulate'
import type { Drained } from '../../../../lib/pipeline/batch-streams'
import { entrance } from '../entrance'
import { countingOutlet, partitionedRecords } from '../records'
import { standingScheduler } from '../standing-scheduler'
import type { Step } from '../step'

/** More are not in batches that are open, or full and waiting for the end of the turn. */
const MOST_OPEN = 8_000

/** The stage alone: records to any partition, gathered into batches that are sealed and leave as soon as they are full. */
export const step: Step = {
  unit: 'record',
  warmUp: 100_000,
  each: 10_000,
  open: (library) => {
    const { accumulate } = library.load<typeof AccumulateFile>('pipeline/accumulate')
    const operator = accumulate<number>({ leaderOf: () => 1, scheduler: standingScheduler() })
    let left = 0
    const push = entrance(pipe(operator, mergeAll()), (batches: Drained<number>) => {
      for (const batch of batches) {
        left += batch.recordCount
        batch.settle()
      }
    })
    const next = partitionedRecords(countingOutlet())
    let entered = 0
    return (units) => {
      for (let i = 0; i < units; i++) push(next())
      entered += units
      if (entered - left > MOST_OPEN) throw new Error(`of ${entered} records ${left} have left`)
    }
  },
}
