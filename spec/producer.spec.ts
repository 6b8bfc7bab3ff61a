import { asyncScheduler, from, map, NEVER, of, Subject, take } from 'rxjs'
import { ConfigError } from '../lib/errors'
import { producer } from '../lib/producer'
import type { CloseReport } from '../lib/producer'
import type { Delivered, Delivery, ProducerRecord } from '../lib/record'
import { json } from '../lib/serializers/text'
import { marbles } from './support/marbles'
import { order, producing, textOf, watch } from './support/producing'

const UNKNOWN_TOPIC = 3
const NOT_LEADER = 6
const MESSAGE_TOO_LARGE = 10
const INVALID_TOPIC = 17
const NOT_ENOUGH_REPLICAS = 19
const INVALID_RECORD = 87

/** The middle of every jitter: the same run each time, on whole milliseconds. */
beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.5))
afterEach(() => jest.restoreAllMocks())

const numbered = (count: number, fields: (i: number) => Partial<ProducerRecord<string, string, string>> = () => ({})) =>
  Array.from({ length: count }, (_, i) => order(String(i), fields(i)))

const isDelivered = <C>(delivery: Delivery<C>): delivery is Delivered<C> => delivery.type === 'delivered'

describe('a producer', () => {
  it('opens nothing before the first subscription', () => {
    const { kafka, network, settle } = producing()
    const deliveries$ = of(order('a')).pipe(kafka.send())
    settle()
    expect(network.dialled).toEqual([])
    deliveries$.subscribe()
    settle()
    expect(network.dialled).toEqual(['broker-1:9092'])
  })

  it('delivers a record with partition, offset, timestamp and context', () => {
    const { kafka, settle, log } = producing()
    const { deliveries, log: seen } = watch(of(order('a', { timestamp: 17, key: 'k', headers: { h: 'x' } })).pipe(kafka.send()))
    settle()
    expect(seen).toEqual(['a delivered', '|'])
    const [{ topic, partition, offset, timestamp, context }] = deliveries.filter(isDelivered)
    expect({ topic, partition, offset, timestamp, context }).toEqual({
      topic: 'orders',
      partition: 0,
      offset: 0n,
      timestamp: 17,
      context: 'a',
    })
    const [record] = log('orders')
    expect([textOf(record.key), textOf(record.value), record.timestamp, record.headers.map(({ key }) => key)]).toEqual([
      'k',
      'a',
      17,
      ['h'],
    ])
  })

  it('delivers every record once, in order per key, at the offset at which it lies', () => {
    const { kafka, settle, valuesIn } = producing({ nodes: 3, topics: { orders: 5 } })
    const { deliveries } = watch(from(numbered(2000, (i) => ({ key: `k${i % 20}` }))).pipe(kafka.send()))
    settle()
    expect(deliveries.map(({ context }) => Number(context)).sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, i) => i))
    const values = [0, 1, 2, 3, 4].map((partition) => valuesIn('orders', partition))
    for (const { partition, offset, context } of deliveries.filter(isDelivered)) expect(values[partition][Number(offset)]).toBe(context)
    for (let key = 0; key < 20; key++) {
      const ofKey = deliveries.filter(({ context }) => Number(context) % 20 === key).map(({ context }) => Number(context))
      expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b))
    }
  })

  it('does not wait for linger when the source completes', () => {
    const { kafka, settle, clock } = producing({ linger: 60_000 })
    const { log } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['a delivered', '|'])
    expect(clock.now()).toBeLessThan(1000)
  })

  it('gathers for linger while the source goes on', () => {
    const { kafka, advance, arrivals } = producing({ linger: 100 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    source$.pipe(kafka.send()).subscribe()
    source$.next(order('first'))
    advance(1000)
    source$.next(order('a'))
    advance(50)
    source$.next(order('b'))
    advance(49)
    expect(arrivals).toHaveLength(1)
    advance(10)
    expect(arrivals.map(({ values }) => values)).toEqual([['first'], ['a', 'b']])
  })

  it('sends values to a topic, with the value as the context', () => {
    const { kafka, settle, log } = producing()
    const orders = [{ id: 'x' }, { id: 'y' }]
    const { deliveries } = watch(from(orders).pipe(kafka.to('orders', { key: ({ id }) => id, value: json() })))
    settle()
    expect(deliveries.map(({ context }) => context)).toEqual(orders)
    expect(log('orders').map(({ key, value }) => [textOf(key), textOf(value)])).toEqual([
      ['x', '{"id":"x"}'],
      ['y', '{"id":"y"}'],
    ])
  })

  it('keeps records without a key together', () => {
    const { kafka, settle, arrivals } = producing({ topics: { orders: 6 } })
    from(numbered(100)).pipe(kafka.send()).subscribe()
    settle()
    expect(arrivals.map(({ values }) => values.length)).toEqual([100])
  })

  it('serves several streams at once, each with its own deliveries', () => {
    const { kafka, settle, valuesIn } = producing()
    const first = watch(from(numbered(3)).pipe(kafka.send()))
    const second = watch(from(['x', 'y'].map((context) => order(context))).pipe(kafka.send()))
    settle()
    expect([first.log, second.log]).toEqual([
      ['0 delivered', '1 delivered', '2 delivered', '|'],
      ['x delivered', 'y delivered', '|'],
    ])
    expect([...valuesIn('orders')].sort()).toEqual(['0', '1', '2', 'x', 'y'])
  })

  it('sends what comes in from within a delivery', () => {
    const { kafka, settle, valuesIn } = producing()
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const seen: string[] = []
    source$.pipe(kafka.send()).subscribe({
      next: ({ context }) => {
        seen.push(context)
        if (seen.length < 5) source$.next(order(String(seen.length)))
        else source$.complete()
      },
      complete: () => seen.push('|'),
    })
    source$.next(order('0'))
    settle()
    expect([seen, valuesIn('orders')]).toEqual([
      ['0', '1', '2', '3', '4', '|'],
      ['0', '1', '2', '3', '4'],
    ])
  })

  it('gives an error of the source after the last delivery', () => {
    const { kafka, settle } = producing()
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    source$.next(order('a'))
    source$.error(new Error('broken'))
    settle()
    expect(log).toEqual(['a delivered', '#'])
  })

  it('asks nobody for an acknowledgement with acks 0, and says offset −1', () => {
    const { kafka, settle, valuesIn } = producing({ acks: 0 })
    const { deliveries, log } = watch(from(numbered(3)).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['0 delivered', '1 delivered', '2 delivered', '|'])
    expect(deliveries.filter(isDelivered).map(({ offset }) => offset)).toEqual([-1n, -1n, -1n])
    expect(valuesIn('orders')).toEqual(['0', '1', '2'])
  })

  it('has no more than maxInFlight requests unanswered at a broker', () => {
    const { kafka, settle, unanswered, arrivals } = producing({
      topics: { orders: 20 },
      maxInFlight: 3,
      answersAfter: 50,
      batchSize: 0,
      maxRequestSize: 1024,
    })
    const { log } = watch(from(numbered(200, (i) => ({ partition: i % 20, value: String(i).padEnd(400) }))).pipe(kafka.send()))
    settle()
    expect(log).toHaveLength(201)
    expect(arrivals.length).toBeGreaterThan(10)
    expect(unanswered.most).toBe(3)
  })

  it('makes fewer and larger requests of what gathers while a broker is busy', () => {
    const { kafka, advance, settle, arrivals } = producing({ maxInFlight: 1, answersAfter: 100, linger: 0 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    for (let i = 0; i < 50; i++) {
      source$.next(order(String(i)))
      advance(1)
    }
    settle()
    expect(log).toHaveLength(50)
    expect(arrivals.length).toBeLessThan(4)
  })

  it('knows the partitions of a topic', () => {
    const { kafka, settle } = producing({ nodes: 2, topics: { orders: 3 } })
    const seen: unknown[] = []
    kafka.partitionsFor('orders').subscribe((partitions) => seen.push(partitions.map(({ leader }) => leader)))
    settle()
    expect(seen).toEqual([[1, 2, 1]])
  })

  it('refuses wrong options at once', () => {
    expect(() => producer({ brokers: [] })).toThrow(ConfigError)
  })
})

describe('a record that cannot be sent', () => {
  it.each<[string, object, string]>([
    ['a value of the wrong type', { value: { a: 1 } }, 'SERIALIZATION_FAILED'],
    ['no topic', { topic: '' }, 'MALFORMED_RECORD'],
    ['a partition that does not come', { partition: 7 }, 'METADATA_TIMEOUT'],
    ['more bytes than a request holds', { value: 'x'.repeat(3000) }, 'RECORD_TOO_LARGE'],
    ['a header without a key', { headers: [{ value: 'x' }] }, 'MALFORMED_RECORD'],
    ['headers that are no headers', { headers: [null] }, 'SERIALIZATION_FAILED'],
  ])('because of %s fails alone', (_what, fields, code) => {
    const { kafka, settle, valuesIn } = producing({ maxRequestSize: 2048 })
    const bad = { ...order('bad'), ...fields } as ProducerRecord<string, string, string>
    const { log } = watch(from([order('a'), bad, order('b')]).pipe(kafka.send()))
    settle()
    expect([...log].sort()).toEqual(['a delivered', 'b delivered', `bad ${code}`, '|'].sort())
    expect(valuesIn('orders')).toEqual(['a', 'b'])
  })
})

describe('an unknown topic', () => {
  it('fails its records after maxBlock with the broker’s reason, while others are delivered', () => {
    const { kafka, advance, settle } = producing({ maxBlock: 500 })
    const { log, deliveries } = watch(
      from([order('x', { topic: 'nowhere' }), order('a'), order('y', { topic: 'nowhere' })]).pipe(kafka.send()),
    )
    advance(400)
    expect(log).toEqual(['a delivered'])
    settle()
    expect(log).toEqual(['a delivered', 'x UNKNOWN_TOPIC_OR_PARTITION', 'y UNKNOWN_TOPIC_OR_PARTITION', '|'])
    expect(deliveries[1]).toMatchObject({ error: { errorCode: UNKNOWN_TOPIC, message: expect.stringContaining('nowhere') } })
  })

  it('has its records delivered, in order, when it is made in time', () => {
    const { kafka, advance, settle, cluster, valuesIn } = producing()
    const { log } = watch(from(numbered(3, () => ({ topic: 'late' }))).pipe(kafka.send()))
    advance(2000)
    expect(log).toEqual([])
    cluster.create('late', 1)
    settle()
    expect([log, valuesIn('late')]).toEqual([
      ['0 delivered', '1 delivered', '2 delivered', '|'],
      ['0', '1', '2'],
    ])
  })

  it('fails with a timeout that says why when no broker can be reached', () => {
    const { kafka, settle, network } = producing({ maxBlock: 500 })
    network.refuse({ host: 'broker-1', port: 9092 })
    const { log, deliveries } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['a METADATA_TIMEOUT', '|'])
    expect(deliveries).toMatchObject([{ error: { message: expect.stringContaining('broker-1:9092') } }])
  })
})

describe('a batch that fails at first', () => {
  it('is sent again after a pause, and delivered once', () => {
    const { kafka, settle, faulty, arrivals, events, valuesIn } = producing()
    let failures = 3
    faulty.of = () => (failures-- > 0 ? NOT_ENOUGH_REPLICAS : undefined)
    const { log } = watch(from(numbered(3)).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['0 delivered', '1 delivered', '2 delivered', '|'])
    expect(valuesIn('orders')).toEqual(['0', '1', '2'])
    const gaps = arrivals.slice(1).map(({ at }, i) => at - arrivals[i].at)
    expect(gaps.map((gap, i) => gap >= 100 * 2 ** i && gap < 100 * 2 ** i + 10)).toEqual([true, true, true])
    expect(events.filter(({ type }) => type === 'retry')).toHaveLength(3)
  })

  it('is sent again with the same bytes', () => {
    const { kafka, settle, faulty, arrivals } = producing()
    faulty.of = () => (arrivals.length < 3 ? NOT_ENOUGH_REPLICAS : undefined)
    from(numbered(3)).pipe(kafka.send()).subscribe()
    settle()
    const [first, ...rest] = arrivals.map(({ bytes }) => Buffer.from(bytes).toString('hex'))
    expect(rest).toEqual([first, first])
  })

  it('goes to the new leader, for whom metadata is asked', () => {
    const { kafka, settle, advance, cluster, arrivals, clock } = producing({ nodes: 2 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    source$.next(order('a'))
    advance(100)
    cluster.elect('orders', 0, 2)
    source$.next(order('b'))
    source$.complete()
    settle()
    expect(log).toEqual(['a delivered', 'b delivered', '|'])
    expect(arrivals.map(({ node, values }) => [node, ...values])).toEqual([
      [1, 'a'],
      [1, 'b'],
      [2, 'b'],
    ])
    expect(clock.now()).toBeLessThan(1000)
  })

  it('is sent again when its connection is cut in the middle', () => {
    const { kafka, advance, settle, network, valuesIn, events } = producing({ answersAfter: 50 })
    const { log } = watch(from(numbered(3)).pipe(kafka.send()))
    advance(20)
    network.cut({ host: 'broker-1', port: 9092 })
    settle()
    expect(log).toEqual(['0 delivered', '1 delivered', '2 delivered', '|'])
    expect(valuesIn('orders').slice(-3)).toEqual(['0', '1', '2'])
    expect(events.map(({ type }) => type)).toContain('connection-failed')
  })

  it('is sent again when the broker hangs up, and when it does not answer at all', () => {
    const { kafka, settle, faulty, arrivals } = producing({ requestTimeout: 1000 })
    faulty.of = () => (['hang up', 'silence'] as const)[arrivals.length - 1]
    const { log } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['a delivered', '|'])
    expect(arrivals).toHaveLength(3)
    expect(arrivals[2].at - arrivals[1].at).toBeGreaterThanOrEqual(1000)
  })

  it('keeps the order of its partition, while others go on', () => {
    const { kafka, advance, settle, faulty, valuesIn, arrivals } = producing({ topics: { orders: 2 }, linger: 0 })
    let failing = true
    faulty.of = ({ partition }) => (failing && partition === 0 ? NOT_ENOUGH_REPLICAS : undefined)
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    for (let i = 0; i < 10; i++) {
      source$.next(order(String(i), { partition: i % 2 }))
      advance(20)
    }
    expect(log).toEqual(['1', '3', '5', '7', '9'].map((context) => `${context} delivered`))
    failing = false
    source$.complete()
    settle()
    expect([valuesIn('orders', 0), valuesIn('orders', 1)]).toEqual([
      ['0', '2', '4', '6', '8'],
      ['1', '3', '5', '7', '9'],
    ])
    expect(log.slice(5)).toEqual([...['0', '2', '4', '6', '8'].map((context) => `${context} delivered`), '|'])
    expect(arrivals.filter(({ partition }) => partition === 0)[0].values).toEqual(['0'])
  })

  it('fails after the delivery timeout, with the last error as the cause', () => {
    const { kafka, settle, faulty, clock } = producing({ deliveryTimeout: 5000, requestTimeout: 1000 })
    faulty.of = () => NOT_ENOUGH_REPLICAS
    const { log, deliveries } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['a DELIVERY_TIMEOUT', '|'])
    expect(deliveries).toMatchObject([{ partition: 0, error: { cause: { code: 'NOT_ENOUGH_REPLICAS' } } }])
    expect(clock.now()).toBeGreaterThanOrEqual(5000)
    expect(clock.now()).toBeLessThan(7000)
  })

  it('fails after the delivery timeout when its leader cannot be reached', () => {
    const { kafka, settle, advance, network, clock } = producing({ deliveryTimeout: 5000, requestTimeout: 1000, maxBlock: 1000 })
    kafka.partitionsFor('orders').subscribe()
    advance(100)
    network.refuse({ host: 'broker-1', port: 9092 })
    network.cut({ host: 'broker-1', port: 9092 })
    const { log, deliveries } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['a DELIVERY_TIMEOUT', '|'])
    expect(deliveries).toMatchObject([{ error: { cause: { code: 'CONNECT_FAILED' } } }])
    expect(clock.now()).toBeLessThan(10_000)
  })

  it('fails after the delivery timeout though no answer ever came, and what is behind it goes out only then', () => {
    const { kafka, advance, settle, faulty, arrivals, valuesIn } = producing({ deliveryTimeout: 2000, requestTimeout: 1900, linger: 0 })
    faulty.of = () => (arrivals.length === 1 ? 'silence' : undefined)
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    for (const context of ['a', 'b', 'c']) {
      source$.next(order(context))
      advance(500)
    }
    expect(arrivals.map(({ values }) => values)).toEqual([['a']])
    source$.complete()
    settle()
    expect([log, valuesIn('orders')]).toEqual([
      ['a OUTCOME_UNKNOWN', 'b delivered', 'c delivered', '|'],
      ['b', 'c'],
    ])
  })

  it('fails with its error after the last of its retries', () => {
    const { kafka, settle, faulty, arrivals } = producing({ retries: 2 })
    faulty.of = () => NOT_ENOUGH_REPLICAS
    const { log } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect([log, arrivals.length]).toEqual([['a NOT_ENOUGH_REPLICAS', '|'], 3])
  })

  it('fails at once, and alone, when it was refused for good', () => {
    const { kafka, settle, faulty, arrivals } = producing({ topics: { orders: 2 } })
    faulty.of = ({ partition }) => (partition === 1 ? INVALID_TOPIC : undefined)
    const { log } = watch(from(numbered(4, (i) => ({ partition: i % 2 }))).pipe(kafka.send()))
    settle()
    expect([...log].sort()).toEqual(['0 delivered', '1 INVALID_TOPIC_EXCEPTION', '2 delivered', '3 INVALID_TOPIC_EXCEPTION', '|'])
    expect(arrivals).toHaveLength(2)
  })

  it('is split when it is too large, and only the record that is too large alone fails', () => {
    // These brokers check no sequence numbers.
    const { kafka, settle, faulty, valuesIn, events } = producing({ idempotence: false })
    faulty.of = ({ bytes }) => (bytes.length > 300 ? MESSAGE_TOO_LARGE : undefined)
    const records = numbered(20, (i) => ({ value: i === 13 ? 'x'.repeat(400) : `v${i}`.padEnd(40) }))
    const { log } = watch(from(records).pipe(kafka.send()))
    settle()
    const outcomes = Array.from({ length: 20 }, (_, i) => `${i} ${i === 13 ? 'MESSAGE_TOO_LARGE' : 'delivered'}`)
    expect(log).toEqual([...outcomes, '|'])
    expect(valuesIn('orders').map((text) => text.trim())).toEqual(records.filter((_, i) => i !== 13).map(({ value = '' }) => value?.trim()))
    expect(events.filter(({ type }) => type === 'split').length).toBeGreaterThan(1)
  })

  it('is sent again without the records of which the broker complains, and those alone fail', () => {
    const { kafka, settle, faulty, valuesIn } = producing()
    faulty.of = ({ values }) => {
      const bad = values.flatMap((text, index) => (text.startsWith('bad') ? [index] : []))
      return bad.length > 0 ? { errorCode: INVALID_RECORD, records: bad } : undefined
    }
    const { log, deliveries } = watch(from(['a', 'bad 1', 'b', 'bad 2', 'c'].map((text) => order(text))).pipe(kafka.send()))
    settle()
    expect([...log].sort()).toEqual(['a delivered', 'b delivered', 'bad 1 INVALID_RECORD', 'bad 2 INVALID_RECORD', 'c delivered', '|'])
    expect(deliveries.find(({ context }) => context === 'bad 2')).toMatchObject({ error: { message: expect.stringContaining('record 3') } })
    expect(valuesIn('orders')).toEqual(['a', 'b', 'c'])
  })

  it('is delivered after an outage of an hour, when it may take so long', () => {
    const { kafka, advance, settle, outage, recover, valuesIn, clock } = producing({ deliveryTimeout: 7_200_000 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    source$.next(order('a'))
    advance(100)
    outage(1)
    source$.next(order('b'))
    source$.complete()
    advance(3_600_000)
    expect(log).toEqual(['a delivered'])
    recover(1)
    settle()
    expect([log, valuesIn('orders')]).toEqual([
      ['a delivered', 'b delivered', '|'],
      ['a', 'b'],
    ])
    expect(clock.now()).toBeLessThan(3_605_000)
  })
})

describe('memory', () => {
  it('that is far smaller than what is sent makes records wait, and all are delivered in order', () => {
    const { kafka, settle, valuesIn } = producing({ bufferMemory: 16_384, answersAfter: 5 })
    const records = numbered(300, (i) => ({ value: `${i} `.padEnd(1000, 'x') }))
    const { log } = watch(from(records).pipe(kafka.send()))
    settle()
    expect(log).toHaveLength(301)
    expect(valuesIn('orders').map((text) => Number.parseInt(text))).toEqual(Array.from({ length: 300 }, (_, i) => i))
  })

  it('is whole again after failures: the next records find room', () => {
    const { kafka, settle, faulty } = producing({ bufferMemory: 16_384, retries: 0, maxBlock: 1000 })
    faulty.of = () => NOT_ENOUGH_REPLICAS
    for (let round = 0; round < 5; round++) {
      const { log } = watch(from(numbered(10, () => ({ value: 'x'.repeat(1000) }))).pipe(kafka.send()))
      settle()
      expect(log).toEqual([...numbered(10).map(({ context }) => `${String(context)} NOT_ENOUGH_REPLICAS`), '|'])
    }
    faulty.of = () => undefined
    const { log } = watch(of(order('large', { value: 'x'.repeat(16_000) })).pipe(kafka.send()))
    settle()
    expect(log).toEqual(['large delivered', '|'])
  })
})

describe('flush', () => {
  it('sends what was accepted without waiting for linger, and completes when that is settled', () => {
    const { kafka, advance } = producing({ linger: 10_000 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    kafka.partitionsFor('orders').subscribe()
    advance(100)
    source$.next(order('a'))
    kafka.flush().subscribe({ complete: () => log.push('flushed') })
    expect(log).toEqual([])
    advance(50)
    expect(log).toEqual(['a delivered', 'flushed'])
    source$.next(order('b'))
    advance(1000)
    expect(log).toEqual(['a delivered', 'flushed'])
  })

  it('does not wait for linger either for what had to wait for its topic', () => {
    const { kafka, advance } = producing({ linger: 10_000 })
    const { log } = watch(new Subject<never>().pipe(kafka.send()))
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const second = watch(source$.pipe(kafka.send()))
    source$.next(order('a'))
    const done = jest.fn()
    kafka.flush().subscribe({ complete: done })
    advance(100)
    expect([log, second.log, done.mock.calls.length]).toEqual([[], ['a delivered'], 1])
  })

  it('replays its end to who subscribes later, and is over at once when there is nothing', () => {
    const { kafka } = producing()
    const flushed$ = kafka.flush()
    const done = jest.fn()
    flushed$.subscribe({ complete: done })
    expect(done).toHaveBeenCalledTimes(1)
  })
})

describe('unsubscribing', () => {
  it('leaves what was accepted to be delivered, and reported', () => {
    const { kafka, advance, settle, events, valuesIn } = producing({ linger: 100 })
    const { log, subscription } = watch(from(numbered(2)).pipe(kafka.send()))
    advance(1)
    subscription.unsubscribe()
    settle()
    expect([log, valuesIn('orders')]).toEqual([[], ['0', '1']])
    expect(events).toMatchObject([
      { type: 'orphaned', delivery: { type: 'delivered', context: '0' } },
      { type: 'orphaned', delivery: { type: 'delivered', context: '1' } },
    ])
  })
})

describe('a stream of which only some deliveries are wanted', () => {
  it('gives those, and the rest is delivered and reported', () => {
    const { kafka, settle, events, valuesIn } = producing()
    const { log } = watch(from(numbered(3)).pipe(kafka.send(), take(1)))
    settle()
    expect([log, events.map(({ type }) => type), valuesIn('orders')]).toEqual([
      ['0 delivered', '|'],
      ['orphaned', 'orphaned'],
      ['0', '1', '2'],
    ])
  })
})

describe('chance', () => {
  it('changes no outcome: whatever the jitter, all is delivered through refusals and an outage, in order per key', () => {
    jest.restoreAllMocks()
    for (let run = 0; run < 20; run++) {
      const { kafka, advance, settle, faulty, arrivals, outage, recover, valuesIn } = producing({ nodes: 2, topics: { orders: 4 } })
      faulty.of = () => (arrivals.length % 3 === 1 ? NOT_ENOUGH_REPLICAS : undefined)
      const { log } = watch(from(numbered(60, (i) => ({ partition: i % 4 }))).pipe(kafka.send()))
      advance(5 * run)
      outage(2)
      advance(500)
      recover(2)
      settle()
      expect([...log].sort()).toEqual([...numbered(60).map(({ context }) => `${String(context)} delivered`), '|'].sort())
      for (let partition = 0; partition < 4; partition++) {
        const inOrder = valuesIn('orders', partition).map(Number)
        expect([...new Set(inOrder)]).toEqual(Array.from({ length: 15 }, (_, i) => 4 * i + partition))
      }
    }
  })
})

describe('close', () => {
  const closing = (kafka: ReturnType<typeof producing>['kafka'], timeout?: number) => {
    const reports: CloseReport[] = []
    const ended = jest.fn()
    kafka.close(timeout === undefined ? {} : { timeout }).subscribe({ next: (report) => reports.push(report), complete: ended })
    return { reports, ended }
  }

  it('sends what it has, without waiting for linger, and reports it', () => {
    const { kafka, advance, settle, cluster } = producing({ linger: 60_000 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    kafka.partitionsFor('orders').subscribe()
    advance(100)
    for (const record of numbered(3)) source$.next(record)
    const { reports, ended } = closing(kafka)
    advance(100)
    expect(log).toEqual(['0 delivered', '1 delivered', '2 delivered'])
    expect([reports, ended.mock.calls.length]).toEqual([[{ delivered: 3, failed: 0, purged: 0 }], 1])
    settle()
    expect(cluster.brokers[0].connections()).toBe(0)
  })

  it('sends also what had to wait for its topic, without waiting for linger', () => {
    const { kafka, settle } = producing({ linger: 60_000 })
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    source$.next(order('a'))
    const { reports } = closing(kafka, 10_000)
    settle()
    expect([log, reports]).toEqual([['a delivered'], [{ delivered: 1, failed: 0, purged: 0 }]])
  })

  it('ends within its timeout when the broker hangs, and gives up what is left', () => {
    const { kafka, advance, settle, faulty, clock } = producing()
    faulty.of = () => 'silence'
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log, deliveries } = watch(source$.pipe(kafka.send()))
    source$.next(order('in flight'))
    advance(100)
    source$.next(order('queued'))
    source$.next(order('waiting', { topic: 'nowhere' }))
    const begun = clock.now()
    const { reports, ended } = closing(kafka, 1000)
    advance(999)
    expect([log, reports]).toEqual([[], []])
    advance(1)
    expect([reports, ended.mock.calls.length, clock.now() - begun]).toEqual([[{ delivered: 0, failed: 0, purged: 3 }], 1, 1000])
    expect([...log].sort()).toEqual(['in flight OUTCOME_UNKNOWN', 'queued PRODUCER_CLOSED', 'waiting PRODUCER_CLOSED'])
    settle()
    expect(deliveries).toHaveLength(3)
  })

  it('gives up also the rest of a long line that is just being served', () => {
    const { kafka, advance } = producing({ waitingMemory: 64 * 1024 * 1024 })
    const { deliveries } = watch(from(Array.from({ length: 5000 }, (_, i) => order(String(i)))).pipe(kafka.send()))
    const { reports, ended } = closing(kafka, 0)
    advance(1)
    advance(100)
    expect([deliveries.length, ended.mock.calls.length]).toEqual([5000, 1])
    expect(reports).toEqual([{ delivered: 0, failed: 0, purged: 5000 }])
  })

  it('tells apart what was delivered, what failed by itself and what was given up', () => {
    const { kafka, advance, faulty } = producing({ topics: { orders: 3 } })
    faulty.of = ({ partition }) => ([undefined, INVALID_TOPIC, 'silence'] as const)[partition]
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    source$.pipe(kafka.send()).subscribe()
    kafka.partitionsFor('orders').subscribe()
    advance(100)
    for (const partition of [0, 1]) source$.next(order(String(partition), { partition }))
    const early = kafka.flush()
    advance(50)
    early.subscribe()
    source$.next(order('2', { partition: 2 }))
    source$.next(order('nowhere', { topic: 'nowhere' }))
    const { reports } = closing(kafka, 1000)
    advance(1000)
    expect(reports).toEqual([{ delivered: 0, failed: 0, purged: 2 }])
  })

  it('counts what fails by itself while it closes', () => {
    const { kafka, advance, faulty } = producing()
    faulty.of = () => INVALID_TOPIC
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    source$.pipe(kafka.send()).subscribe()
    source$.next(order('a'))
    const { reports } = closing(kafka)
    advance(1000)
    expect(reports).toEqual([{ delivered: 0, failed: 1, purged: 0 }])
  })

  it('lets streams end whose sources complete, and fails what comes later', () => {
    const { kafka, settle } = producing()
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const { log } = watch(source$.pipe(kafka.send()))
    source$.next(order('a'))
    closing(kafka)
    source$.next(order('late'))
    source$.complete()
    settle()
    expect(log).toEqual(['late PRODUCER_CLOSED', 'a delivered', '|'])
    const { log: after } = watch(of(order('b')).pipe(kafka.send()))
    settle()
    expect(after).toEqual(['b PRODUCER_CLOSED', '|'])
  })

  it('gives the same report to whoever calls it again, also afterwards', () => {
    const { kafka, settle } = producing()
    of(order('a')).pipe(kafka.send()).subscribe()
    const first = closing(kafka, 1000)
    const second = closing(kafka, 2000)
    settle()
    const third = closing(kafka)
    const report = { delivered: 1, failed: 0, purged: 0 }
    expect([first, second, third].map(({ reports, ended }) => [reports, ended.mock.calls.length])).toEqual(Array(3).fill([[report], 1]))
  })

  it('ends sooner when it is called again with less time', () => {
    const { kafka, advance, faulty } = producing()
    faulty.of = () => 'silence'
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    source$.pipe(kafka.send()).subscribe()
    source$.next(order('a'))
    const first = closing(kafka, 10_000)
    advance(100)
    closing(kafka, 50)
    advance(50)
    expect(first.reports).toEqual([{ delivered: 0, failed: 0, purged: 1 }])
  })

  it('of a producer that was never used ends at once and opens nothing', () => {
    const { kafka, network, settle } = producing()
    const { reports, ended } = closing(kafka)
    settle()
    expect([reports, ended.mock.calls.length, network.dialled]).toEqual([[{ delivered: 0, failed: 0, purged: 0 }], 1, []])
  })

  it('is what await using waits for', async () => {
    const { kafka, settle } = producing()
    of(order('a')).pipe(kafka.send()).subscribe()
    const disposed = kafka[Symbol.asyncDispose]()
    settle()
    await expect(disposed).resolves.toBeUndefined()
  })

  it('ends though a record threw when it was read, which fails that record alone', () => {
    const { kafka, settle } = producing()
    const poison = { ...order('poison') }
    Object.defineProperty(poison, 'topic', { get: () => raise('unreadable') })
    const { log } = watch(from([order('a'), poison, order('b')]).pipe(kafka.send()))
    settle()
    const { reports } = closing(kafka, 1000)
    settle()
    expect([...log].sort()).toEqual(['a delivered', 'b delivered', 'poison SERIALIZATION_FAILED', '|'])
    expect(reports).toHaveLength(1)
  })

  it('gives up a serializer that never answers', () => {
    const { kafka, advance } = producing()
    const { log } = watch(NEVER.pipe(kafka.send()))
    const source$ = new Subject<ProducerRecord<string, string, string>>()
    const hanging = watch(source$.pipe(kafka.send({ value: () => new Promise(() => undefined) })))
    source$.next(order('a'))
    const { reports } = closing(kafka, 1000)
    advance(1000)
    expect([log, hanging.log, reports]).toEqual([[], ['a PRODUCER_CLOSED'], [{ delivered: 0, failed: 0, purged: 1 }]])
  })
})

describe('virtual time', () => {
  it('TestScheduler.run returns with a producer that was used and not closed', () => {
    marbles(({ cold, expectObservable }) => {
      const { kafka } = producing({ scheduler: asyncScheduler })
      const deliveries$ = cold('a 99ms b 99ms |', { a: order('a'), b: order('b') }).pipe(
        kafka.send(),
        map(({ context }) => context),
      )
      // A connection takes 2 ms, as does each question: versions, metadata. Then linger, and 2 for Produce.
      expectObservable(deliveries$).toBe('13ms a 93ms b 92ms |')
    })
  })

  it.each([[NOT_LEADER], [NOT_ENOUGH_REPLICAS]])(
    'TestScheduler.run returns after a batch was retried for error %i until its time was over',
    (code) => {
      const seen: string[] = []
      marbles(({ cold, flush }) => {
        const { kafka, faulty } = producing({ scheduler: asyncScheduler })
        faulty.of = () => code
        cold('a|', { a: order('a') })
          .pipe(kafka.send())
          .subscribe((delivery) => seen.push(delivery.type))
        flush()
      })
      expect(seen).toEqual(['failed'])
    },
  )
})

function raise(message: string): never {
  throw new Error(message)
}
