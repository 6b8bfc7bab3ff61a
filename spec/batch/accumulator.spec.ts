import { Accumulator } from '../../lib/batch/accumulator'
import type { AccumulatorOptions } from '../../lib/batch/accumulator'
import type { Batch } from '../../lib/batch/batch'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { unnumbered } from '../../lib/batch/sequencer'
import type { Sequencer } from '../../lib/batch/sequencer'
import { ProducerClosedError } from '../../lib/errors'
import type { PartitionedRecord } from '../../lib/record'
import { partitioned, sized } from '../support/records'

const LINGER = 10
const DELIVERY_TIMEOUT = 1000
/** A batch takes records for a sixteenth of the delivery timeout. */
const OPEN = DELIVERY_TIMEOUT / 16
const BATCH_SIZE = 1000

/** Partition n is led by node 1 when it is even, by node 2 when it is odd. */
function accumulatorWith(options: Partial<AccumulatorOptions> = {}) {
  const time = { now: 0 }
  const accumulator = new Accumulator<number>({
    now: () => time.now,
    batchSize: BATCH_SIZE,
    maxBatchSize: 4000,
    maxRequestSize: 10_000,
    maxRecordSize: 10_000,
    linger: LINGER,
    deliveryTimeout: DELIVERY_TIMEOUT,
    pieces: new BufferPool(Infinity),
    leaderOf: (_topic, partition) => (partition % 2) + 1,
    canTake: () => true,
    sticky: { partitionOf: () => 0, appended: () => undefined },
    sequencer: () => unnumbered,
    ...options,
  })
  let count = 0
  /** Appends a record whose context is its number. */
  const append = (record: Partial<PartitionedRecord<number>> = {}, now = 0) => {
    time.now = now
    return accumulator.append(partitioned<number>({ context: count++, ...record }), 0)
  }
  const nodes = (now: number) => [...accumulator.ready(now).nodes]
  const done = (batch: Batch<number>): void => {
    const { topic, partition } = batch
    accumulator.arrived(batch)
    accumulator.settle({ type: 'delivered', batch, acknowledgement: { topic, partition, baseOffset: 0n, logAppendTime: -1 } })
  }
  const comesBack = (batch: Batch<number>, notBefore = 0): void => {
    accumulator.arrived(batch)
    accumulator.again(batch, notBefore)
  }
  /** Fails the batches, and gives those of which it was told. */
  const fail = (batches: readonly Batch<number>[]): readonly Batch<number>[] =>
    batches.flatMap((batch) => accumulator.settle({ type: 'failed', batch, error })).map(({ batch }) => batch)
  return { accumulator, append, nodes, done, comesBack, fail }
}

const error = new ProducerClosedError('given up')
const full = { value: sized(BATCH_SIZE) }
const half = { value: sized(BATCH_SIZE / 2) }
const contextsOf = (batches: readonly Batch<number>[]) => batches.map(({ contexts }) => contexts)

describe('appending', () => {
  it('says whether a batch was opened, extended, or made ready', () => {
    const { append } = accumulatorWith()
    expect([append(half), append(), append(half), append()]).toEqual(['opened', 'appended', 'ready', 'appended'])
  })

  it('says at once that a record that fills a batch alone is ready', () => {
    expect(accumulatorWith().append(full)).toBe('ready')
  })

  it('opens another batch, and says that the partition is ready, when the open one has grown to its end', () => {
    const { append, accumulator } = accumulatorWith({ maxBatchSize: 1200 })
    expect([append(half), append({ value: sized(800) }), append()]).toEqual(['opened', 'ready', 'appended'])
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[0]])
  })

  it('is ready at once without linger', () => {
    expect(accumulatorWith({ linger: 0 }).append()).toBe('ready')
  })

  it('refuses a record that has no room in any request, and keeps nothing of it', () => {
    const { append, accumulator } = accumulatorWith({ maxRecordSize: 500 })
    expect(append({ value: sized(500) })).toBe('too large')
    expect(accumulator.isIdle).toBe(true)
    expect(append({ value: sized(300) })).toBe('opened')
  })

  it('says that there is no room, and keeps nothing of the record', () => {
    const { append, accumulator } = accumulatorWith({ pieces: new BufferPool(1024) })
    expect([append(half), append(half, 0)]).toEqual(['opened', 'no room'])
    expect(append({ partition: 1 })).toBe('no room')
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[0]])
    expect(accumulator.waiting).toEqual([])
  })

  it('asks for the time only when a batch is opened', () => {
    const now = jest.fn(() => 5)
    const { accumulator, append } = accumulatorWith({ now })
    for (let i = 0; i < 10; i++) append()
    expect(now).toHaveBeenCalledTimes(1)
    expect(accumulator.drain(1, 5)[0].createdAt).toBe(5)
  })
})

