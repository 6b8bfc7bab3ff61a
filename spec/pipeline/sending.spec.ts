/** Streams of a whole producer, in virtual time. */
import { asyncScheduler, concat, from, map, NEVER, of, Subject, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import type { ProducerMetrics } from '../../lib/pipeline/metrics'
import type { SendOptions } from '../../lib/pipeline/send-options'
import type { CloseReport } from '../../lib/producer'
import { skip } from '../../lib/record'
import type { Delivery, ProducerRecord } from '../../lib/record'
import { marbles } from '../support/marbles'
import { order, producing, watch } from '../support/producing'
import { outcomeOf } from '../support/records'

const NOT_ENOUGH_REPLICAS = 19
const INVALID_TOPIC = 17

beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.5))
afterEach(() => jest.restoreAllMocks())

type Given = ProducerRecord<string, string, string>

const numbered = (count: number, bytes = 1): Given[] =>
  Array.from({ length: count }, (_, i) => order(String(i), { value: 'x'.repeat(bytes) }))
const counted = (log: readonly string[]) => {
  const counts: Record<string, number> = {}
  for (const line of log) {
    const outcome = line.split(' ').at(-1) ?? ''
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}
/** Deliveries orphaned so far: their context and what they say. */
const orphansOf = ({ events }: Pick<ReturnType<typeof producing>, 'events'>) =>
  events.flatMap((event) => (event.type === 'orphaned' ? `${event.delivery.context as string} ${outcomeOf(event.delivery)}` : []))

/** A producer that knows its topic, and whose broker takes nothing until the spec says so. */
function full(config: Parameters<typeof producing>[0] = {}) {
  const producer = producing({ bufferMemory: 16_384, answersAfter: 1000, linger: 0, ...config })
  producer.kafka.partitionsFor('orders').subscribe()
  producer.advance(100)
  return producer
}

describe('what finds no room in bufferMemory', () => {
  it('waits by default, and all is delivered', () => {
    const { kafka, settle } = full()
    const { log } = watch(from(numbered(20, 2000)).pipe(kafka.send()))
    expect(log).toEqual([])
    settle()
    expect(counted(log)).toEqual({ delivered: 20, '|': 1 })
  })

  it('fails at once where the stream says so, and what had room is delivered', () => {
    const { kafka, settle } = full()
    const { log } = watch(concat(from(numbered(20, 2000)), NEVER).pipe(kafka.send({}, { overflow: 'fail' })))
    const { BUFFER_EXHAUSTED: failed } = counted(log)
    expect(failed).toBeGreaterThan(5)
    settle()
    expect(counted(log)).toEqual({ BUFFER_EXHAUSTED: failed, delivered: 20 - failed })
  })

  it('is dropped where the stream says so, and there is room again later', () => {
    const { kafka, settle } = full()
    const source$ = new Subject<Given>()
    const { log } = watch(source$.pipe(kafka.send({}, { overflow: 'drop' })))
    for (const each of numbered(20, 2000)) source$.next(each)
    const { skipped } = counted(log)
    expect(skipped).toBeGreaterThan(5)
    settle()
    source$.next(order('late'))
    source$.complete()
    settle()
    expect([counted(log), log.at(-2)]).toEqual([{ skipped, delivered: 21 - skipped, '|': 1 }, 'late delivered'])
  })

  it('makes batches leave though they linger and nobody waits', () => {
    const { kafka, advance, arrivals } = full({ linger: 10_000, batchSize: 65_536, answersAfter: 0 })
    watch(concat(from(numbered(20, 2000)), NEVER).pipe(kafka.send({}, { overflow: 'drop' })))
    advance(100)
    expect(arrivals.length).toBeGreaterThan(0)
  })

  it('waits or not as its own stream says, whatever the others say', () => {
    const { kafka, settle } = full()
    const dropping$ = new Subject<Given>()
    const dropping = watch(dropping$.pipe(kafka.send({}, { overflow: 'drop' })))
    const waiting = watch(from(numbered(20, 2000)).pipe(kafka.send()))
    dropping$.next(order('d'))
    expect(dropping.log).toEqual(['d skipped'])
    settle()
    expect(counted(waiting.log)).toEqual({ delivered: 20, '|': 1 })
  })
})

describe("a stream with onUnsubscribe 'purge'", () => {
  it('takes back what waits for memory, and nobody else’s', () => {
    const producer = full()
    const { kafka, settle } = producer
    const left = watch(concat(from(numbered(12, 2000)), NEVER).pipe(kafka.send({}, { onUnsubscribe: 'purge' })))
    const other = watch(from([order('o', { value: 'x'.repeat(2000) })]).pipe(kafka.send()))
    left.subscription.unsubscribe()
    const purged = orphansOf(producer)
    expect(purged.length).toBeGreaterThan(3)
    expect(counted(purged)).toEqual({ UNSUBSCRIBED: purged.length })
    settle()
    expect(other.log).toEqual(['o delivered', '|'])
    expect(counted(orphansOf(producer))).toEqual({ UNSUBSCRIBED: purged.length, delivered: 12 - purged.length })
  })

  it('is purged though it is left from within a failure of its own that waited', () => {
    const producer = full({ maxBlock: 500 })
    const { kafka, settle } = producer
    const { log } = watch(concat(from(numbered(12, 2000)), NEVER).pipe(kafka.send({}, { onUnsubscribe: 'purge', onError: 'stop' })))
    settle()
    expect(log).toEqual(['#'])
    const orphans = counted(orphansOf(producer))
    expect((orphans['UNSUBSCRIBED'] ?? 0) + (orphans['BUFFER_EXHAUSTED'] ?? 0) + (orphans['delivered'] ?? 0)).toBe(11)
  })
})

describe('many streams on one producer', () => {
  it('share batches, and never each other’s errors', () => {
    const { kafka, advance, settle, faulty, arrivals } = producing({ topics: { orders: 1, denied: 1 } })
    faulty.of = ({ topic }) => (topic === 'denied' ? INVALID_TOPIC : undefined)
    const streams = [{}, { onError: 'stop' }, { onError: 'delay' }].map((options) => {
      const source$ = new Subject<Given>()
      return { source$, ...watch(source$.pipe(kafka.send({}, options as SendOptions))) }
    })
    const [emitting, stopped, delayed] = streams
    for (const [i, { source$ }] of streams.entries()) source$.next(order(`good ${String(i)}`))
    for (const { source$ } of [stopped, delayed]) source$.next(order('bad', { topic: 'denied' }))
    advance(100)
    expect([emitting.log, stopped.log, delayed.log]).toEqual([['good 0 delivered'], ['good 1 delivered', '#'], ['good 2 delivered']])
    for (const { source$ } of streams) source$.complete()
    settle()
    expect([emitting.log.at(-1), delayed.log.at(-1)]).toEqual(['|', '#'])
    expect(arrivals.filter(({ topic }) => topic === 'orders').map(({ values }) => values)).toEqual([['good 0', 'good 1', 'good 2']])
  })
})

describe('an ordered stream', () => {
  it('gives deliveries in the order of its records though its partitions answer in another', () => {
    const { kafka, settle, faulty, arrivals } = producing({ topics: { orders: 2 }, linger: 0 })
    faulty.of = ({ partition }) => (partition === 0 && arrivals.length < 3 ? NOT_ENOUGH_REPLICAS : undefined)
    const given = Array.from({ length: 6 }, (_, i) => order(String(i), { partition: i % 2 }))
    const { log } = watch(from([...given, skip('s')]).pipe(kafka.send({}, { ordered: true })))
    settle()
    expect(log).toEqual(['0', '1', '2', '3', '4', '5'].map((context) => `${context} delivered`).concat('s skipped', '|'))
  })
})

describe('kafka.to', () => {
  it('takes the options of a send', () => {
    const { kafka, settle, faulty } = producing()
    faulty.of = () => INVALID_TOPIC
    const log: string[] = []
    of('a')
      .pipe(kafka.to('orders', { options: { onError: 'stop' } }))
      .subscribe({ error: ({ code }: { code: string }) => log.push(code) })
    settle()
    expect(log).toEqual(['INVALID_TOPIC_EXCEPTION'])
    expect(() => kafka.to('orders', { options: { maxInFlight: -1 } })).toThrow('maxInFlight')
  })
})

describe('kafka.sendFrom', () => {
  it('gives one delivery for each value, and completes', () => {
    const { kafka, settle, valuesIn } = producing()
    const { log } = watch(kafka.sendFrom(['a', 'b', 'c'], (text) => order(text)))
    settle()
    expect([log, valuesIn('orders')]).toEqual([
      ['a delivered', 'b delivered', 'c delivered', '|'],
      ['a', 'b', 'c'],
    ])
  })

  it('makes a new source for each subscription of a function', () => {
    const { kafka, settle, valuesIn } = producing()
    let made = 0
    const deliveries$ = kafka.sendFrom(
      () => [`s${String(++made)}`],
      (text) => order(text),
    )
    expect(made).toBe(0)
    watch(deliveries$)
    watch(deliveries$)
    settle()
    expect(valuesIn('orders')).toEqual(['s1', 's2'])
  })

  it('asks for no more than bufferMemory holds, while nothing waits', () => {
    const { kafka, settle, advance } = full()
    let pulled = 0
    function* rows() {
      for (; pulled < 200; pulled++) yield pulled
    }
    const { log } = watch(kafka.sendFrom(rows(), (row) => order(String(row), { value: 'x'.repeat(1000) })))
    advance(500)
    expect(pulled).toBeGreaterThan(4)
    expect(pulled * 1000).toBeLessThan(16_384 + 1000)
    settle()
    expect(counted(log)).toEqual({ delivered: 200, '|': 1 })
  })

  it('asks for no more than maxInFlight', () => {
    const { kafka, settle, advance } = full()
    const unsettled = { now: 0, most: 0 }
    function* rows() {
      for (let i = 0; i < 50; i++) {
        unsettled.most = Math.max(unsettled.most, ++unsettled.now)
        yield i
      }
    }
    const deliveries$ = kafka.sendFrom(rows(), (row) => order(String(row)), {}, { maxInFlight: 7 }).pipe(tap(() => unsettled.now--))
    const { log } = watch(deliveries$)
    advance(500)
    expect(unsettled.now).toBe(7)
    settle()
    expect([counted(log), unsettled.most]).toEqual([{ delivered: 50, '|': 1 }, 7])
  })

  it('asks for little more while a topic is not known', () => {
    const { kafka, settle } = full({ maxBlock: 5000 })
    let pulled = 0
    function* rows() {
      for (; pulled < 300; pulled++) yield pulled
    }
    const { log } = watch(kafka.sendFrom(rows(), (row) => order(String(row), { topic: 'nowhere', value: 'x'.repeat(1000) })))
    expect(pulled).toBeLessThan(17)
    settle()
    expect(counted(log)).toEqual({ UNKNOWN_TOPIC_OR_PARTITION: 300, '|': 1 })
  })

  it('gives the error of its source after the deliveries, and fails a value of which no record can be made alone', () => {
    const { kafka, settle } = producing()
    function* rows() {
      yield 'a'
      yield 'bad'
      yield 'b'
      throw new Error('broken')
    }
    const toRecord = (text: string) => {
      if (text === 'bad') throw new Error('no record')
      return order(text)
    }
    const { log } = watch(kafka.sendFrom(rows(), toRecord))
    settle()
    expect(log).toEqual(['undefined SERIALIZATION_FAILED', 'a delivered', 'b delivered', '#'])
  })

  it('takes skips, and the types of keys and values from its serializers', () => {
    const { kafka, settle, valuesIn } = producing()
    const value = (count: number) => Buffer.from(`#${String(count)}`)
    const rows = kafka.sendFrom(
      [1, 2, 3],
      (n) => (n === 2 ? skip(n) : { topic: 'orders', value: n, context: n }),
      { value },
      { ordered: true },
    )
    const { log } = watch(rows)
    settle()
    expect([log, valuesIn('orders')]).toEqual([
      ['1 delivered', '2 skipped', '3 delivered', '|'],
      ['#1', '#3'],
    ])
  })

  it('stops its source when it is left from within a delivery', () => {
    const { kafka, settle } = full({ answersAfter: 0 })
    let [pulled, isStopped] = [0, false]
    function* rows() {
      try {
        for (;;) yield ++pulled
      } finally {
        isStopped = true
      }
    }
    const subscription = kafka
      .sendFrom(rows(), (row) => order(String(row)), {}, { maxInFlight: 5 })
      .subscribe(({ context }) => {
        if (context === '23') subscription.unsubscribe()
      })
    settle()
    expect([isStopped, pulled < 40]).toEqual([true, true])
  })

  it('ends with the deliveries and a reason when the producer is closed', () => {
    const { kafka, settle, advance } = full()
    let pulled = 0
    function* rows() {
      for (;;) yield ++pulled
    }
    const { log } = watch(kafka.sendFrom(rows(), (row) => order(String(row)), {}, { maxInFlight: 10 }))
    advance(1500)
    kafka.close().subscribe()
    settle()
    expect(log.at(-1)).toBe('#')
    expect(log.length).toBe(pulled + 1)
    expect(counted(log.slice(0, -1))).toEqual({ delivered: pulled })
  })

  it('sends what comes from several sources in turns', () => {
    const { kafka, settle } = full()
    const rows = (name: string) => Array.from({ length: 40 }, (_, i) => `${name}${String(i)}`)
    const [first, second] = ['a', 'b'].map((name) => watch(kafka.sendFrom(rows(name), (text) => order(text, { value: 'x'.repeat(1000) }))))
    settle()
    expect([counted(first.log), counted(second.log)]).toEqual([
      { delivered: 40, '|': 1 },
      { delivered: 40, '|': 1 },
    ])
  })

  it('refuses what cannot be pulled, and wrong options', () => {
    const { kafka } = producing()
    const errors: unknown[] = []
    kafka.sendFrom(17 as never, () => order('a')).subscribe({ error: ({ code }: { code: string }) => errors.push(code) })
    expect(errors).toEqual(['INVALID_CONFIG'])
    expect(() => kafka.sendFrom([], () => order('a'), {}, { overflow: 'any' as never })).toThrow('overflow')
  })
})

describe('from within a delivery', () => {
  /** What becomes of a stream in whose first delivery `then` is done. */
  function doing(then: (kafka: ReturnType<typeof producing>['kafka'], source$: Subject<Given>) => Observable<unknown> | undefined) {
    const { kafka, settle, ...rest } = producing({ linger: 0 })
    const source$ = new Subject<Given>()
    const log: string[] = []
    source$.pipe(kafka.send()).subscribe({
      next: (delivery: Delivery<string>) => {
        log.push(`${delivery.context} ${outcomeOf(delivery)}`)
        if (log.length === 1)
          then(kafka, source$)?.subscribe({ next: (value) => log.push(JSON.stringify(value)), complete: () => log.push('done') })
      },
      complete: () => log.push('|'),
    })
    source$.next(order('a'))
    source$.next(order('b'))
    settle()
    return { ...rest, kafka, settle, source$, log }
  }

  it('a flush ends after the deliveries before it', () => {
    const { log } = doing((kafka) => kafka.flush())
    expect(log).toEqual(['a delivered', 'b delivered', 'done'])
  })

  it('a close ends after the deliveries before it, and counts what was left', () => {
    const { log, source$ } = doing((kafka) => kafka.close())
    expect(log).toEqual(['a delivered', 'b delivered', '{"delivered":2,"failed":0,"purged":0}', 'done'])
    source$.next(order('c'))
    expect(log.at(-1)).toBe('c PRODUCER_CLOSED')
  })

  it('a source may complete, twice, and an error after that is nothing', () => {
    const { log } = doing((_kafka, source$) => {
      source$.complete()
      source$.complete()
      source$.error(new Error('too late'))
      return undefined
    })
    expect(log).toEqual(['a delivered', 'b delivered', '|'])
  })

  it('another stream may begin', () => {
    const { log, valuesIn } = doing((kafka) =>
      of(order('inner')).pipe(
        kafka.send(),
        map(({ type }) => type),
      ),
    )
    expect([log, valuesIn('orders')]).toEqual([
      ['a delivered', 'b delivered', '"delivered"', 'done'],
      ['a', 'b', 'inner'],
    ])
  })
})

describe('close', () => {
  it('ends within its timeout though records wait for everything that there is to wait for, and none is failed twice', () => {
    const { kafka, advance, settle, faulty } = full({ maxBlock: 60_000 })
    faulty.of = () => 'silence'
    const late = { value: (text: string) => (text === 'late' ? new Promise<never>(() => undefined) : Buffer.from(text)) }
    const streams = [
      watch(from(numbered(12, 2000)).pipe(kafka.send())),
      watch(from([order('x', { topic: 'nowhere' })]).pipe(kafka.send())),
      watch(from([order('late')]).pipe(kafka.send(late))),
      watch(from(numbered(4)).pipe(kafka.send({}, { maxInFlight: 1, ordered: true }))),
    ]
    const reports: CloseReport[] = []
    const skipped = watch(of(skip('s')).pipe(kafka.send()))
    kafka.close({ timeout: 2000 }).subscribe((report) => reports.push(report))
    advance(1999)
    expect(reports).toEqual([])
    advance(2)
    expect(reports).toEqual([{ delivered: 0, failed: 0, purged: 18 }])
    // What was on its way may be in the log, and says so.
    expect(streams.map(({ log }) => counted(log))).toEqual([
      { OUTCOME_UNKNOWN: 6, PRODUCER_CLOSED: 6, '|': 1 },
      { PRODUCER_CLOSED: 1, '|': 1 },
      { PRODUCER_CLOSED: 1, '|': 1 },
      { PRODUCER_CLOSED: 4, '|': 1 },
    ])
    expect(skipped.log).toEqual(['s skipped', '|'])
    settle()
  })

  it('does not count what was skipped as failed', () => {
    const { kafka, settle } = producing()
    const source$ = new Subject<Given | ReturnType<typeof skip<string>>>()
    source$.pipe(kafka.send({}, { ordered: true })).subscribe()
    source$.next(order('a'))
    source$.next(skip('s'))
    const reports: CloseReport[] = []
    kafka.close().subscribe((report) => reports.push(report))
    settle()
    expect(reports).toEqual([{ delivered: 1, failed: 0, purged: 0 }])
  })
})

describe('interceptors of a producer', () => {
  it('see what is sent and what comes back; one that throws is an event', () => {
    const seen: string[] = []
    const broken = {
      onSend: () => {
        throw new Error('broken')
      },
    }
    const upper = {
      onSend: (record: ProducerRecord) => ({ ...record, value: String(record.value).toUpperCase() }),
      onDelivery: ({ type }: Delivery) => seen.push(type),
    }
    const { kafka, settle, valuesIn, events } = producing({ interceptors: [broken, upper] })
    const { log } = watch(of(order('a')).pipe(kafka.send()))
    settle()
    expect([log, valuesIn('orders'), seen]).toEqual([['a delivered', '|'], ['A'], ['delivered']])
    expect(events).toMatchObject([{ type: 'interceptor-failed', hook: 'onSend', error: { message: 'broken' } }])
  })
})

describe('demand$ of a producer', () => {
  it('paces a source that sends from within it, and completes with the producer', () => {
    const { kafka, settle } = full()
    const source$ = new Subject<Given>()
    const { log } = watch(source$.pipe(kafka.send({}, { overflow: 'fail' })))
    let sent = 0
    const ends: string[] = []
    kafka.demand$.subscribe({
      next: (free) => {
        for (let room = free; room > 8192 && sent < 100; room -= 8192) source$.next(order(String(sent++), { value: 'x'.repeat(1000) }))
      },
      complete: () => ends.push('|'),
    })
    settle()
    kafka.close().subscribe()
    settle()
    expect([counted(log), ends]).toEqual([{ delivered: 100 }, ['|']])
  })
})

describe('metrics$ of a producer', () => {
  it('tell what is held, waits and was done', () => {
    const { kafka, advance, settle, faulty, arrivals } = full({ metricsInterval: 500, answersAfter: 0, bufferMemory: 32_768 })
    const seen: object[] = []
    const subscription = kafka.metrics$.subscribe((metrics) => seen.push(metrics))
    faulty.of = () => (arrivals.length < 2 ? NOT_ENOUGH_REPLICAS : undefined)
    watch(from([order('a'), skip('s'), order('p', { topic: '' }), order('x', { topic: 'nowhere' })]).pipe(kafka.send()))
    advance(500)
    const nothing = { purged: 0, requestsInFlight: 0, bufferTotal: 32_768, bufferAvailable: 32_768 }
    expect(seen).toEqual([
      { ...nothing, waitingRecords: 1, waitingBytes: expect.any(Number), unsettled: 1, delivered: 1, failed: 1, skipped: 1, retries: 1 },
    ])
    subscription.unsubscribe()
    settle()
    expect(seen).toHaveLength(1)
  })

  it('count the requests that are not answered yet, and the bytes that their batches hold', () => {
    const { kafka, advance, settle } = full({ metricsInterval: 500 })
    const seen: ProducerMetrics[] = []
    const subscription = kafka.metrics$.subscribe((metrics) => seen.push(metrics))
    watch(of(order('a')).pipe(kafka.send()))
    advance(500)
    expect(seen).toMatchObject([{ requestsInFlight: 1, unsettled: 1, bufferAvailable: 15_360 }])
    subscription.unsubscribe()
    settle()
  })

  it('complete when the producer is closed, and leave nothing armed in TestScheduler.run', () => {
    marbles(({ cold, expectObservable }) => {
      const { kafka } = producing({ scheduler: asyncScheduler, metricsInterval: 30 })
      expectObservable(kafka.metrics$.pipe(map(({ unsettled }) => String(unsettled)))).toBe('30ms 0 29ms 0 29ms 0 9ms |')
      cold('100ms c').subscribe(() => kafka.close().subscribe())
    })
  })
})
