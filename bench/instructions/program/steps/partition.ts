import type * as PartitionFile from '../../../../lib/pipeline/partition'
import { entrance } from '../entrance'
import { countingOutlet, keyedRecords, PARTITIONS } from '../records'
import { standingScheduler } from '../standing-scheduler'
import { expectDone } from '../step'
import type { Step } from '../step'

/** By key: without one there is nothing to do here. */
export const step: Step = {
  unit: 'record',
  warmUp: 20_000,
  each: 5_000,
  open: (library) => {
    const { partition } = library.load<typeof PartitionFile>('pipeline/partition')
    let done = 0
    const operator = partition<number>({ partitionsOf: () => PARTITIONS, scheduler: standingScheduler() })
    const push = entrance(operator, () => void done++)
    const next = keyedRecords(countingOutlet())
    return (units) => {
      const before = done
      for (let i = 0; i < units; i++) push(next())
      expectDone(done - before, units)
    }
  },
}