describe('a batch that cannot leave', () => {
  it('takes records for a sixteenth of the delivery timeout, so that none of them has much less time than another', () => {
    const { append, accumulator } = accumulatorWith({ canTake: () => false })
    append()
    expect(accumulator.ready(OPEN - 1).nextLook).toBe(OPEN)
    append({}, OPEN - 1)
    accumulator.ready(OPEN)
    append({}, OPEN)
    expect(accumulator.waiting.map(({ contexts, createdAt }) => [contexts, createdAt])).toEqual([
      [[0, 1], 0],
      [[2], OPEN],
    ])
  })

  it('takes them at least as long as it lingers', () => {
    const { append, accumulator } = accumulatorWith({ linger: 500 })
    append()
    accumulator.ready(499)
    expect(append({}, 499)).toBe('appended')
  })
})

describe('adaptive linger', () => {
  it('lets a batch leave at once while nothing is on its way to its node, whatever is to others', () => {
    const { accumulator, append, nodes } = accumulatorWith({ linger: 'adaptive' })
    expect([append({ partition: 0 }), nodes(0)]).toEqual(['ready', [1]])
    accumulator.drain(1, 0)
    expect([append({ partition: 1 }), nodes(0)]).toEqual(['ready', [2]])
  })

  it('keeps it until the answers of its node are here, or five milliseconds', () => {
    const { accumulator, append, nodes, done } = accumulatorWith({ linger: 'adaptive' })
    append({ partition: 0 })
    append({ partition: 2 })
    const [first, second] = accumulator.drain(1, 0)
    expect([append({ partition: 0 }), append({ partition: 0 }), nodes(0), accumulator.ready(0).nextLook]).toEqual([
      'opened',
      'appended',
      [],
      5,
    ])
    done(first)
    expect([nodes(0), nodes(5)]).toEqual([[], [1]])
    done(second)
    expect(nodes(0)).toEqual([1])
  })

  it('keeps no batch that is full', () => {
    const { accumulator, append } = accumulatorWith({ linger: 'adaptive' })
    append({ partition: 0 })
    accumulator.drain(1, 0)
    expect([append({ partition: 2 }), append({ partition: 2, ...full })]).toEqual(['opened', 'ready'])
  })
})

describe('a topic that refuses a batch for its size', () => {
  it('gets batches of at most half that size from then on, however many of them one answer refuses', () => {
    const { accumulator, append } = accumulatorWith()
    for (let partition = 0; partition < 20; partition++) accumulator.refusedSize('orders', 3000)
    const results = Array.from({ length: 3 }, () => append({ partition: 0, value: sized(600) }))
    expect(results).toEqual(['opened', 'ready', 'ready'])
    expect(contextsOf(accumulator.drain(1, LINGER))).toEqual([[0, 1]])
  })
})

