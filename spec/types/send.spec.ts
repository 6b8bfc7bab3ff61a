/** What users write, right and wrong: jest's project `types` fails on a type error, and on an error that was expected and is none. */
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { map, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { bytes, int32, int64, json, msgpack, producer, skip, string } from '../../lib/index'
import type { Delivered, Delivery, KafkaError, ProducerRecord, SerializedRecord, Skip, Skipped } from '../../lib/index'
import { is } from './same'

interface Order {
  readonly id: string
  readonly total: number
}

/** Nothing opens, since nobody subscribes. */
const kafka = producer({ brokers: ['127.0.0.1:9092'] })

const records = <R>() => new Subject<R>()

describe('kafka.send', () => {
  it('takes the type of the context from the records', () => {
    const given = records<{ topic: string; key: string; value: Order; context: number }>()
    const deliveries$ = given.pipe(kafka.send({ key: string(), value: json<Order>() }))
    expect(is<Observable<Delivery<number>>>()(deliveries$)).toBe(true)
    deliveries$.subscribe((delivery) => is<number>()(delivery.context)).unsubscribe()
  })

  it('knows a context of any shape, and its absence', () => {
    const union = records<ProducerRecord<string, string, 'a' | { readonly b: bigint }>>()
    expect(is<Observable<Delivery<'a' | { readonly b: bigint }>>>()(union.pipe(kafka.send()))).toBe(true)
    const without = records<{ topic: string; value: string }>()
    expect(is<Observable<Delivery<undefined>>>()(without.pipe(kafka.send()))).toBe(true)
  })

  it('takes text and bytes without a serializer', () => {
    records<{ topic: string; key: Uint8Array; value: string }>().pipe(kafka.send())
    records<{ topic: string; key: string; value: Buffer | null }>().pipe(kafka.send())
    records<{ topic: string; key: string; value: Order }>().pipe(kafka.send({ value: json() }))
    expect(kafka.send()).toBeInstanceOf(Function)
  })

  it('takes the types of keys and values from the serializers', () => {
    records<{ topic: string; key: number; value: bigint }>().pipe(kafka.send({ key: int32(), value: int64() }))
    records<{ topic: string; value: Order }>().pipe(kafka.send({ value: msgpack<Order>() }))
    records<ProducerRecord<string, Order, number>>().pipe(
      kafka.send({ value: (order, headers) => Buffer.from(is<Order>()(order) ? order.id : String(headers.length)) }),
    )
    records<ProducerRecord<string, Order, number>>().pipe(
      kafka.send({ key: string(), value: (order) => Promise.resolve(Buffer.from(order.id)) }),
    )
    expect(kafka.send({ key: bytes(), value: bytes() })).toBeInstanceOf(Function)
  })

  it('refuses what does not fit its serializers', () => {
    // @ts-expect-error a text where int32 expects a number
    records<{ topic: string; value: string }>().pipe(kafka.send({ value: int32() }))
    // @ts-expect-error a number where string expects a text
    records<{ topic: string; key: number; value: string }>().pipe(kafka.send({ key: string() }))
    // @ts-expect-error an order of another shape
    records<{ topic: string; value: { id: number } }>().pipe(kafka.send({ value: json<Order>() }))
    // @ts-expect-error a serializer returns bytes or null
    kafka.send({ value: (value: string) => value.length })
    // @ts-expect-error there is no serializer of that name
    expect(() => kafka.send({ vlaue: json() })).toThrow('vlaue: it is none of key, value')
  })

  it('refuses keys and values that are neither text nor bytes, without a serializer', () => {
    // @ts-expect-error an object needs a serializer
    records<{ topic: string; value: Order }>().pipe(kafka.send())
    // @ts-expect-error a number as the key needs one too
    records<{ topic: string; key: number; value: string }>().pipe(kafka.send({ value: string() }))
    // @ts-expect-error and so does a value beside a key that has one
    records<{ topic: string; key: string; value: Order }>().pipe(kafka.send({ key: string() }))
    expect(kafka.send).toBeInstanceOf(Function)
  })

  it('refuses records that are none', () => {
    // @ts-expect-error a record has a topic
    records<{ value: string }>().pipe(kafka.send())
    // @ts-expect-error a timestamp is a number of milliseconds
    records<{ topic: string; value: string; timestamp: Date }>().pipe(kafka.send())
    // @ts-expect-error a partition is a number
    records<{ topic: string; value: string; partition: string }>().pipe(kafka.send())
    // @ts-expect-error a header is text, bytes or null
    records<{ topic: string; value: string; headers: { a: number } }>().pipe(kafka.send())
    // @ts-expect-error a record, not its value
    records<string>().pipe(kafka.send())
    expect(kafka.send).toBeInstanceOf(Function)
  })

  it('takes headers as a list or as an object', () => {
    records<{ topic: string; value: string; headers: Record<string, string | null> }>().pipe(kafka.send())
    records<{ topic: string; value: string; headers: { key: string; value: Uint8Array }[] }>().pipe(kafka.send())
    expect(kafka.send).toBeInstanceOf(Function)
  })
})

describe('the options of a send', () => {
  type Narrowed<C> = Observable<Delivered<C> | Skipped<C>>

  it('leave failures out of the type where they go into the error channel', () => {
    const given = records<{ topic: string; value: string; context: number }>()
    expect(is<Narrowed<number>>()(given.pipe(kafka.send({}, { onError: 'stop' })))).toBe(true)
    expect(is<Narrowed<number>>()(given.pipe(kafka.send({ value: string() }, { onError: 'delay', ordered: true })))).toBe(true)
    expect(is<Observable<Delivery<number>>>()(given.pipe(kafka.send({}, { onError: 'emit' })))).toBe(true)
    expect(is<Observable<Delivery<number>>>()(given.pipe(kafka.send({}, { ordered: true })))).toBe(true)
    const texts = records<string>()
    expect(is<Narrowed<string>>()(texts.pipe(kafka.to('lines', { options: { onError: 'stop' } })))).toBe(true)
    expect(is<Narrowed<Order>>()(records<Order>().pipe(kafka.to('orders', { value: json(), options: { onError: 'delay' } })))).toBe(true)
  })

  it('are checked by type', () => {
    const signal = new AbortController().signal
    kafka.send({}, { maxInFlight: 10, overflow: 'drop', onUnsubscribe: 'purge', signal })
    // @ts-expect-error there is no such choice
    const choice = () => kafka.send({}, { onError: 'ignore' })
    // @ts-expect-error there is no such option
    const name = () => kafka.send({}, { inOrder: true })
    // @ts-expect-error a number of records
    const type = () => kafka.send({}, { maxInFlight: '10' })
    // @ts-expect-error they stand under a name of their own
    const place = () => kafka.to('lines', { ordered: true })
    expect([choice, name, type, place]).toHaveLength(4)
  })
})

describe('kafka.sendFrom', () => {
  const rows: Order[] = []

  it('takes whatever can be pulled, and a function that makes it', () => {
    const toRecord = (order: Order) => ({ topic: 'orders', value: order.id, context: order })
    async function* later() {
      yield await Promise.resolve({ id: 'a', total: 1 })
    }
    const web: ReadableStream<Order> = new ReadableStream<Order>()
    for (const source of [rows, new Set(rows), later(), web, () => rows, later]) {
      expect(is<Observable<Delivery<Order>>>()(kafka.sendFrom(source, toRecord))).toBe(true)
    }
    kafka.sendFrom(Readable.from(rows), (order: Order) => toRecord(order))
  })

  it('has its types from the serializers and the options', () => {
    const toRecord = (order: Order) =>
      order.total > 0 ? { topic: 'orders', key: order.id, value: order, context: order.total } : skip(order.total)
    const serde = { key: string(), value: json<Order>() }
    const stopping$ = kafka.sendFrom(rows, toRecord, serde, { onError: 'stop' })
    expect(is<Observable<Delivered<number> | Skipped<number>>>()(stopping$)).toBe(true)
    // @ts-expect-error an order needs a serializer
    const without = () => kafka.sendFrom(rows, toRecord)
    // @ts-expect-error an Observable cannot be asked for its next value
    const push = () => kafka.sendFrom(records<Order>(), toRecord, serde)
    expect([without, push]).toHaveLength(2)
  })
})

describe('skip', () => {
  it('stands where a record would, and has its type of context', () => {
    const given = records<Order>().pipe(
      map((order) => (order.total > 0 ? { topic: 'orders', key: order.id, value: order, context: order } : skip(order, 'nothing due'))),
    )
    expect(is<Observable<Delivery<Order>>>()(given.pipe(kafka.send({ key: string(), value: json<Order>() })))).toBe(true)
    expect(is<Skip<number>>()(skip(17))).toBe(true)
  })
})

describe('kafka.to', () => {
  it('gives each value back as the context', () => {
    const deliveries$ = records<Order>().pipe(kafka.to('orders', { key: (order) => order.id, value: json() }))
    expect(is<Observable<Delivery<Order>>>()(deliveries$)).toBe(true)
    const texts$ = records<string>().pipe(kafka.to('lines'))
    expect(is<Observable<Delivery<string>>>()(texts$)).toBe(true)
  })

  it('knows the type of the value in each of its functions', () => {
    const operator = kafka.to('orders', {
      key: (order: Order) => order.id,
      value: json<Order>(),
      headers: (order) => ({ id: order.id }),
      timestamp: (order) => order.total,
      partition: (order) => order.total % 3,
    })
    expect(is<Observable<Delivery<Order>>>()(records<Order>().pipe(operator))).toBe(true)
  })

  it('refuses what does not fit', () => {
    // @ts-expect-error int32 does not take orders
    records<Order>().pipe(kafka.to('orders', { value: int32() }))
    // @ts-expect-error an order has no such property
    records<Order>().pipe(kafka.to('orders', { key: (order) => order.name, value: json() }))
    // @ts-expect-error a key is text, bytes or null
    kafka.to('orders', { key: (order: Order) => order.total, value: json<Order>() })
    // @ts-expect-error there is no such option
    expect(() => kafka.to('orders', { kye: () => 'a' })).toThrow('kye: it is none of key, value')
    // @ts-expect-error a topic is named first
    kafka.to({ value: json() })
    expect(kafka.to).toBeInstanceOf(Function)
  })

  it('refuses values that are neither text nor bytes, without a serializer', () => {
    // @ts-expect-error an order needs a serializer
    records<Order>().pipe(kafka.to('orders'))
    // @ts-expect-error also when it has a key
    records<Order>().pipe(kafka.to('orders', { key: (order: Order) => order.id }))
    expect(kafka.to).toBeInstanceOf(Function)
  })
})

/** Never called: what counts is that it compiles. */
export function narrowing(delivery: Delivery<Order>): string {
  // @ts-expect-error a failed delivery has no offset, and nobody knows yet whether it failed
  is<bigint>()(delivery.offset)
  // @ts-expect-error nor has a delivered one an error
  is<KafkaError>()(delivery.error)
  if (delivery.type === 'delivered') {
    is<bigint>()(delivery.offset)
    is<number>()(delivery.timestamp)
    is<number>()(delivery.partition)
    // @ts-expect-error it was delivered
    return String(delivery.error)
  }
  if (delivery.type === 'skipped') {
    // @ts-expect-error nothing was written, and nothing failed
    is<KafkaError>()(delivery.error)
    return delivery.reason
  }
  is<KafkaError>()(delivery.error)
  is<boolean>()(delivery.error.retriable)
  is<number | undefined>()(delivery.partition)
  // @ts-expect-error it has failed
  is<bigint>()(delivery.offset)
  // @ts-expect-error nobody changes a delivery
  delivery.topic = 'other'
  return `${delivery.context.id}: ${delivery.error.code}`
}

/** Never called: every type of delivery has its case, and another one would be noticed. */
export function exhaustive(delivery: Delivery): string {
  switch (delivery.type) {
    case 'delivered':
      return String(delivery.offset)
    case 'failed':
      return delivery.error.message
    case 'skipped':
      return delivery.reason
  }
}

describe('a delivery', () => {
  it('is narrowed by its type', () => {
    expect([narrowing, exhaustive].every((each) => typeof each === 'function')).toBe(true)
  })
})

describe('a record between the stages', () => {
  it('keeps the type of its context', () => {
    const keyOf = (record: SerializedRecord<Order>): boolean => is<Order>()(record.context) && is<Uint8Array | null>()(record.key)
    expect(keyOf).toBeInstanceOf(Function)
  })
})
