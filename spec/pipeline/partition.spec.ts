import { EMPTY, map, NEVER, Subject, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { BrokerError, BufferExhaustedError, MetadataTimeoutError, PartitionError } from '../../lib/errors'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { partition } from '../../lib/pipeline/partition'
import type { PartitionOptions, PartitionShared } from '../../lib/pipeline/partition'
import { partitionOfKey } from '../../lib/partitioners/murmur2'
import { roundRobin } from '../../lib/partitioners/round-robin'
import type { PartitionedRecord, SerializedRecord } from '../../lib/record'
import { marbles } from '../support/marbles'
import { outletRecorder, outcomeOf, serialized, sized, utf8 } from '../support/records'
import { virtualTime } from '../support/virtual-time'

const record = (context: string, topic = 'known', fields: Partial<SerializedRecord<string>> = {}) =>
  serialized<string>({ topic, context, partition: 0, ...fields })

const records = { a: record('a'), b: record('b'), c: record('c'), x: record('x', 'new'), y: record('y', 'new'), z: record('z', 'newer') }

const contexts = map(({ context }: PartitionedRecord<string>) => context)

/** Four partitions for every topic that is known; the others become known as the spec says. */
const knowing =
  (topics: Readonly<Record<string, Observable<number>>> = {}) =>
  (topic: string) =>
    topics[topic] ?? 4

/** What comes out and what fails, for what is pushed in. */
function pushing(options: Partial<PartitionOptions> = {}, shared?: PartitionShared) {
  const source$ = new Subject<SerializedRecord<string>>()
  const { outlet, deliveries } = outletRecorder<string>()
  const log: string[] = []
  const out: PartitionedRecord<string>[] = []
  source$.pipe(partition<string>({ partitionsOf: () => 4, ...options }, shared)).subscribe({
    next: (each) => {
      out.push(each)
      log.push(each.context)
    },
    complete: () => log.push('|'),
  })
  const push = (context: string, topic?: string, fields: Partial<SerializedRecord<string>> = {}) =>
    source$.next(record(context, topic, { outlet, ...fields }))
  const failures = () => deliveries.map((delivery) => `${delivery.context} ${outcomeOf(delivery)}`)
  return { source$, push, log, out, deliveries, failures }
}

describe('partition', () => {
  it.each([
    ['nothing of nothing', '          --|     ', '--|     '],
    ['one', '                         --a|    ', '--a|    '],
    ['many', '                        a-(bc)-|', 'a-(bc)-|'],
    ['the error of the source', '     a-#     ', 'a-#     '],
    ['no end where there is none', '  a--     ', 'a--     '],
  ])('gives %s', (_what, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source.trim(), records).pipe(partition({ partitionsOf: knowing() }), contexts)).toBe(expected.trim())
    })
  })

  it('lets records of an unknown topic wait, in order, while those of others pass', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const source = cold('-a-x-b-y-c-|      ', records)
      const known = hot('  -----------4|     ').pipe(map(Number))
      const expected = '   -a---b---c-(xy|)  '
      expectObservable(source.pipe(partition({ partitionsOf: knowing({ new: known }) }), contexts)).toBe(expected)
    })
  })

  it('waits for each unknown topic by itself', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const source = cold('-(xyz)-|      ', records)
      const first = hot('  ----------4|  ').pipe(map(Number))
      const second = hot(' -----4|       ').pipe(map(Number))
      const expected = '   -----z----(xy|)'
      expectObservable(source.pipe(partition({ partitionsOf: knowing({ new: first, newer: second }) }), contexts)).toBe(expected)
    })
  })

  it('asks once for a topic for which records wait', () => {
    marbles(({ cold, expectSubscriptions }) => {
      const source = cold(' -x-y--|  ', records)
      const known = cold('   ----(4|)')
      const asked = '       -^---!  '
      source.pipe(partition({ partitionsOf: knowing({ new: known.pipe(map(Number)) }) })).subscribe()
      expectSubscriptions(known.subscriptions).toBe(asked.trim())
    })
  })

  it('leaves the source, and the topics that it waits for, when it is left', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -a-x-b-', records)
      const topic = cold('      -----')
      const left = '         ------!'
      const expected = '     -a---b-'
      expectObservable(source.pipe(partition({ partitionsOf: knowing({ new: topic.pipe(map(Number)) }) }), contexts), left).toBe(expected)
      expectSubscriptions(source.subscriptions).toBe('^-----!')
      expectSubscriptions(topic.subscriptions).toBe(' ---^--!')
    })
  })

  it('does not end before a source’s records have stopped waiting', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-x|', records).pipe(partition({ partitionsOf: knowing({ new: NEVER }) }), contexts)).toBe('--')
    })
  })

  it('is the error of the stream when asking for a topic throws', () => {
    marbles(({ cold, expectObservable }) => {
      const partitionsOf = () => {
        throw new Error('asked')
      }
      expectObservable(cold('-a-', records).pipe(partition({ partitionsOf }), contexts)).toBe('-#', undefined, new Error('asked'))
    })
  })
})