describe('records without a partition', () => {
  it('go where the sticky choice says, and only those that found room are counted', () => {
    const appended = jest.fn()
    const partitionOf = jest.fn(() => 2)
    const { append, accumulator } = accumulatorWith({ pieces: new BufferPool(1024), sticky: { partitionOf, appended } })
    expect([append({ partition: null, partitionCount: 5, ...half }), append({ partition: null, partitionCount: 5, ...half })]).toEqual([
      'opened',
      'no room',
    ])
    expect(partitionOf).toHaveBeenCalledWith('orders', 5, expect.any(Function))
    expect(appended.mock.calls).toEqual([['orders', expect.any(Number)]])
    expect(accumulator.drain(1, 0).map(({ partition }) => partition)).toEqual([2])
  })

  it('are counted by what they make the batches grow, the header of a new one included', () => {
    const sizes: number[] = []
    const sticky = { partitionOf: () => 0, appended: (_topic: string, bytes: number) => sizes.push(bytes) }
    const { append, accumulator, done } = accumulatorWith({ maxBatchSize: 1200, sticky })
    for (const value of [sized(500), sized(100), sized(800)]) append({ partition: null, value })
    const [first] = accumulator.drain(1, 0)
    done(first)
    const [second] = accumulator.drain(1, LINGER)
    expect(sizes).toHaveLength(3)
    expect([sizes[0] + sizes[1], sizes[2]]).toEqual([first.size, second.size])
  })

  it('are the only ones for which a choice is made', () => {
    const partitionOf = jest.fn(() => 0)
    const { append } = accumulatorWith({ sticky: { partitionOf, appended: () => undefined } })
    append({ partition: 3 })
    expect(partitionOf).not.toHaveBeenCalled()
  })
})

describe('the queue of a partition', () => {
  it('is as long as it has batches; one that has grown counts as many as it would have been', () => {
    const { append, accumulator } = accumulatorWith()
    expect(accumulator.queueLength('orders', 0)).toBeUndefined()
    append(half)
    expect(accumulator.queueLength('orders', 0)).toBe(1)
    append(full)
    expect(accumulator.queueLength('orders', 0)).toBe(1)
    append(full)
    append(full)
    expect(accumulator.queueLength('orders', 0)).toBe(3)
    append(full)
    expect(accumulator.queueLength('orders', 0)).toBe(4)
  })

  it('is empty, and not unknown, when everything has left', () => {
    const { append, accumulator } = accumulatorWith()
    append(full)
    accumulator.drain(1, 0)
    expect([accumulator.queueLength('orders', 0), accumulator.queueLength('orders', 1)]).toEqual([0, undefined])
  })

  it('is filled unless its last batch is below the size at which it leaves', () => {
    const { append, accumulator, comesBack } = accumulatorWith()
    const seen = [accumulator.isFilled('orders', 0)]
    for (const record of [half, half]) {
      append(record)
      seen.push(accumulator.isFilled('orders', 0))
    }
    accumulator.drain(1, 0).forEach((batch) => comesBack(batch))
    expect([...seen, accumulator.isFilled('orders', 0)]).toEqual([true, false, true, true])
  })

  it('is filled when nothing is in it', () => {
    const { append, accumulator } = accumulatorWith()
    append()
    accumulator.drain(1, LINGER)
    expect(accumulator.isFilled('orders', 0)).toBe(true)
  })

  it('waits since its first batch could have left, or since its node last took something', () => {
    const { append, accumulator } = accumulatorWith()
    const waiting = () => accumulator.waitingSince('orders', 0, 1)
    expect(waiting()).toBe(Infinity)
    append({}, 100)
    expect(waiting()).toBe(100 + LINGER)
    append(full, 105)
    expect(waiting()).toBe(100)
    accumulator.drain(2, 300)
    expect(waiting()).toBe(100)
    accumulator.drain(1, 400)
    expect(waiting()).toBe(Infinity)
    append(full, 350)
    expect(waiting()).toBe(400)
  })

  it('does not wait for its node while it waits before it tries again', () => {
    const { append, accumulator, comesBack } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    comesBack(batch, 500)
    expect(accumulator.waitingSince('orders', 0, 1)).toBe(500)
  })
})

