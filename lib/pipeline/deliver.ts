import { DeliveredRecord } from '../batch/delivered-record'
import type { AcknowledgedRun } from '../batch/delivered-record'
import type { Settlement } from '../batch/batch'
import type { Delivery } from '../record'
import type { Clock } from '../time'
import { Fifo } from '../fifo'
import { workLoop } from './work-loop'

/** After this many milliseconds the event loop has its turn. */
const SLICE_MS = 2
/** The time is looked at once in so many records. */
const SLICE_RECORDS = 128

interface HandingOut {
  readonly settlement: Settlement
  readonly deliveryAt: (index: number) => Delivery
  next: number
}

export interface Handing {
  /** The end of a batch, to be told after those that came before it. */
  readonly conclude: (settlement: Settlement) => void
  /** Nothing is handed out until the returned function is called. */
  readonly hold: () => () => void
}

/**
 * Hands every record of a settled batch its delivery, in order, in a plain loop, and gives the batch's memory back. Yields when it
 * has worked long enough: a subscriber's own work, done in our loop, must not hold the sockets. What is to be told goes into one line
 * the moment it is known, and is held back there while an answer is worked through: so nothing overtakes.
 */
export function deliver(clock: Clock): Handing {
  const queue = new Fifo<HandingOut>()
  let yielded = false
  let holds = 0

  const pause = (): void => {
    yielded = true
    clock.yield(() => {
      yielded = false
      work()
    })
  }
  const work = workLoop(() => {
    const until = clock.now() + SLICE_MS
    for (let head = queue.head; head !== undefined && !yielded && holds === 0; head = queue.head) {
      try {
        handOut(head)
      } catch (error) {
        // Somebody's own subscriber threw through RxJS: it is told to nobody's face, the others still have theirs coming.
        clock.yield(() => {
          throw error
        })
      }
      if (isDone(head)) queue.shift()
      if (queue.length > 0 && clock.now() >= until) pause()
    }
  })
  return {
    conclude: (settlement) => {
      queue.push({ settlement, deliveryAt: deliveriesOf(settlement), next: 0 })
      work()
    },
    hold: () => {
      holds++
      return () => {
        holds--
        work()
      }
    },
  }
}

const isDone = ({ settlement, next }: HandingOut): boolean => next === settlement.batch.recordCount

/** Some of the records, and at the end the memory. */
function handOut(handing: HandingOut): void {
  const { settlement } = handing
  const { batch } = settlement
  const end = Math.min(handing.next + SLICE_RECORDS, batch.recordCount)
  while (handing.next < end) {
    // Counted before it is told: who throws must not be told again.
    const index = handing.next++
    batch.runs.outletAt(index)?.settle(handing.deliveryAt(index))
  }
  if (isDone(handing)) batch.settle()
}

/** What neighbours have in common they share; and not what the whole batch has, or one that somebody keeps would keep all that. */
function deliveriesOf(settlement: Settlement): (index: number) => Delivery {
  const { topic, partition, contexts, runs } = settlement.batch
  if (settlement.type === 'failed') {
    const { error } = settlement
    return (index) => ({ type: 'failed', topic, partition, error, context: contexts[index] })
  }
  const { baseOffset, logAppendTime } = settlement.acknowledgement
  let run: AcknowledgedRun | undefined
  return (index) => {
    const createTime = runs.timestampAt(index)
    if (run?.createTime !== createTime) run = { topic, partition, baseOffset, logAppendTime, createTime }
    return new DeliveredRecord(run, index, contexts[index])
  }
}
