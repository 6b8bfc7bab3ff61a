import { map, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { accumulate, clientCredentials, partition, producer, roundRobin, serialize, string } from '../../lib/index'
import type { CloseReport, Drained, PartitionInfo, ProducerConfig, ProducerRecord } from '../../lib/index'
import { is } from './same'

const brokers = ['127.0.0.1:9092']

describe('the options of a producer', () => {
  it('are checked by type', () => {
    const right: ProducerConfig = { brokers, acks: 'all', linger: 5, clientId: 'me', partitioner: (_record, count) => count - 1 }
    // @ts-expect-error acks is all, 1, 0 or -1
    const acks: ProducerConfig = { brokers, acks: 2 }
    // @ts-expect-error there is no such option
    const unknown: ProducerConfig = { brokers, lingerMs: 5 }
    // @ts-expect-error brokers must be there
    const none: ProducerConfig = {}
    // @ts-expect-error a list, not a text
    const text: ProducerConfig = { brokers: '127.0.0.1:9092' }
    // @ts-expect-error milliseconds are a number
    const linger: ProducerConfig = { brokers, linger: '5ms' }
    // @ts-expect-error an option that is not wanted is left out, not undefined
    const absent: ProducerConfig = { brokers, linger: undefined }
    const compression: readonly ProducerConfig[] = [
      { brokers, compression: 'gzip' },
      { brokers, compression: { type: 'zstd', level: 7 } },
      // @ts-expect-error not one of Kafka's
      { brokers, compression: 'brotli' },
      // @ts-expect-error a level of what?
      { brokers, compression: { level: 7 } },
    ]
    const inTurn: ProducerConfig = { brokers, partitioner: roundRobin() }
    // @ts-expect-error roundRobin makes a partitioner, and is none
    const notMade: ProducerConfig = { brokers, partitioner: roundRobin }
    expect([inTurn, notMade]).toHaveLength(2)
    expect([right, acks, unknown, none, text, linger, absent, compression]).toHaveLength(8)
  })

  it('say how to log in, each mechanism with what it needs', () => {
    const right: readonly ProducerConfig[] = [
      { brokers, tls: true, sasl: { mechanism: 'PLAIN', username: 'a', password: 'b' } },
      { brokers, tls: { ca: 'ca.pem' }, sasl: { mechanism: 'SCRAM-SHA-512', username: 'a', password: () => Promise.resolve('b') } },
      {
        brokers,
        sasl: { mechanism: 'OAUTHBEARER', token: clientCredentials({ tokenEndpoint: 'https://a', clientId: 'b', clientSecret: 'c' }) },
      },
      { brokers, sasl: { mechanism: { name: 'GSSAPI', begin: () => () => ({ type: 'done' }) } } },
      // @ts-expect-error no password
      { brokers, sasl: { mechanism: 'PLAIN', username: 'a' } },
      // @ts-expect-error a function gives tokens
      { brokers, sasl: { mechanism: 'OAUTHBEARER', token: 'abc' } },
      // @ts-expect-error not spoken here
      { brokers, sasl: { mechanism: 'DIGEST-MD5', username: 'a', password: 'b' } },
      // @ts-expect-error too old
      { brokers, tls: { minVersion: 'TLSv1.1' } },
    ]
    expect(right).toHaveLength(8)
  })

  it('may come from a constant', () => {
    const config = { brokers, acks: 1 } as const
    expect(producer(config)).toBeDefined()
  })
})

describe('a producer', () => {
  const kafka = producer({ brokers })

  it('has typed answers', () => {
    expect(is<Observable<readonly PartitionInfo[]>>()(kafka.partitionsFor('orders'))).toBe(true)
    const closing = (): Observable<CloseReport> => kafka.close({ timeout: 5 })
    const flushing = (): Observable<never> => kafka.flush()
    expect([closing, flushing]).toHaveLength(2)
  })

  it('refuses wrong calls', () => {
    // @ts-expect-error a timeout in milliseconds
    const wrong = () => kafka.close({ timeout: '5s' })
    // @ts-expect-error there is no such option
    const unknown = () => kafka.close({ timeoutMs: 5 })
    // @ts-expect-error events are read, not made
    const made = () => kafka.events$.next
    expect([wrong, unknown, made]).toHaveLength(3)
  })

  it('has events that are narrowed by their type', () => {
    const texts$ = kafka.events$.pipe(
      map((event) => {
        switch (event.type) {
          case 'orphaned':
            return event.delivery.type
          case 'retry':
            return event.error.code
          case 'split':
            return String(event.records)
          case 'connection-failed':
            return event.host
          case 'expired':
            return event.inFlight ? 'late' : 'old'
          case 'throttled':
            return String(event.milliseconds)
          case 'producer-id':
          case 'epoch-bumped':
            return String(event.producerId)
          case 'fatal':
            return event.error.code
          case 'interceptor-failed':
            return event.hook
        }
      }),
    )
    expect(is<Observable<string>>()(texts$)).toBe(true)
  })
})

describe('the stages by themselves', () => {
  it('fit together, and keep the type of the context to the end', () => {
    const records$ = new Subject<ProducerRecord<string, string, number>>()
    const batches$ = records$.pipe(
      serialize({ key: string(), value: string() }),
      partition({ partitionsOf: () => 4 }),
      accumulate({ leaderOf: () => 1 }),
      map((stream$) => stream$.pipe(map((drained) => drained))),
    )
    expect(is<Observable<Observable<Drained<number>>>>()(batches$)).toBe(true)
  })

  it('refuse to be put together in the wrong order', () => {
    const records$ = new Subject<ProducerRecord<string, string, number>>()
    // @ts-expect-error what has no bytes yet cannot be partitioned
    records$.pipe(partition({ partitionsOf: () => 4 }))
    // @ts-expect-error what has no partition yet cannot be accumulated
    records$.pipe(serialize(), accumulate({ leaderOf: () => 1 }))
    // @ts-expect-error somebody must lead
    accumulate({ linger: 5 })
    // @ts-expect-error a number, or an Observable of one
    partition({ partitionsOf: () => 'four' })
    expect(records$.observed).toBe(false)
  })
})
