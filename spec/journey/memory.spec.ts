/** The bound of `bufferMemory`, over the whole way of a record. */
import { mergeMap, Subject } from 'rxjs'
import { accumulate } from '../../lib/pipeline/accumulate'
import type { PartitionedRecord } from '../../lib/record'
import { virtualTime } from '../../lib/testing/virtual-time'
import { outletRecorder, partitioned, sized } from '../support/records'
import { journey, large, nameOf, names } from '../support/journey'

/** The least that a producer takes. */
const SMALL = 16_384
const A_THIRD = 5_000

describe('a record that is larger than all of bufferMemory', () => {
  it('fails at once: no room that is given back would ever be enough', () => {
    const { send, log, time } = journey({ bufferMemory: SMALL })
    send('too large', large('too large', SMALL))
    expect(log).toEqual(['too large RECORD_TOO_LARGE'])
    send('fits', large('fits', SMALL - 200))
    time.advance(100)
    expect(log).toEqual(['too large RECORD_TOO_LARGE', 'fits delivered'])
  })
})

describe('a record for which there is no room', () => {
  const full = (config: Parameters<typeof journey>[0] = {}) => {
    const world = journey({ bufferMemory: SMALL, maxBlock: 10_000, retries: 0, ...config })
    const held = world.cluster.every('Produce').hold()
    world.send('first', large('first', SMALL - 200))
    world.time.advance(100)
    return { ...world, held }
  }

  it('waits, and is sent when room is given back', () => {
    const { send, log, time, held, values } = full()
    send('second', large('second', A_THIRD))
    time.advance(5000)
    expect(log).toEqual([])
    held.end()
    time.advance(100)
    expect([log, values().map(nameOf)]).toEqual([
      ['first delivered', 'second delivered'],
      ['first', 'second'],
    ])
  })

  it('fails when it has waited for maxBlock, not a millisecond earlier', () => {
    const { send, log, time } = full()
    send('second', large('second', A_THIRD))
    time.advance(9999)
    expect(log).toEqual([])
    time.advance(1)
    expect(log).toEqual(['second BUFFER_EXHAUSTED'])
  })

  it('leaves nothing behind when it has given up: all the room is for those who come later', () => {
    const { send, log, time, held } = full()
    for (const name of ['second', 'third']) send(name, large(name, A_THIRD))
    time.advance(10_000)
    held.end()
    time.advance(100)
    send('fourth', large('fourth', SMALL - 200))
    time.advance(100)
    expect(log).toEqual(['second BUFFER_EXHAUSTED', 'third BUFFER_EXHAUSTED', 'first delivered', 'fourth delivered'])
  })

  it('is not overtaken by a small one that would fit', () => {
    const { send, time, cluster, values, log } = journey({
      bufferMemory: SMALL,
      maxBlock: 10_000,
      cluster: { topics: { orders: 1, others: 1 } },
    })
    const held = cluster.every('Produce').hold()
    send('first', large('first', A_THIRD))
    time.advance(100)
    send('large', large('large', SMALL - 200))
    send('small')
    // Half of the memory is free, and there would be room for it elsewhere too.
    send('elsewhere', { topic: 'others' })
    time.advance(100)
    expect(log).toEqual([])
    expect(cluster.records('others')).toEqual([])
    held.end()
    time.advance(100)
    expect(values().map(nameOf)).toEqual(['first', 'large', 'small'])
  })

  it('fails when the producer closes and there is none in time, together with all who wait', () => {
    const { send, log, kafka, time } = full()
    for (const name of ['second', 'third']) send(name, large(name, A_THIRD))
    const reports: unknown[] = []
    kafka.close({ timeout: 1000 }).subscribe((report) => reports.push(report))
    time.advance(999)
    expect(log).toEqual([])
    time.advance(1)
    expect([...log].sort()).toEqual(['first OUTCOME_UNKNOWN', 'second PRODUCER_CLOSED', 'third PRODUCER_CLOSED'])
    expect(reports).toEqual([{ delivered: 0, failed: 0, purged: 3 }])
  })
})

