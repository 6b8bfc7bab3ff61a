import type * as AccumulateFile from '../../../../lib/pipeline/accumulate'
import { entrance } from '../entrance'
import { countingOutlet, placedRecords } from '../records'
import { standingScheduler } from '../standing-scheduler'
import { expectDone } from '../step'
import type { Step } from '../step'

/** Into the batch of a partition that is chosen already; batches grow and do not leave, since their node is busy. */
export const step: Step = {
  unit: 'record',
  warmUp: 20_000,
  each: 10_000,
  open: (library) => {
    const { accumulate } = library.load<typeof AccumulateFile>('pipeline/accumulate')
    let left = 0
    const operator = accumulate<number>({ leaderOf: () => 1, canTake: () => false, scheduler: standingScheduler() })
    const push = entrance(operator, () => void left++)
    const next = placedRecords(countingOutlet())
    return (units) => {
      for (let i = 0; i < units; i++) push(next())
      expectDone(left, 0)
    }
  },
}