describe('what is ready', () => {
  it('is nothing before linger is over, and the time to look again is when it is', () => {
    const { accumulator, append, nodes } = accumulatorWith()
    append({}, 100)
    expect(nodes(100 + LINGER - 1)).toEqual([])
    expect(accumulator.ready(100).nextLook).toBe(100 + LINGER)
    expect(nodes(100 + LINGER)).toEqual([1])
  })

  it('is a full batch at once', () => {
    const { append, nodes } = accumulatorWith()
    append(full)
    expect(nodes(0)).toEqual([1])
  })

  it('is a batch with another behind it', () => {
    const { append, nodes } = accumulatorWith({ batchSize: 4000, maxBatchSize: 1000 })
    append(half)
    expect(nodes(0)).toEqual([])
    append({ value: sized(600) })
    expect(nodes(0)).toEqual([1])
  })

  it('is everything while there is a hurry, also what comes only then', () => {
    const { accumulator, append, nodes } = accumulatorWith()
    append({ partition: 0 })
    const [end, endOther] = [accumulator.hurry(), accumulator.hurry()]
    expect(nodes(0)).toEqual([1])
    expect(append({ partition: 1 })).toBe('ready')
    expect(nodes(0)).toEqual([1, 2])
    end()
    end()
    expect(nodes(0)).toEqual([1, 2])
    endOther()
    expect(nodes(0)).toEqual([])
  })

  it('is everything while somebody waits for memory', () => {
    const { accumulator, append, nodes } = accumulatorWith()
    append({ partition: 0 })
    append({ partition: 1 })
    accumulator.pressed = true
    expect(nodes(0).sort()).toEqual([1, 2])
  })

  it('names the topics without a leader, and says when their batches are given up', () => {
    const { accumulator, append } = accumulatorWith({ leaderOf: () => undefined })
    append({ topic: 'a', ...full })
    append({ topic: 'b' })
    expect(accumulator.ready(0)).toEqual({ nodes: new Set(), leaderless: new Set(['a']), nextLook: LINGER })
    expect(accumulator.ready(OPEN)).toEqual({ nodes: new Set(), leaderless: new Set(['a', 'b']), nextLook: DELIVERY_TIMEOUT })
  })

  it('is nothing, for ever, when there is nothing', () => {
    expect(accumulatorWith().accumulator.ready(0)).toEqual({ nodes: new Set(), leaderless: new Set(), nextLook: Infinity })
  })
})

describe('draining', () => {
  it('takes and seals one batch of each partition of the node', () => {
    const { accumulator, append } = accumulatorWith({ maxBatchSize: 1000 })
    for (const partition of [0, 1, 2, 0, 2]) append({ partition, ...half })
    const drained = accumulator.drain(1, 0)
    expect(drained.map(({ topic, partition, contexts }) => [topic, partition, contexts])).toEqual([
      ['orders', 0, [0]],
      ['orders', 2, [2]],
    ])
    expect(drained.every(({ isSealed }) => isSealed)).toBe(true)
  })

  it('takes along what is not due yet', () => {
    const { accumulator, append } = accumulatorWith()
    append({ partition: 0, ...full })
    append({ partition: 2 })
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[0], [1]])
  })

  it('takes nothing of a partition whose last batch has no answer', () => {
    const { accumulator, append, nodes, done } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    append(full)
    expect([nodes(50), accumulator.drain(1, 50)]).toEqual([[], []])
    expect([accumulator.ready(50).nextLook, accumulator.ready(OPEN).nextLook]).toEqual([OPEN, DELIVERY_TIMEOUT])
    done(batch)
    expect(contextsOf(accumulator.drain(1, 50))).toEqual([[1]])
  })

  it('does not add to a batch that has left', () => {
    const { accumulator, append, done } = accumulatorWith()
    append()
    const [batch] = accumulator.drain(1, 0)
    append()
    expect(batch.recordCount).toBe(1)
    done(batch)
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[1]])
  })

  it('stops before the request grows too large, and what was left goes first the next time', () => {
    const { accumulator, append, done } = accumulatorWith({ maxRequestSize: 2200 })
    for (const partition of [0, 2, 4, 6]) append({ partition, ...full })
    const first = accumulator.drain(1, 0)
    expect(contextsOf(first)).toEqual([[0], [1]])
    for (const batch of first) done(batch)
    append({ partition: 0, ...full })
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[2], [3]])
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[4]])
  })

  it('lets a batch alone be larger than a request', () => {
    const { accumulator, append } = accumulatorWith({ maxRequestSize: 500 })
    append(full)
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[0]])
  })

  it('lets the partitions of a node take turns', () => {
    const { accumulator, append, done } = accumulatorWith({ maxRequestSize: 1200, maxBatchSize: 1200 })
    for (let round = 0; round < 3; round++) for (const partition of [0, 2, 4]) append({ partition, ...full })
    const order: number[] = []
    for (let drained = accumulator.drain(1, 0); drained.length > 0; drained = accumulator.drain(1, 0)) {
      order.push(...drained.map(({ partition }) => partition))
      for (const batch of drained) done(batch)
    }
    expect(order).toEqual([0, 2, 4, 0, 2, 4, 0, 2, 4])
    expect(accumulator.isIdle).toBe(true)
  })
})

