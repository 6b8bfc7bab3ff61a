import { openBatches } from '../batches'
import { countingOutlet } from '../records'
import { expectDone } from '../step'
import type { Step } from '../step'

/** They fit into the first piece of memory. */
const RECORDS = 8

/** Number, header and checksum. */
export const step: Step = {
  unit: 'batch',
  warmUp: 10_000,
  each: 500,
  open: (library, total) => {
    const open = openBatches(library, countingOutlet(), RECORDS)
    const batches = Array.from({ length: total }, open)
    let at = 0
    return (units) => {
      for (const batch of batches.slice(at, at + units)) {
        batch.seal({ producerId: 7n, producerEpoch: 0, baseSequence: at++ * RECORDS })
        expectDone(batch.parts.length, 1)
      }
    }
  },
}
