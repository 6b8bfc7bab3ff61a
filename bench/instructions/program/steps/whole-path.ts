import type * as ProducerFile from '../../../../lib/producer'
import { entrance } from '../entrance'
import { memoryBroker } from '../memory-broker'
import { countingOutlet, producerRecords } from '../records'
import { standingScheduler } from '../standing-scheduler'
import { expectDone } from '../step'
import type { Step } from '../step'

/** So many are handed over in a turn of the event loop: there are always some on their way. */
const PORTION = 2_000

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A producer with its own defaults, from the source to the subscriber; the network is memory, and the broker costs nothing. */
export const step: Step = {
  unit: 'record',
  warmUp: 120_000,
  each: 10_000,
  open: (library) => {
    const { producer } = library.load<typeof ProducerFile>('producer')
    const kafka = producer({ brokers: ['memory:1'], transport: memoryBroker(library), scheduler: standingScheduler() })
    const subscriber = countingOutlet()
    const push = entrance(kafka.send<number>(), subscriber.settle)
    const next = producerRecords()
    const flushed = (): Promise<void> => new Promise((complete, error) => kafka.flush().subscribe({ complete, error }))
    return async (units) => {
      const before = subscriber.delivered
      for (let i = 0; i < units; i++) {
        push(next())
        if (i % PORTION === 0) await turn()
      }
      await flushed()
      expectDone(subscriber.delivered - before, units)
    }
  },
}
