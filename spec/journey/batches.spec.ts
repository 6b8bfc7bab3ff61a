/** How records become batches and batches requests, as the brokers see it. */
import { from, mergeMap } from 'rxjs'
import { isMany, journey, large, nameOf, names } from '../support/journey'
import type { Produced } from '../support/journey'
import { order, watch } from '../support/producing'

const twoNodes = { brokers: 2, topics: { orders: { partitions: 4, replicationFactor: 1, assignment: [[1], [2], [1], [2]] } } }

/** The names of the values of each batch, request by request. */
const batchesIn = (produced: readonly Produced[]) =>
  produced.flatMap(({ partitions }) => partitions.map(({ values }) => values.map(nameOf)))

const indexesIn = (produced: readonly Produced[]) => produced.map(({ partitions }) => partitions.map(({ index }) => index))

describe('a batch', () => {
  it('that is not full leaves when it has lingered, and not before', () => {
    const { send, time, produced } = journey({ linger: 50 })
    const start = time.now
    send('a')
    time.advance(20)
    send('b')
    time.advance(100)
    // One way takes a millisecond.
    expect(produced.map(({ at }) => at - start)).toEqual([51])
    expect(batchesIn(produced)).toEqual([['a', 'b']])
  })

  it('leaves at once when its broker has nothing to do, and else with its answer, where linger adapts', () => {
    const { send, time, produced } = journey({ linger: 'adaptive' })
    const start = time.now
    send('a')
    time.advance(20)
    send('b')
    send('c')
    time.advance(1)
    send('d')
    time.advance(0.5)
    send('e')
    time.advance(20)
    expect(batchesIn(produced)).toEqual([['a'], ['b', 'c'], ['d', 'e']])
    // There and back takes two milliseconds.
    expect(produced.slice(1).map(({ at }) => at - start)).toEqual([21, 23])
  })

  it('that is full leaves at once, with what it has, and the record that made it so is not lost', () => {
    const { send, time, produced, values } = journey({ linger: 60_000, deliveryTimeout: 120_000, batchSize: 1000, maxBatchSize: 1000 })
    for (const name of names(4)) send(name, large(name, 400))
    time.advance(10)
    expect(batchesIn(produced)).toEqual([['0', '1']])
    time.advance(60_000)
    expect(values().map(nameOf)).toEqual(names(4))
  })

  it('takes a record that is larger than batchSize alone, and no other beside it, however small', () => {
    const { send, time, produced, log } = journey({ linger: 60_000, deliveryTimeout: 120_000, batchSize: 1024, maxBatchSize: 1024 })
    send('large', large('large', 4096))
    send('another', large('another', 4096))
    send('small')
    time.advance(100)
    expect(batchesIn(produced)).toEqual([['large'], ['another']])
    time.advance(60_000)
    expect(log).toEqual(['large delivered', 'another delivered', 'small delivered'])
  })

  it('leaves when it has lingered, and not before, though the one in front of it is still on its way', () => {
    const { send, time, produced, log } = journey({ cluster: { latency: 50 }, linger: 20, batchSize: 1000, maxBatchSize: 1000 })
    send('known')
    time.advance(1000)
    send('full', large('full', 1000))
    send('small')
    time.advance(1000)
    expect(batchesIn(produced)).toEqual([['known'], ['full'], ['small']])
    const [, full, small] = produced.map(({ at }) => at)
    expect(small - full).toBe(20)
    expect(log).toEqual(['known delivered', 'full delivered', 'small delivered'])
  })

  it('that is tried again takes no more records: they follow in another', () => {
    const { send, time, produced, values, cluster } = journey({ linger: 5, retryBackoff: 1000 })
    cluster.next('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(100)
    send('b')
    time.advance(5000)
    expect(batchesIn(produced)[0]).toEqual(['a'])
    expect(batchesIn(produced)).toContainEqual(['b'])
    expect(batchesIn(produced)).not.toContainEqual(['a', 'b'])
    expect(values()).toEqual(['a', 'b'])
  })
})

describe('two partitions of one broker', () => {
  const sparse = { linger: 100, cluster: { topics: { orders: 2 } } }

  it('linger each by itself, and what does not wait any longer takes the other along', () => {
    const { send, time, produced } = journey(sparse)
    const start = time.now
    send('a', { partition: 0 })
    time.advance(50)
    send('b', { partition: 1 })
    time.advance(1000)
    expect(produced.map(({ at }) => at - start)).toEqual([101])
    expect(indexesIn(produced)).toEqual([[0, 1]])
  })

  it('do not fit into one request together when they are too large, and the second follows', () => {
    const { send, time, produced, log } = journey({ ...sparse, maxRequestSize: 8000, maxBatchSize: 6000, batchSize: 6000 })
    send('a', { partition: 0, ...large('a', 5000) })
    send('b', { partition: 1, ...large('b', 5000) })
    time.advance(1000)
    expect(indexesIn(produced)).toEqual([[0], [1]])
    expect([...log].sort()).toEqual(['a delivered', 'b delivered'])
  })
})

describe('the partitions of a broker', () => {
  it('take turns when a request holds one of them only', () => {
    const { send, time, produced } = journey({
      ...{ maxRequestSize: 8000, batchSize: 6000, maxBatchSize: 6000, maxInFlight: 1 },
      cluster: { topics: { orders: 3 } },
    })
    for (const round of ['first', 'second']) {
      for (const partition of [0, 1, 2]) send(`${round}-${partition}`, { partition, ...large(`${round}-${partition}`, 5500) })
    }
    time.advance(1000)
    expect(indexesIn(produced)).toEqual([[0], [1], [2], [0], [1], [2]])
  })
})

describe('a broker that leads no partition', () => {
  it('is sent no records', () => {
    const { send, time, produced, log } = journey({
      cluster: { brokers: 2, topics: { orders: { partitions: 1, replicationFactor: 1, assignment: [[1]] } } },
    })
    for (const name of names(20)) send(name)
    time.advance(1000)
    expect(log).toHaveLength(20)
    expect(new Set(produced.map(({ node }) => node))).toEqual(new Set([1]))
  })
})

describe('with maxInFlight 1', () => {
  it('a partition has one batch on its way, and its next leaves with the answer', () => {
    const { send, time, produced, cluster } = journey({ maxInFlight: 1, linger: 0 })
    const held = cluster.next('Produce').hold()
    send('a')
    time.advance(100)
    send('b')
    time.advance(5000)
    expect(batchesIn(produced)).toEqual([['a']])
    held.release()
    time.advance(100)
    expect(batchesIn(produced)).toEqual([['a'], ['b']])
  })

  it('a partition whose leader has moved waits for the answer of the old one before it sends to the new', () => {
    const { send, time, produced, cluster, values } = journey({
      ...{ maxInFlight: 1, linger: 0, requestTimeout: 5000, deliveryTimeout: 60_000 },
      cluster: {
        brokers: 3,
        topics: {
          orders: {
            partitions: 2,
            replicationFactor: 2,
            assignment: [
              [1, 2],
              [3, 2],
            ],
          },
        },
      },
    })
    const held = cluster.next('Produce', { partition: 0 }).hold()
    send('a', { partition: 0 })
    time.advance(100)
    cluster.elect('orders', 0, 2)
    cluster.elect('orders', 1, 2)
    // By its refusal the producer learns where both are now.
    send('elsewhere', { partition: 1 })
    send('b', { partition: 0 })
    time.advance(3000)
    expect(produced.map(({ node, partitions }) => [node, partitions.map(({ index }) => index)])).toEqual([
      [1, [0]],
      [3, [1]],
      [2, [1]],
    ])
    held.release()
    time.advance(10_000)
    expect(values('orders', 0)).toEqual(['a', 'b'])
    expect(produced.filter(({ node }) => node === 2).flatMap(({ partitions }) => partitions.flatMap((each) => each.values))).toEqual([
      'elsewhere',
      'a',
      'b',
    ])
  })
})

describe('many streams at once', () => {
  it('lose nothing and keep their own order, over two partitions that they share', () => {
    const { kafka, time, values } = journey({ cluster: { topics: { orders: 2 } } })
    const streams = names(5).map((stream) => {
      const records = Array.from({ length: 2000 }, (_, i) => order(`${stream}-${i}`, { partition: i % 2 }))
      return watch(from(records).pipe(kafka.send()))
    })
    time.advance(60_000)
    streams.forEach(({ log }) => expect(log).toHaveLength(2001))
    for (const partition of [0, 1]) {
      for (const stream of names(5)) {
        const own = values('orders', partition).filter((value) => value.startsWith(`${stream}-`))
        expect(own).toEqual(Array.from({ length: 1000 }, (_, i) => `${stream}-${2 * i + partition}`))
      }
    }
  })
})

describe('records without a key, with a batchSize of 0', () => {
  it('still find a partition, a new one for each', () => {
    const { send, time, log, values } = journey({ batchSize: 0, cluster: { topics: { orders: 3 } } })
    for (const name of names(60)) send(name)
    time.advance(1000)
    expect(log).toHaveLength(60)
    for (const partition of [0, 1, 2]) expect(values('orders', partition).length).toBeGreaterThan(5)
  })
})

describe('a flush', () => {
  it('lets everything leave at once, whatever linger says, and ends with the last answer', () => {
    const { send, time, kafka, log, cluster } = journey({ linger: 60_000, deliveryTimeout: 120_000, cluster: { topics: { orders: 3 } } })
    for (const name of names(100)) send(name, { partition: Number(name) % 3 })
    time.advance(100)
    expect(log).toEqual([])
    const held = cluster.next('Produce').hold()
    const flushed = jest.fn()
    kafka.flush().subscribe({ complete: flushed })
    time.advance(100)
    expect(flushed).not.toHaveBeenCalled()
    held.release()
    time.advance(10)
    expect([log.length, flushed.mock.calls.length]).toEqual([100, 1])
  })

  it('that somebody has left early hurries nobody who comes after what it was for', () => {
    const { send, time, kafka, log } = journey({ linger: 1000 })
    send('a')
    kafka.flush().subscribe().unsubscribe()
    time.advance(10)
    expect(log).toEqual(['a delivered'])
    send('b')
    time.advance(990)
    expect(log).toEqual(['a delivered'])
    time.advance(20)
    expect(log).toEqual(['a delivered', 'b delivered'])
  })

  it('that is asked for from within a delivery does not stand still', () => {
    const { kafka, time } = journey({ linger: 1000 })
    const seen: string[] = []
    from([order('a'), order('b')])
      .pipe(
        kafka.send(),
        mergeMap(({ context }) => {
          seen.push(`${context} delivered`)
          kafka.flush().subscribe({ complete: () => seen.push(`flushed after ${context}`) })
          return []
        }),
      )
      .subscribe({ complete: () => seen.push('|') })
    time.advance(2000)
    expect(seen).toContain('flushed after a')
    expect(seen).toContain('flushed after b')
    expect(seen).toContain('|')
  })

  it('waits for all parts of a batch that was split', () => {
    const { send, time, kafka, log, cluster } = journey({ linger: 60_000, deliveryTimeout: 120_000 })
    cluster.every('Produce', { where: isMany }).fail('MESSAGE_TOO_LARGE')
    const last = cluster.next('Produce', { where: (request) => request.topicData.length > 0 && !isMany(request) })
    const held = last.hold()
    for (const name of names(2)) send(name)
    const flushed = jest.fn()
    kafka.flush().subscribe({ complete: flushed })
    time.advance(10_000)
    expect([log.length < 2, flushed.mock.calls.length]).toEqual([true, 0])
    held.release()
    time.advance(10_000)
    expect([log, flushed.mock.calls.length]).toEqual([['0 delivered', '1 delivered'], 1])
  })
})

describe('requests for several brokers', () => {
  it('go each to who leads, one batch of each partition', () => {
    const { send, time, produced } = journey({ linger: 50, cluster: twoNodes })
    for (const name of names(8)) send(name, { partition: Number(name) % 4 })
    time.advance(1000)
    expect(produced.map(({ node, partitions }) => [node, partitions.map(({ index }) => index)])).toEqual([
      [1, [0, 2]],
      [2, [1, 3]],
    ])
  })
})