describe('the partition of a record', () => {
  it('is the one that it asks for', () => {
    const { push, out } = pushing()
    push('a', 'known', { partition: 3, key: utf8('any') })
    expect(out[0]).toMatchObject({ partition: 3, partitionCount: 4, topic: 'known' })
  })

  it('comes from its key, as Kafka’s own producer has it', () => {
    const { push, out } = pushing()
    for (const key of ['21', 'abc', 'foobar', '']) push(key, 'known', { partition: undefined, key: utf8(key) })
    expect(out.map(({ partition: chosen }) => chosen)).toEqual(['21', 'abc', 'foobar', ''].map((key) => partitionOfKey(utf8(key), 4)))
  })

  it('is left to the accumulator without a key', () => {
    const { push, out } = pushing()
    push('a', 'known', { partition: undefined })
    expect(out[0].partition).toBeNull()
  })

  it('is what a partitioner says, unless the record asks for one', () => {
    const partitioner = jest.fn(() => 2)
    const { push, out } = pushing({ partitioner })
    push('a', 'known', { partition: undefined, key: utf8('k') })
    push('b', 'known', { partition: 1 })
    expect(out.map(({ partition: chosen }) => chosen)).toEqual([2, 1])
    expect(partitioner.mock.calls).toEqual([[expect.objectContaining({ key: utf8('k') }), 4, expect.any(Function)]])
  })

  it.each([
    ['all of which have a leader by themselves', {}, [0, 1, 2, 3, 0]],
    ['some of which have none', { isAvailable: (_topic: string, index: number) => index % 2 === 1 }, [1, 3, 1, 3, 1]],
  ])('can be the next of those %s, with round robin', (_which, options, expected) => {
    const { push, out } = pushing({ partitioner: roundRobin(), ...options })
    for (const each of expected) push(String(each), 'known', { partition: undefined, key: utf8('k') })
    expect(out.map(({ partition: chosen }) => chosen)).toEqual(expected)
  })

  it('is counted over the partitions that the topic has when it is known', () => {
    const known$ = new Subject<number>()
    const { push, out } = pushing({ partitionsOf: () => known$ })
    push('a', 'new', { partition: undefined, key: utf8('key') })
    known$.next(7)
    expect(out[0]).toMatchObject({ partition: partitionOfKey(utf8('key'), 7), partitionCount: 7 })
  })

  it.each([
    ['that the topic does not have', 4],
    ['below zero', -1],
    ['between two', 1.5],
    ['that is no number', NaN],
  ])('fails its record when the partitioner chooses one %s', (_what, chosen) => {
    const { push, log, deliveries } = pushing({ partitioner: ({ key }) => (key === null ? chosen : 0) })
    push('a', 'known', { partition: undefined })
    push('b', 'known', { partition: undefined, key: utf8('k') })
    expect([deliveries, log]).toEqual([[{ type: 'failed', topic: 'known', context: 'a', error: expect.any(PartitionError) }], ['b']])
  })

  it('fails its record when it asks for one that the topic does not have', () => {
    const { push, deliveries } = pushing()
    push('a', 'known', { partition: 4 })
    expect(deliveries).toMatchObject([
      { partition: 4, error: { code: 'PARTITION_FAILED', message: 'known has 4 partitions and no partition 4' } },
    ])
  })

  it('fails its record alone when the partitioner throws, with the cause', () => {
    const partitioner = ({ key }: SerializedRecord) => {
      if (key === null) throw new Error('no key')
      return 0
    }
    const { push, log, deliveries } = pushing({ partitioner })
    push('a', 'known', { partition: undefined })
    push('b', 'known', { partition: undefined, key: utf8('k') })
    expect(deliveries).toMatchObject([{ context: 'a', error: { code: 'PARTITION_FAILED', cause: new Error('no key') } }])
    expect(log).toEqual(['b'])
  })

  it('is the error of the stream when it cannot be chosen and there is nobody to tell', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-x-', { a: record('a'), x: record('x', 'known', { partition: 9 }) })
      const expected = '    -a-#  '
      expectObservable(source.pipe(partition({ partitionsOf: knowing() }), contexts)).toBe(
        expected,
        undefined,
        new PartitionError('known has 4 partitions and no partition 9'),
      )
      expectSubscriptions(source.subscriptions).toBe('^--!')
    })
  })
})

