/** What cannot be delivered goes to a dead letter topic, with the reason: npx tsx examples/dead-letter.ts */
import { filter, map, merge, of, share } from 'rxjs'
import type { Observable } from 'rxjs'
import { json, producer, string } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Delivered, Delivery, Failed, Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

export interface Order {
  readonly id: string
  readonly amount: number | bigint
}

const isDelivered = <C>(delivery: Delivery<C>): delivery is Delivered<C> => delivery.type === 'delivered'
const isFailed = <C>(delivery: Delivery<C>): delivery is Failed<C> => delivery.type === 'failed'

/** A record for the dead letter topic. What JSON could not express must not fail here again: the order is told as text. */
const deadLetter = ({ topic, error, context: { id, amount } }: Failed<Order>) => ({
  topic: `${topic}.dead`,
  key: id,
  value: `order ${id}, amount ${String(amount)}`,
  headers: { code: error.code, reason: error.message },
  context: id,
})

/** One delivery per order: that of the order, or that of its dead letter. */
export function withDeadLetters(orders$: Observable<Order>, kafka: Producer): Observable<Delivery> {
  const deliveries$ = orders$.pipe(
    kafka.to('orders', { key: ({ id }) => id, value: json<Order>() }),
    // Every subscription to a sending sends everything again: both branches below must listen to the same one. Nor may whoever comes
    // when it is over begin it anew, hence `resetOnComplete`.
    share({ resetOnComplete: false }),
  )
  const deadLetters$ = deliveries$.pipe(filter(isFailed), map(deadLetter), kafka.send({ key: string(), value: string() }))
  // In this order: an order that is no JSON fails while the first branch subscribes, and that must be the one that cares for failures.
  return merge(deadLetters$, deliveries$.pipe(filter(isDelivered)))
}

if (process.argv[1]?.endsWith('dead-letter.ts')) {
  const cluster = testCluster({ topics: { orders: 3, 'orders.dead': 1 } })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
  // JSON has no bigint: the second order is poison.
  const orders$ = of<Order[]>({ id: 'a', amount: 1 }, { id: 'b', amount: 2n }, { id: 'c', amount: 3 })
  withDeadLetters(orders$, kafka).subscribe({ next: (outcome) => console.log(outcome), complete: () => kafka.close() })
}