describe('a batch that comes back', () => {
  it('goes out again before everything behind it, with the same bytes', () => {
    const { accumulator, append, done, comesBack } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    const bytes = Buffer.concat(batch.parts)
    append(full)
    comesBack(batch)
    const again = accumulator.drain(1, 0)
    expect(again).toEqual([batch])
    expect(Buffer.concat(again[0].parts).equals(bytes)).toBe(true)
    expect(accumulator.drain(1, 0)).toEqual([])
    done(batch)
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[1]])
  })

  it('holds its partition back until its pause is over, and no other', () => {
    const { accumulator, append, nodes, comesBack } = accumulatorWith()
    append({ partition: 0, ...full })
    const [batch] = accumulator.drain(1, 0)
    append({ partition: 0, ...full })
    append({ partition: 2, ...full })
    comesBack(batch, 100)
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[2]])
    expect(accumulator.ready(OPEN).nextLook).toBe(100)
    expect(nodes(99)).toEqual([])
    expect(nodes(100)).toEqual([1])
  })

  it('does not wait for linger', () => {
    const { accumulator, append, nodes, comesBack } = accumulatorWith()
    append()
    const [batch] = accumulator.drain(1, 0)
    comesBack(batch)
    expect(nodes(0)).toEqual([1])
  })

  it('takes no more records', () => {
    const { accumulator, append, done, comesBack } = accumulatorWith()
    append()
    const [batch] = accumulator.drain(1, 0)
    comesBack(batch)
    append()
    expect(batch.contexts).toEqual([0])
    accumulator.drain(1, 0)
    done(batch)
    expect(contextsOf(accumulator.drain(1, LINGER))).toEqual([[1]])
  })

  it('keeps the order of several', () => {
    const several: Sequencer = { ...unnumbered, mayLeave: (_batch, { onWay }) => onWay < 3 }
    const { accumulator, append, done, comesBack } = accumulatorWith({ maxBatchSize: 1200, sequencer: () => several })
    for (let i = 0; i < 4; i++) append(full)
    const onTheirWay = [0, 1, 2].flatMap(() => accumulator.drain(1, 0))
    for (const batch of [...onTheirWay].reverse()) comesBack(batch)
    const order: Batch<number>[] = []
    for (let [batch] = accumulator.drain(1, 0); batch !== undefined; [batch] = accumulator.drain(1, 0)) {
      order.push(batch)
      done(batch)
    }
    expect(contextsOf(order)).toEqual([[0], [1], [2], [3]])
  })

  it('may find another leader', () => {
    let leader = 1
    const { accumulator, append, comesBack } = accumulatorWith({ leaderOf: () => leader })
    append(full)
    accumulator.drain(1, 0).forEach((batch) => comesBack(batch))
    leader = 2
    expect(accumulator.drain(1, 0)).toEqual([])
    expect(contextsOf(accumulator.drain(2, 0))).toEqual([[0]])
  })
})

describe('behind a batch that is on its way', () => {
  const several: Sequencer = { ...unnumbered, mayLeave: (_batch, { onWay }) => onWay < 5 }
  const behindOne = () => {
    const made = accumulatorWith({ maxBatchSize: 4000, sequencer: () => several })
    made.append(full)
    made.accumulator.drain(1, 0)
    return made
  }

  it('one that is full for a first one lingers', () => {
    const { append, nodes, accumulator } = behindOne()
    expect(append(full)).toBe('opened')
    expect(nodes(0)).toEqual([])
    expect(accumulator.ready(0).nextLook).toBe(LINGER)
    expect(nodes(LINGER)).toEqual([1])
  })

  it('one leaves with half of what a batch may hold', () => {
    const { append, nodes } = behindOne()
    expect([append(full), append(full)]).toEqual(['opened', 'ready'])
    expect(nodes(0)).toEqual([1])
  })

  it('one leaves at once when memory is short', () => {
    const { append, nodes, accumulator } = behindOne()
    append()
    accumulator.pressed = true
    expect(nodes(0)).toEqual([1])
  })

  it('one that is full need not linger once nothing is on its way any more', () => {
    const { append, nodes, accumulator, done } = accumulatorWith({ maxBatchSize: 4000, sequencer: () => several })
    append(full)
    const [batch] = accumulator.drain(1, 0)
    append(full)
    done(batch)
    expect(nodes(0)).toEqual([1])
  })
})