describe('records of a topic that does not become known', () => {
  const denied = new BrokerError('no', { errorCode: 29, name: 'TOPIC_AUTHORIZATION_FAILED', retriable: false })

  it('fail with the reason, each by itself, while others pass', () => {
    const known$ = new Subject<number>()
    const { source$, push, log, failures } = pushing({ partitionsOf: knowing({ new: known$ }) })
    push('x', 'new')
    push('a')
    push('y', 'new')
    source$.complete()
    expect(log).toEqual(['a'])
    known$.error(denied)
    expect([failures(), log]).toEqual([
      ['x TOPIC_AUTHORIZATION_FAILED', 'y TOPIC_AUTHORIZATION_FAILED'],
      ['a', '|'],
    ])
  })

  it('fail though the answer comes at once, and are asked for again', () => {
    const partitionsOf = jest.fn(() => throwError(() => denied))
    const { push, failures } = pushing({ partitionsOf })
    push('x', 'new')
    push('y', 'new')
    expect(failures()).toEqual(['x TOPIC_AUTHORIZATION_FAILED', 'y TOPIC_AUTHORIZATION_FAILED'])
    expect(partitionsOf).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['an error that is not ours', throwError(() => new Error('any'))],
    ['an end without a number', EMPTY],
  ])('fail with a timeout after %s', (_what, answer) => {
    const { push, deliveries } = pushing({ partitionsOf: () => answer })
    push('x', 'new')
    expect(deliveries).toMatchObject([{ error: expect.any(MetadataTimeoutError) }])
  })
})

