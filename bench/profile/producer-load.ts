/**
 * The main case, in a process of its own: one stream, bulk, no keys, the producer's own defaults, one delivery a record. Prints what it
 * took as one line of JSON. bench/profile/processes.ts compiles it with the files that it imports, so that no loader is in its way.
 */
import { join } from 'node:path'
import { lastValueFrom, Subject } from 'rxjs'
import type * as Library from '../../lib/index'
import type { Order, Told } from './order'
import { recorder } from './recorder'

/** As in `npm run bench`: what is handed over and not delivered is bounded, and handed over in portions. */
const MOST_BYTES = 16 * 1024 * 1024
const MOST_RECORDS = 50_000
const PORTION = 2_000

type Record = Library.ProducerRecord<Uint8Array, Uint8Array, number>

const sendAll = (kafka: Library.Producer, order: Order): Promise<Told> =>
  new Promise((resolve, reject) => {
    const { topic, recordBytes, warmUp, records } = order
    const looking = recorder(order)
    const value = Buffer.alloc(recordBytes, 'kafkarx')
    const most = Math.min(MOST_RECORDS, Math.floor(MOST_BYTES / recordBytes))
    const source$ = new Subject<Record>()
    let handedOver = 0
    let delivered = 0
    const handOver = (): void => {
      while (handedOver < warmUp + records && handedOver - delivered < most) source$.next({ topic, value, context: handedOver++ })
      if (handedOver === warmUp + records) source$.complete()
    }
    source$.pipe(kafka.send()).subscribe({
      next: (delivery) => {
        if (delivery.type !== 'delivered') return reject(new Error(`a record was not delivered: ${JSON.stringify(delivery)}`))
        if (++delivered === warmUp) looking.start()
        if (handedOver - delivered <= most - PORTION && handedOver < warmUp + records) handOver()
      },
      error: reject,
      complete: () => resolve(looking.stop()),
    })
    handOver()
  })

const main = async (order: Order): Promise<void> => {
  // The path is known only here: the built library, as a user would find it.
  const { producer } = (await import(join(order.library, 'index.js'))) as typeof Library
  const kafka = producer({ brokers: [order.bootstrap] })
  const told = await sendAll(kafka, order)
  await lastValueFrom(kafka.close({ timeout: 30_000 }))
  process.stdout.write(`${JSON.stringify(told)}\n`)
}

main(JSON.parse(process.argv[2] ?? '') as Order).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
