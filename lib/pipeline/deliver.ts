import type { Batch } from '../batch/batch'
import { DeliveredRecord } from '../batch/delivered-record'
import type { Delivery } from '../record'
import type { Clock } from '../time'
import { Fifo } from './fifo'
import type { Settlement } from './settlement'
import { workLoop } from './work-loop'

/** After this many milliseconds, or bytes of batches, the event loop has its turn. */
const SLICE_MS = 2
const SLICE_BYTES = 1024 * 1024

/**
 * Hands every record of a settled batch its delivery, in order, in a plain loop, and gives the batch's memory back. Yields between
 * batches when it has worked long enough: a subscriber's own work, done in our loop, must not hold the sockets.
 */
export function deliver(clock: Clock): (settlement: Settlement) => void {
  const queue = new Fifo<Settlement>()
  let yielded = false

  const work = workLoop(() => {
    const until = clock.now() + SLICE_MS
    let bytes = 0
    for (let next = yielded ? undefined : queue.shift(); next !== undefined; next = queue.shift()) {
      handOut(next)
      bytes += next.batch.size
      if (queue.length > 0 && (bytes >= SLICE_BYTES || clock.now() >= until)) {
        yielded = true
        clock.yield(() => {
          yielded = false
          work()
        })
        return
      }
    }
  })
  return (settlement) => {
    queue.push(settlement)
    work()
  }
}

function handOut(settlement: Settlement): void {
  const { batch } = settlement
  const { contexts, outlets } = batch
  for (let index = 0; index < contexts.length; index++) outlets[index]?.settle(deliveryOf(settlement, batch, index))
  batch.settle()
}

function deliveryOf(settlement: Settlement, { topic, partition, contexts, timestamps }: Batch, index: number): Delivery {
  const context = contexts[index]
  return settlement.type === 'delivered'
    ? new DeliveredRecord(settlement.acknowledgement, index, timestamps[index], context)
    : { type: 'failed', topic, partition, error: settlement.error, context }
}
