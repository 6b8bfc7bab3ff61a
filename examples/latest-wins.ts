/** Only the latest choice is followed, and what becomes of records of the former: npx tsx examples/latest-wins.ts */
import { filter, map, of, switchMap } from 'rxjs'
import type { Observable } from 'rxjs'
import { json, producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

export interface Quote {
  readonly symbol: string
  readonly price: number
}

/**
 * Each choice unsubscribes from the quotes of the one before, and from their deliveries. With `detach` what was accepted is delivered all
 * the same: quotes that belong into the books. With `purge` what is not in a batch yet is taken back: quotes that nobody wants to see once
 * another symbol is chosen. What is in a batch leaves in either case, since its neighbours are other streams' records.
 */
export const followLatest = (
  choices$: Observable<string>,
  quotesOf: (symbol: string) => Observable<Quote>,
  kafka: Producer,
  onUnsubscribe: 'detach' | 'purge',
): Observable<string> =>
  choices$.pipe(
    switchMap((symbol) =>
      quotesOf(symbol).pipe(kafka.to('quotes', { key: () => symbol, value: json<Quote>(), options: { onUnsubscribe } })),
    ),
    map(({ type, context: { symbol, price } }) => `${symbol} at ${String(price)} ${type}`),
  )

/** No record is settled in silence: the results that have lost their subscriber are events of the producer. */
export const leftBehind = (kafka: Producer): Observable<string> =>
  kafka.events$.pipe(
    filter((event) => event.type === 'orphaned'),
    map(({ delivery }) => {
      const { symbol, price } = delivery.context as Quote
      return `${symbol} at ${String(price)} ${delivery.type === 'failed' ? delivery.error.code : delivery.type}`
    }),
  )

if (process.argv[1]?.endsWith('latest-wins.ts')) {
  const cluster = testCluster({ topics: { quotes: 3 } })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
  leftBehind(kafka).subscribe((line) => console.log(`left behind: ${line}`))
  // The second choice comes at once: the first one's quote still waits for the topic to be known.
  followLatest(of('ACME', 'GLOBEX'), (symbol) => of({ symbol, price: 100 }), kafka, 'purge').subscribe({
    next: (line) => console.log(line),
    complete: () => kafka.close(),
  })
}
