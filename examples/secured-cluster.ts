/** A cluster that wants TLS and a login, whose password lies in a vault: npx tsx examples/secured-cluster.ts */
import { concat, ignoreElements, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Delivery, Producer, ProducerConfig } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

/** `cluster`: `{ brokers: ['kafka.example:9093'], tls: { ca: '/etc/ssl/kafka-ca.pem' } }`. The vault is asked at each login. */
export const securedProducer = (cluster: ProducerConfig, passwordOf: (user: string) => Promise<string>): Producer =>
  producer({ ...cluster, sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password: () => passwordOf('alice') } })

/** Takes no order before it is known that we are let in. Whoever is not hears why, at once, and may subscribe again later. */
export const sendWhenLetIn = (orders$: Observable<string>, kafka: Producer): Observable<Delivery<string>> =>
  concat(kafka.partitionsFor('orders').pipe(ignoreElements()), orders$.pipe(kafka.to('orders')))

if (process.argv[1]?.endsWith('secured-cluster.ts')) {
  const cluster = testCluster({ topics: { orders: 3 }, users: { alice: 'open sesame' } })
  const vault = new Map([['alice', 'forgotten']])
  const kafka = securedProducer({ brokers: cluster.brokers, transport: cluster.transport }, (user) =>
    Promise.resolve(vault.get(user) ?? ''),
  )

  sendWhenLetIn(of('a', 'b'), kafka).subscribe({
    error: (refusal: Error) => {
      console.log(refusal.message)
      vault.set('alice', 'open sesame')
      sendWhenLetIn(of('a', 'b'), kafka).subscribe({
        next: ({ type, context }) => console.log(context, type),
        complete: () => kafka.close().subscribe(),
      })
    },
  })
}
