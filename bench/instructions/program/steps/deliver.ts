import type { Settlement } from '../../../../lib/batch/batch'
import type * as DeliverFile from '../../../../lib/pipeline/deliver'
import type * as TimeFile from '../../../../lib/time'
import { openBatches } from '../batches'
import { countingOutlet, TOPIC } from '../records'
import { standingScheduler } from '../standing-scheduler'
import { expectDone } from '../step'
import type { Step } from '../step'

const RECORDS = 100

/** One delivery a record, to an outlet that counts them, and the memory back. */
export const step: Step = {
  unit: 'record',
  warmUp: 20_000,
  each: 5_000,
  open: (library, total) => {
    const { deliver } = library.load<typeof DeliverFile>('pipeline/deliver')
    const { clockOf } = library.load<typeof TimeFile>('time')
    const outlet = countingOutlet()
    const open = openBatches(library, outlet, RECORDS)
    const settlements = Array.from({ length: total / RECORDS }, (): Settlement<number> => {
      const batch = open()
      batch.seal()
      const acknowledgement = { topic: TOPIC, partition: batch.partition, baseOffset: 1_000_000n, logAppendTime: -1 }
      return { type: 'delivered', batch, acknowledgement }
    })
    const { conclude } = deliver(clockOf(standingScheduler()))
    let at = 0
    return (units) => {
      const before = outlet.delivered
      for (const settlement of settlements.slice(at, (at += units / RECORDS))) conclude(settlement)
      expectDone(outlet.delivered - before, units)
    }
  },
}