describe('what is too old', () => {
  it('is named, oldest first, until it has failed, and what is younger stays', () => {
    const { accumulator, append, fail } = accumulatorWith({ maxBatchSize: 1200 })
    append(full, 0)
    append(full, 1)
    append(full, 500)
    expect(accumulator.expired(DELIVERY_TIMEOUT - 1)).toEqual([])
    expect(contextsOf(fail(accumulator.expired(DELIVERY_TIMEOUT + 1)))).toEqual([[0], [1]])
    expect(accumulator.expired(DELIVERY_TIMEOUT + 1)).toEqual([])
    expect(contextsOf(accumulator.drain(1, DELIVERY_TIMEOUT + 1))).toEqual([[2]])
  })

  it('may be on its way, and its partition stays muted until the request ends', () => {
    const { accumulator, append, fail } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    append(full, DELIVERY_TIMEOUT)
    expect(accumulator.ready(1).nextLook).toBe(DELIVERY_TIMEOUT)
    expect(fail(accumulator.expired(DELIVERY_TIMEOUT))).toEqual([batch])
    expect(accumulator.expired(DELIVERY_TIMEOUT)).toEqual([])
    expect(accumulator.drain(1, DELIVERY_TIMEOUT)).toEqual([])
    accumulator.arrived(batch)
    accumulator.late(batch, 'unknown')
    expect(contextsOf(accumulator.drain(1, DELIVERY_TIMEOUT))).toEqual([[1]])
  })

  it('is named also behind one that is on its way', () => {
    const { accumulator, append } = accumulatorWith()
    append(full)
    accumulator.drain(1, 0)
    append(full)
    expect(contextsOf(accumulator.expired(DELIVERY_TIMEOUT))).toEqual([[0], [1]])
  })
})

describe('what waits', () => {
  it('is everything that is not on its way, in the order of each partition', () => {
    const { accumulator, append } = accumulatorWith({ maxBatchSize: 1200 })
    append({ partition: 1, ...full })
    accumulator.drain(2, 0)
    for (const partition of [0, 1, 0]) append({ partition, ...full })
    expect(contextsOf(accumulator.waiting)).toEqual([[2], [1], [3]])
  })
})

describe('a busy node', () => {
  it('leaves nothing to see to: it is looked at when it can take again', () => {
    let free = false
    const { append, nodes } = accumulatorWith({ canTake: () => free })
    expect([append(full), append(full)]).toEqual(['opened', 'appended'])
    free = true
    expect(nodes(0)).toEqual([1])
  })

  it('is not asked for a partition that has a batch on its way', () => {
    const { accumulator, append } = accumulatorWith()
    append(full)
    accumulator.drain(1, 0)
    expect(append(full)).toBe('opened')
  })
})

describe('a topic that refused a batch for its size', () => {
  it('gets batches of half that size at most, and no other topic does', () => {
    const { accumulator, append } = accumulatorWith({ batchSize: 4000 })
    accumulator.refusedSize('orders', 3000)
    for (let i = 0; i < 4; i++) append(half)
    for (let i = 0; i < 4; i++) append({ topic: 'other', ...half })
    expect(accumulator.drain(1, 0).map(({ topic, recordCount }) => [topic, recordCount])).toEqual([
      ['orders', 2],
      ['other', 4],
    ])
  })

  it('gets half of what was refused, and not less because many partitions were busy then', () => {
    const { accumulator, append, done } = accumulatorWith({ batchSize: 10, maxBatchSize: 4000, maxRequestSize: 8000, maxRecordSize: 8000 })
    for (let partition = 0; partition < 40; partition += 2) append({ partition })
    accumulator.refusedSize('orders', 4000)
    for (let batches = accumulator.drain(1, LINGER); batches.length > 0; batches = accumulator.drain(1, LINGER)) batches.forEach(done)
    for (let i = 0; i < 4; i++) append(half)
    expect(accumulator.drain(1, LINGER).map(({ recordCount }) => recordCount)).toEqual([3])
  })

  it('gets smaller ones again when those are refused too', () => {
    const { accumulator, append } = accumulatorWith({ batchSize: 4000 })
    accumulator.refusedSize('orders', 3000)
    accumulator.refusedSize('orders', 1500)
    for (let i = 0; i < 4; i++) append(half)
    expect(contextsOf(accumulator.drain(1, 0))).toEqual([[0]])
  })
})