describe('records that wait for their topic', () => {
  it('come out before one that comes in from within them', () => {
    const known$ = new Subject<number>()
    const source$ = new Subject<SerializedRecord<string>>()
    const log: string[] = []
    source$.pipe(partition<string>({ partitionsOf: knowing({ new: known$ }) })).subscribe(({ context }) => {
      log.push(context)
      if (context === 'x') source$.next(record('from within', 'new'))
    })
    source$.next(records.x)
    source$.next(records.y)
    known$.next(4)
    expect(log).toEqual(['x', 'y', 'from within'])
  })

  it('are bounded in bytes, and those that do not fit fail at once', () => {
    const known$ = new Subject<number>()
    const waiting = new ByteBudget(10_000)
    const { clock } = virtualTime()
    const { push, log, failures, deliveries } = pushing({ partitionsOf: () => known$ }, { waiting, clock })
    push('x', 'new', { value: sized(6000) })
    push('y', 'new', { value: sized(6000) })
    push('z', 'newer', { key: sized(3000) })
    expect([failures(), waiting.used >= 9000]).toEqual([['y BUFFER_EXHAUSTED'], true])
    expect(deliveries).toMatchObject([{ error: expect.any(BufferExhaustedError) }])
    known$.next(4)
    expect([log, waiting.used]).toEqual([['x', 'z'], 0])
  })

  it('give their bytes back when they fail', () => {
    const known$ = new Subject<number>()
    const waiting = new ByteBudget(10_000)
    const { push } = pushing({ partitionsOf: () => known$ }, { waiting, clock: virtualTime().clock })
    push('x', 'new', { value: sized(60) })
    expect(waiting.used).toBeGreaterThanOrEqual(60)
    known$.error(new Error('any'))
    expect(waiting.used).toBe(0)
  })

  it('are not touched by a question for earlier ones, which was answered and then ends', () => {
    const [first$, second$] = [new Subject<number>(), new Subject<number>()]
    const questions = [first$, second$]
    const { push, log, failures } = pushing({ partitionsOf: () => questions.shift() ?? 4 })
    push('x', 'new')
    first$.next(4)
    push('y', 'new')
    first$.complete()
    expect([log, failures()]).toEqual([['x'], []])
    second$.next(4)
    expect(log).toEqual(['x', 'y'])
  })

  it('come out in slices when they are many, so that the event loop has its turn, and still before what comes later', () => {
    const known$ = new Subject<number>()
    const time = virtualTime()
    const { source$, push, log } = pushing({ partitionsOf: () => known$ }, { waiting: new ByteBudget(Infinity), clock: time.clock })
    const contexts = Array.from({ length: 50_000 }, (_, i) => String(i))
    for (const context of contexts) push(context, 'new')
    known$.next(4)
    expect(log.length).toBeLessThan(contexts.length)
    push('later', 'new')
    source$.complete()
    time.settle()
    expect(log).toEqual([...contexts, 'later', '|'])
  })
})

describe('a partition that the topic does not have yet', () => {
  /** The topic has four partitions; more become known when the spec says so. */
  function growing() {
    const asked: string[] = []
    const count$ = new Subject<number>()
    const awaitPartition = (topic: string, partition: number) => {
      asked.push(`${topic}/${String(partition)}`)
      return count$
    }
    return { ...pushing({ awaitPartition }), asked, count$ }
  }

  it('is asked for once, and what names it waits in order while all others pass', () => {
    const { push, log, asked, count$, out } = growing()
    push('a', 'known', { partition: 5 })
    push('b', 'known', { partition: 0 })
    push('c', 'known', { partition: 5 })
    expect([log, asked]).toEqual([['b'], ['known/5']])
    count$.next(6)
    expect(log).toEqual(['b', 'a', 'c'])
    expect(out.map(({ partition, partitionCount }) => [partition, partitionCount])).toEqual([
      [0, 4],
      [5, 6],
      [5, 6],
    ])
  })

  it('is passed to by nobody who would overtake those that wait for it', () => {
    let partitions = 4
    const count$ = new Subject<number>()
    const { push, log } = pushing({ partitionsOf: () => partitions, awaitPartition: () => count$ })
    push('a', 'known', { partition: 5 })
    partitions = 6
    push('b', 'known', { partition: 5 })
    push('c', 'known', { partition: 4 })
    expect(log).toEqual(['c'])
    count$.next(6)
    push('d', 'known', { partition: 5 })
    expect(log).toEqual(['c', 'a', 'b', 'd'])
  })

  it('fails its records alone when it does not come, and is asked for again by the next', () => {
    const { push, failures, asked, count$, log } = growing()
    push('a', 'known', { partition: 4 })
    count$.error(new MetadataTimeoutError('it did not come'))
    push('b', 'known', { partition: 4 })
    push('c', 'known', { partition: 3 })
    expect([failures(), asked, log]).toEqual([['a METADATA_TIMEOUT', 'b METADATA_TIMEOUT'], ['known/4', 'known/4'], ['c']])
  })

  it('holds up the end of the stream until it is served', () => {
    const { source$, push, log, count$ } = growing()
    push('a', 'known', { partition: 4 })
    source$.complete()
    expect(log).toEqual([])
    count$.next(5)
    expect(log).toEqual(['a', '|'])
  })

  it.each([-1, 1.5, NaN])('is not asked for when there will be none of that number: %d', (partition) => {
    const { push, failures, asked } = growing()
    push('a', 'known', { partition })
    expect([failures(), asked]).toEqual([['a PARTITION_FAILED'], []])
  })
})
