/** Consume, transform, produce, and commit what is done: npx tsx examples/consume-transform-produce.ts */
import { map, of, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { json, producer, skip } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Producer, ProducerRecord, Skip } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

export interface Order {
  readonly customer: string
  readonly amount: number
}

/** A stand-in for a consumer, which this package has not: any that gives records with offsets, and takes back how far they are done. */
export interface Consumer {
  readonly orders$: Observable<Consumed>
  /** Of this partition, everything before `next` is done. A consumer commits what it was told last every few seconds. */
  commit(partition: number, next: bigint): void
}

export interface Consumed {
  readonly partition: number
  readonly offset: bigint
  readonly order: Order
}

/** Each record gives one, or nothing; the offset goes along as the context. */
const invoiceOf = (consumed: Consumed): ProducerRecord<string, Order, Consumed> | Skip<Consumed> => {
  const { order } = consumed
  if (order.amount === 0) return skip(consumed, 'nothing to pay')
  return { topic: 'invoices', key: order.customer, value: order, context: consumed }
}

/**
 * `ordered`: deliveries come in the order of what was consumed, those of skipped records in their places, so that a commit never runs
 * ahead of a record that is not in Kafka yet. `stop`: it never passes one that failed, either. Whoever begins again from the last commit
 * sends some twice and none never; exactly once takes a transaction.
 */
export const invoice = ({ orders$, commit }: Consumer, kafka: Producer): Observable<string> =>
  orders$.pipe(
    map(invoiceOf),
    kafka.send({ value: json<Order>() }, { ordered: true, onError: 'stop', maxInFlight: 5_000 }),
    tap(({ context: { partition, offset } }) => commit(partition, offset + 1n)),
    map(({ type, context: { offset, order } }) => `${String(offset)}: ${order.customer} ${type}`),
  )

if (process.argv[1]?.endsWith('consume-transform-produce.ts')) {
  const cluster = testCluster({ topics: { invoices: 3 } })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
  const consumed = [70, 0, 30].map((amount, i) => ({ partition: 0, offset: BigInt(i), order: { customer: `c${String(i)}`, amount } }))
  const commit = (partition: number, next: bigint): void => console.log(`partition ${String(partition)} is done up to ${String(next)}`)
  invoice({ orders$: of(...consumed), commit }, kafka).subscribe({ next: (result) => console.log(result), complete: () => kafka.close() })
}