describe('the end of a batch', () => {
  const endsOf = (settlements: ReturnType<Accumulator<number>['settle']>) => settlements.map(({ type, batch }) => [type, batch.contexts])

  it('is the first that is heard of, and is told once', () => {
    const { accumulator, append, fail } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    const acknowledgement = { topic: 'orders', partition: 0, baseOffset: 7n, logAppendTime: -1 }
    expect(contextsOf(fail([batch]))).toEqual([[0]])
    accumulator.arrived(batch)
    expect(endsOf(accumulator.settle({ type: 'delivered', batch, acknowledgement }))).toEqual([])
    expect(fail([batch])).toEqual([])
    expect(batch.settlement).toMatchObject({ type: 'failed', error })
  })

  it('is told after those of the batches in front of it', () => {
    const several: Sequencer = { ...unnumbered, mayLeave: (_batch, { onWay }) => onWay < 2 }
    const { accumulator, append, fail } = accumulatorWith({ maxBatchSize: 1200, sequencer: () => several })
    append(full)
    append(full)
    const [first, second] = [0, 1].flatMap(() => accumulator.drain(1, 0))
    const acknowledgement = { topic: 'orders', partition: 0, baseOffset: 7n, logAppendTime: -1 }
    accumulator.arrived(second)
    expect(endsOf(accumulator.settle({ type: 'delivered', batch: second, acknowledgement }))).toEqual([])
    accumulator.arrived(first)
    expect(contextsOf(fail([first]))).toEqual([[0], [1]])
  })
})

describe('giving up', () => {
  it('ends everything, and all is idle once what is on its way has arrived', () => {
    const { accumulator, append, fail } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    append(full)
    expect(contextsOf(fail(accumulator.unsettled))).toEqual([[0], [1]])
    expect(accumulator.isIdle).toBe(false)
    accumulator.arrived(batch)
    accumulator.late(batch, 'unknown')
    expect(accumulator.isIdle).toBe(true)
  })

  it('is not needed for what is done', () => {
    const { accumulator, append, done } = accumulatorWith()
    append(full)
    const [batch] = accumulator.drain(1, 0)
    expect(accumulator.isIdle).toBe(false)
    done(batch)
    expect([accumulator.isIdle, accumulator.unsettled]).toEqual([true, []])
  })
})

describe('the end of a batch', () => {
  it('is told once, and stays what it was: whatever is heard of it later comes too late', () => {
    const { accumulator, append, fail } = accumulatorWith()
    const delivered = (batch: Batch<number>, baseOffset: bigint) => {
      const acknowledgement = { topic: 'orders', partition: 0, baseOffset, logAppendTime: -1 }
      return accumulator.settle({ type: 'delivered', batch, acknowledgement })
    }
    append(full)
    const [batch] = accumulator.drain(1, 0)
    append(full)
    accumulator.arrived(batch)
    const end = { type: 'delivered', batch, acknowledgement: { baseOffset: 1n } }
    expect(delivered(batch, 1n)).toMatchObject([end])
    expect([delivered(batch, 2n), fail([batch])]).toEqual([[], []])
    expect(batch.settlement).toMatchObject(end)
    const [other] = accumulator.waiting
    expect(fail([other])).toEqual([other])
    expect([fail([other]), delivered(other, 3n)]).toEqual([[], []])
    expect(other.settlement).toMatchObject({ type: 'failed', error })
  })
})