describe('all of bufferMemory is there again', () => {
  /** Only with all of it does this record fit. */
  const expectWhole = ({ send, log, time }: ReturnType<typeof journey>): void => {
    send('all', large('all', SMALL - 200))
    time.advance(1000)
    expect(log.at(-1)).toBe('all delivered')
  }

  it('after batches were split in two again and again', () => {
    const world = journey({
      bufferMemory: SMALL,
      cluster: { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '1200' } } } },
    })
    for (const name of names(12)) world.send(name, large(name, 1000))
    world.rest()
    expect(world.log).toHaveLength(12)
    expect(world.events.filter(({ type }) => type === 'split').length).toBeGreaterThan(3)
    world.send('too large alone', large('x', 1500))
    world.rest()
    expect(world.log.at(-1)).toBe('too large alone MESSAGE_TOO_LARGE')
    world.cluster.recreateTopic('orders')
    const other = 'elsewhere'
    world.cluster.createTopic(other, 1)
    world.send('all', { topic: other, ...large('all', SMALL - 200) })
    world.rest()
    expect(world.log.at(-1)).toBe('all delivered')
  })

  it('after requests had no answer in time, however often', () => {
    const world = journey({ bufferMemory: SMALL, requestTimeout: 1000, deliveryTimeout: 5000 })
    world.cluster.next('Produce', { times: 3 }).drop()
    world.send('a', large('a', A_THIRD))
    world.rest()
    expect(world.log).toEqual(['a delivered'])
    expectWhole(world)
  })

  it('after batches have expired on their way', () => {
    const world = journey({ bufferMemory: SMALL, requestTimeout: 1000, deliveryTimeout: 2000 })
    const lost = world.cluster.every('Produce').drop()
    for (const name of names(6)) world.send(name, large(name, A_THIRD))
    world.rest()
    expect(world.log.filter((line) => line.endsWith('OUTCOME_UNKNOWN')).length).toBeGreaterThan(0)
    expect(world.log).toHaveLength(6)
    lost.end()
    expectWhole(world)
  })

  it('after records that broke while they were encoded, which fail alone', () => {
    const records$ = new Subject<PartitionedRecord<string>>()
    const { outlet, deliveries } = outletRecorder<string>()
    const left: (readonly string[])[] = []
    records$
      .pipe(
        accumulate({ leaderOf: () => 1, memory: SMALL, linger: 0, scheduler: virtualTime().scheduler }),
        mergeMap((batches$) => batches$),
      )
      .subscribe((batches) => left.push(batches.flatMap(({ contexts }) => contexts)))
    // There is room for what it says of itself, and then it is more.
    const broken = Object.defineProperty(new Uint8Array(A_THIRD), 'length', { get: () => 8 })
    for (const context of names(20)) records$.next(partitioned({ context, outlet, value: broken }))
    records$.next(partitioned({ context: 'all', outlet, value: sized(SMALL - 200) }))
    expect(deliveries.map(({ context, type }) => `${context} ${type}`)).toEqual(names(20).map((name) => `${name} failed`))
    expect(left).toEqual([['all']])
  })
})

describe('the memory of a batch that expired while it was written', () => {
  it('is nobody else’s before the network has let go of it: the broker reads what was written first', () => {
    const { send, log, time, cluster, produced } = journey({
      ...{ bufferMemory: SMALL, maxBlock: 60_000, requestTimeout: 1900, deliveryTimeout: 2000 },
      ...{ retryBackoff: 500, retryBackoffMax: 500 },
    })
    cluster.next('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('first', large('first', SMALL - 200))
    time.advance(100)
    // The second attempt is under way when the time of the batch is over, and its connection lives for longer than that.
    cluster.broker(1).slow({ rate: 1 })
    time.advance(1900)
    expect(log).toEqual(['first OUTCOME_UNKNOWN'])
    send('second', large('second', SMALL - 200))
    time.advance(100)
    expect(cluster.unused()).toEqual([])
    cluster.heal()
    time.advance(1000)
    expect(log).toEqual(['first OUTCOME_UNKNOWN', 'second delivered'])
    expect(produced.map(({ partitions }) => partitions.map(({ values }) => values.map(nameOf)))).toEqual([
      [['first']],
      [['first']],
      [['second']],
    ])
  })
})
