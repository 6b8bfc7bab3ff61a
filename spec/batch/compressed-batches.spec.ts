/** Batches that are compressed, from the record to the parts of one that is split. */
import fc from 'fast-check'
import { Accumulator } from '../../lib/batch/accumulator'
import type { AccumulatorOptions } from '../../lib/batch/accumulator'
import { Batch } from '../../lib/batch/batch'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { compressorOf } from '../../lib/batch/compression/compression'
import type { CompressionType, Compressor } from '../../lib/batch/compression/compression'
import { recordBatch } from '../../lib/batch/record-batch'
import { unnumbered } from '../../lib/batch/sequencer'
import { cutBatch, halves } from '../../lib/batch/split'
import { ProducerClosedError } from '../../lib/errors'
import { seeded } from '../../lib/testing/seeded'
import { batched, partitioned, sized } from '../support/records'

const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const satisfies readonly CompressionType[]

const compressor = (type: CompressionType): Compressor => {
  const found = compressorOf(type)
  if (found === undefined) throw new Error('none')
  return found
}

const compressedBatch = (codec: Compressor, { pool = new BufferPool(Infinity), expectedRatio = 1 } = {}): Batch<number> => {
  const batch = new Batch<number>('orders', 3, 17, pool)
  batch.compression = { compressor: codec, expectedRatio }
  return batch
}

const joined = ({ parts }: Batch<number>): Buffer => Buffer.concat(parts)

/** Bytes that no codec makes fewer. */
const noise = (length: number, random = seeded(length)): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256))

describe('a batch that is compressed', () => {
  it.each(CODECS)('is, joined, the batch that recordBatch.encode makes, where that is the smaller one: %s', (type) => {
    const sizes = fc.array(fc.oneof(fc.nat(50), fc.nat(2000), fc.integer({ min: 15_000, max: 40_000 })), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(sizes, (all) => {
        const values = all.map((size, index) => sized(size).fill(index))
        const batch = compressedBatch(compressor(type))
        for (const value of values) batch.append(batched<number>({ value }), 7)
        batch.seal({ producerId: 5n, producerEpoch: 1, baseSequence: 9 })
        const input = {
          ...{ producerId: 5n, producerEpoch: 1, baseSequence: 9 },
          records: values.map((value) => ({ timestamp: 7, key: null, value })),
        }
        const [compressed, plain] = ([type, 'none'] as const).map((compression) => recordBatch.encode({ ...input, compression }))
        expect(joined(batch).equals(compressed.length < plain.length ? compressed : plain)).toBe(true)
        expect(batch.size).toBe(joined(batch).length)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps its other attributes', () => {
    const batch = compressedBatch(compressor('gzip'))
    batch.append(batched<number>({ value: sized(500) }), 7)
    batch.seal({ attributes: 0x10 })
    expect(recordBatch.decode(joined(batch))).toMatchObject({ compression: 'gzip', transactional: true })
  })

  it.each(CODECS)('leaves as it is when it would not become smaller: %s', (type) => {
    const batch = compressedBatch(compressor(type))
    batch.append(batched<number>({ value: noise(2000) }), 7)
    const { heldSize } = batch
    batch.seal()
    expect(recordBatch.decode(joined(batch))).toMatchObject({ compression: 'none', size: heldSize })
    expect([batch.size, batch.compressionRatio]).toEqual([heldSize, 1])
  })

  it('leaves as it is when the codec fails', () => {
    const batch = compressedBatch({
      id: 1,
      atOnce: Infinity,
      compress: () => {
        throw new RangeError('out of memory')
      },
      compressElsewhere: () => Promise.reject(new RangeError('out of memory')),
    })
    batch.append(batched<number>({ value: sized(2000) }), 7)
    batch.seal()
    expect(recordBatch.decode(joined(batch))).toMatchObject({ compression: 'none', recordCount: 1 })
  })

  it('has the size that is expected, with a twentieth on top, until it is closed, and then its own', () => {
    const batch = compressedBatch(compressor('gzip'), { expectedRatio: 0.5 })
    expect(batch.size).toBe(61)
    batch.append(batched<number>({ value: sized(1000) }), 0)
    const records = batch.heldSize - 61
    expect(batch.size).toBe(61 + Math.ceil(records * 0.5 * 1.05))
    batch.close()
    expect(batch.isSealed).toBe(true)
    expect(batch.size).toBeLessThan(150)
    expect(batch.compressionRatio).toBeCloseTo((batch.size - 61) / records)
    batch.seal()
    expect(batch.size).toBe(joined(batch).length)
  })

  it('gives back at once the memory that it no longer needs, when it is asked to, and the rest when it is settled', () => {
    const pool = new BufferPool(200_000)
    const given = jest.fn()
    pool.onGiven = given
    const batch = compressedBatch(compressor('gzip'), { pool })
    for (let i = 0; i < 100; i++) batch.append(batched<number>({ value: sized(1000) }), 0)
    const { held } = pool
    batch.trim()
    batch.seal()
    expect([pool.held, given.mock.calls.length]).toEqual([held, 0])
    const before = joined(batch)
    batch.trim()
    expect([pool.held, given.mock.calls.length]).toEqual([2048, 1])
    expect(joined(batch).equals(before)).toBe(true)
    batch.trim()
    batch.settle()
    batch.trim()
    expect(pool.held).toBe(0)
  })

  it('that fills several pieces even then carries them all, and its records come back out of them', () => {
    const batch = compressedBatch(compressor('snappy'))
    const values = Array.from({ length: 40 }, (_, i) => Buffer.concat([noise(900, seeded(i)), sized(900)]))
    for (const value of values) batch.append(batched<number>({ value }), 0)
    batch.seal()
    batch.trim()
    expect(batch.parts.length).toBeGreaterThan(3)
    const { compression, records } = recordBatch.decode(joined(batch))
    expect(compression).toBe('snappy')
    expect(records.map(({ value }) => Buffer.from(value ?? []))).toEqual(values)
  })

  it('takes another number, also while the network reads the first', () => {
    const batch = compressedBatch(compressor('zstd'))
    batch.append(batched<number>({ value: sized(5000) }), 0)
    batch.numberAs({ producerId: 1n, producerEpoch: 0, baseSequence: 5 })
    batch.writeStarted()
    const read = batch.parts
    const before = Buffer.concat(read)
    batch.numberAs({ producerId: 1n, producerEpoch: 1, baseSequence: 0 })
    expect(Buffer.concat(read).equals(before)).toBe(true)
    expect(recordBatch.decode(joined(batch))).toMatchObject({ compression: 'zstd', producerEpoch: 1, baseSequence: 0, size: batch.size })
    batch.writeReleased()
    batch.numberAs({ producerId: 1n, producerEpoch: 2, baseSequence: 3 })
    expect(recordBatch.decode(joined(batch))).toMatchObject({ compression: 'zstd', producerEpoch: 2, baseSequence: 3, recordCount: 1 })
  })
})

describe('the parts of a compressed batch', () => {
  it.each(CODECS)('are compressed as it was, and have all that was in it: %s', (type) => {
    const pool = new BufferPool(Infinity)
    const batch = compressedBatch(compressor(type), { pool })
    const records = Array.from({ length: 9 }, (_, i) => ({
      ...{ key: Buffer.from(`key ${i}`), value: sized(300).fill(i), context: i },
      headers: [
        { key: 'place', value: Buffer.from(String(i)) },
        { key: 'none', value: null },
      ],
    }))
    for (const record of records) batch.append(batched<number>(record), 1000 + record.context)
    batch.seal()
    const read = (cutBatch(batch, halves(batch), pool) ?? []).map((part) => recordBatch.decode(joined(part)))
    expect(read.map(({ compression, recordCount }) => [compression, recordCount])).toEqual([
      [type, 5],
      [type, 4],
    ])
    expect(
      read.flatMap((part) =>
        part.records.map(({ key, value, headers, timestamp }) => ({
          ...{ key: Buffer.from(key ?? []), value: Uint8Array.from(value ?? []), timestamp },
          headers: headers.map((header) => [header.key, header.value && Buffer.from(header.value)]),
        })),
      ),
    ).toEqual(
      records.map(({ key, value, headers, context }) => ({
        ...{ key, value, timestamp: 1000 + context },
        headers: headers.map((header) => [header.key, header.value]),
      })),
    )
  })

  it('need no more room than it had, though uncompressed they would not fit into the pool', () => {
    const pool = new BufferPool(20_000)
    const batch = compressedBatch(compressor('zstd'), { pool })
    for (let i = 0; i < 12; i++) batch.append(batched<number>({ value: sized(1000).fill(i) }), 0)
    batch.seal()
    batch.trim()
    const { held } = pool
    pool.take(pool.free)
    const parts = cutBatch(batch, halves(batch), pool) ?? []
    expect(parts.map((part) => recordBatch.decode(joined(part)).recordCount)).toEqual([6, 6])
    expect(pool.free).toBeGreaterThan(0)
    for (const part of parts) part.settle()
    expect(pool.free).toBe(held)
  })
})

const MAX = 2000

function accumulatorWith(options: Partial<AccumulatorOptions> = {}) {
  const accumulator = new Accumulator<number>({
    ...{ batchSize: 1000, maxBatchSize: MAX, maxRequestSize: 100_000, maxRecordSize: 100_000, linger: 0, deliveryTimeout: 1000 },
    ...{ pieces: new BufferPool(Infinity), now: () => 0, leaderOf: () => 1, canTake: () => true, sequencer: () => unnumbered },
    sticky: { partitionOf: () => 0, appended: () => undefined },
    compressor: compressor('lz4'),
    ...options,
  })
  const done = (batch: Batch<number>): void => {
    const { topic, partition } = batch
    accumulator.arrived(batch)
    accumulator.settle({ type: 'delivered', batch, acknowledgement: { topic, partition, baseOffset: 0n, logAppendTime: -1 } })
  }
  /** Everything that is there, batch by batch. */
  const drainAll = (): Batch<number>[] => {
    const all: Batch<number>[] = []
    for (let batches = accumulator.drain(1, 0); batches.length > 0; batches = accumulator.drain(1, 0)) {
      all.push(...batches)
      batches.forEach(done)
    }
    return all
  }
  const append = (value: Uint8Array, partition = 0) => accumulator.append(partitioned<number>({ value, partition, context: 0 }), 0)
  return { accumulator, append, drainAll, done }
}

describe('an accumulator that compresses', () => {
  it('fills batches by the size that is expected, which it learns from what it has seen', () => {
    const { append, drainAll } = accumulatorWith()
    const countsOf = () => {
      for (let i = 0; i < 60; i++) append(sized(100))
      return drainAll().map(({ recordCount }) => recordCount)
    }
    const [first] = countsOf()
    for (let i = 0; i < 20; i++) countsOf()
    const [later] = countsOf()
    expect(first).toBeLessThan(20)
    expect(later).toBeGreaterThan(first + 5)
  })

  it('holds no more than four times maxBatchSize in one, however well it compresses', () => {
    const { append, drainAll } = accumulatorWith({ pieces: new BufferPool(1_000_000) })
    let most = 0
    for (let round = 0; round < 300; round++) {
      for (let i = 0; i < 100; i++) append(sized(100))
      const bytes = drainAll().map((batch) => recordBatch.decode(joined(batch)).recordCount * 107)
      most = Math.max(most, ...bytes)
    }
    expect(most).toBeGreaterThan(4 * MAX - 350)
    expect(most).toBeLessThanOrEqual(4 * MAX)
  })

  it('forgets what it has learnt of a topic that refuses a batch', () => {
    const { accumulator, append, drainAll } = accumulatorWith()
    for (let i = 0; i < 2000; i++) append(sized(100))
    drainAll()
    accumulator.refusedSize('orders', 100_000)
    for (let i = 0; i < 60; i++) append(sized(100))
    expect(drainAll()[0].recordCount).toBeLessThan(20)
  })

  it('makes no request larger than it may be: what turns out to be larger than expected leaves with the next', () => {
    const { append, accumulator, done } = accumulatorWith({ maxRequestSize: 6000 })
    for (let i = 0; i < 4000; i++) append(sized(100), i % 3)
    for (let batches = accumulator.drain(1, 0); batches.length > 0; batches = accumulator.drain(1, 0)) batches.forEach(done)
    for (const partition of [0, 1, 2]) for (let i = 0; i < 20; i++) append(noise(140, seeded(i)), partition)
    const sizes: number[][] = []
    for (let batches = accumulator.drain(1, 0); batches.length > 0; batches = accumulator.drain(1, 0)) {
      sizes.push(batches.map(({ size }) => size))
      batches.forEach(done)
    }
    expect(sizes.flat().some((size) => size > MAX)).toBe(true)
    expect(sizes.every((each) => each.length === 1 || each.reduce((sum, size) => sum + size) <= 6000)).toBe(true)
    expect(sizes.length).toBeGreaterThan(1)
  })

  it('has all memory again when everything is settled', () => {
    const pool = new BufferPool(100_000)
    const { append, drainAll } = accumulatorWith({ pieces: pool })
    for (let i = 0; i < 500; i++) append(sized(100), i % 7)
    const { held } = pool
    const batches = drainAll()
    expect(pool.held).toBeLessThan(held / 2)
    for (const batch of batches) batch.settle()
    expect(pool.held).toBe(0)
  })

  it.each(CODECS)('makes fewer than a tenth of its batches larger than they may be, whatever mix it is given: %s', (type) => {
    const random = seeded(7)
    const much = noise(65_536, random)
    const value = (compressible: boolean): Uint8Array => {
      const length = 100 + Math.floor(random() * 200)
      const from = Math.floor(random() * (much.length - length))
      return compressible ? sized(length).fill(97) : much.subarray(from, from + length)
    }
    for (let share = 0; share <= 1; share += 0.125) {
      const { append, drainAll } = accumulatorWith({ compressor: compressor(type) })
      for (let i = 0; i < 2000; i++) append(value(random() < share))
      const batches = drainAll()
      const tooLarge = batches.filter(({ size, recordCount }) => size > MAX && recordCount > 1)
      expect(batches.length).toBeGreaterThan(20)
      expect({ share, tooLarge: tooLarge.length / batches.length < 0.1 }).toEqual({ share, tooLarge: true })
    }
  })
})

/** A codec whose work elsewhere ends when the spec says so: each task in turn makes a tenth of what it got, or fails. */
function slowly() {
  const tasks: ((ends: 'well' | 'badly') => Promise<void>)[] = []
  const codec: Compressor = {
    id: 1,
    atOnce: 0,
    compress: () => {
      throw new Error('not to be done here')
    },
    compressElsewhere: (parts) =>
      new Promise((resolve, reject) => {
        tasks.push(async (ends) => {
          const { length } = Buffer.concat(parts)
          if (ends === 'well') resolve([new Uint8Array(length / 10).fill(7)])
          else reject(new Error('out of memory'))
          await Promise.resolve()
        })
      }),
  }
  return { codec, tasks }
}

describe('a batch that is compressed on another thread', () => {
  it.each(CODECS)('carries what it would carry otherwise: %s', async (type) => {
    const [here, elsewhere] = [compressedBatch(compressor(type)), compressedBatch(compressor(type))]
    for (const batch of [here, elsewhere]) for (let i = 0; i < 50; i++) batch.append(batched<number>({ value: sized(1900).fill(i) }), 0)
    await new Promise<void>((done) => {
      elsewhere.closeElsewhere({ compressor: compressor(type), expectedRatio: 1 }, done)
      expect([elsewhere.isSealed, elsewhere.isCompressing]).toEqual([true, true])
    })
    expect(elsewhere.isCompressing).toBe(false)
    for (const batch of [here, elsewhere]) batch.seal()
    expect(joined(elsewhere).equals(joined(here))).toBe(true)
  })

  it('keeps its memory until the codec has let go of it, though it was settled meanwhile', async () => {
    const pool = new BufferPool(100_000)
    const { codec, tasks } = slowly()
    const batch = compressedBatch(codec, { pool })
    batch.append(batched<number>({ value: sized(5000) }), 0)
    const done = jest.fn()
    batch.closeElsewhere({ compressor: codec, expectedRatio: 1 }, done)
    batch.settle()
    expect(pool.held).toBeGreaterThan(5000)
    await tasks[0]('well')
    expect([pool.held, done.mock.calls.length]).toEqual([0, 1])
  })

  it('leaves as it is when that fails', async () => {
    const { codec, tasks } = slowly()
    const batch = compressedBatch(codec)
    batch.append(batched<number>({ value: sized(5000) }), 0)
    batch.closeElsewhere({ compressor: codec, expectedRatio: 1 }, () => undefined)
    await tasks[0]('badly')
    batch.seal()
    expect([batch.isCompressing, recordBatch.decode(joined(batch)).compression]).toEqual([false, 'none'])
  })
})

describe('an accumulator whose large batches are compressed on another thread', () => {
  const LARGE = 1500

  function world(options: Partial<AccumulatorOptions> = {}) {
    const { codec, tasks } = slowly()
    const parts = accumulatorWith({ compressor: codec, compressElsewhereAbove: LARGE, ...options })
    const woken = jest.fn()
    parts.accumulator.compressing.onDone = woken
    const large = (partition = 0) => parts.append(sized(1600), partition)
    const drained = () => parts.accumulator.drain(1, 0).map(({ partition, size }) => [partition, size < LARGE / 2])
    const nodes = () => [...parts.accumulator.ready(0).nodes]
    return { ...parts, tasks, woken, large, drained, nodes }
  }

  it('lets the other partitions go first, and says when it can leave', async () => {
    const { tasks, woken, large, append, drained, nodes } = world()
    large(0)
    append(noise(20), 1)
    expect(nodes()).toEqual([1])
    expect(drained()).toEqual([[1, true]])
    expect([nodes(), drained(), woken.mock.calls.length]).toEqual([[], [], 0])
    await tasks[0]('well')
    expect([nodes(), woken.mock.calls.length]).toEqual([[1], 1])
    expect(drained()).toEqual([[0, true]])
  })

  it('compresses a batch that is complete while it waits for its turn, and lets nothing of its partition overtake it', async () => {
    const { tasks, large, append, drained } = world({ canTake: () => false })
    large()
    expect(tasks).toHaveLength(0)
    large()
    append(sized(10))
    expect(tasks).toHaveLength(1)
    expect(drained()).toEqual([])
    await tasks[0]('well')
    expect(drained()).toEqual([[0, true]])
  })

  it('compresses within the call no more at once than four such batches, however many small ones there are', () => {
    const { codec, tasks } = slowly()
    const { append, drained } = world({ compressor: { ...codec, compress: () => [new Uint8Array(10)] } })
    for (let partition = 0; partition < 5; partition++) append(sized(LARGE - 200), partition)
    expect([drained().length, tasks.length]).toEqual([4, 1])
  })

  it('has four at it at once, and the next when one is done', async () => {
    const { tasks, large, drained, woken } = world()
    for (let partition = 0; partition < 6; partition++) large(partition)
    expect([drained(), tasks.length]).toEqual([[], 4])
    await tasks[2]('well')
    expect(woken).toHaveBeenCalledTimes(1)
    expect([drained(), tasks.length]).toEqual([[[2, true]], 5])
    await tasks[0]('badly')
    expect([drained(), tasks.length]).toEqual([[[0, false]], 6])
  })

  it('can give up such a batch, whose memory comes back when the codec has done', async () => {
    const pool = new BufferPool(100_000)
    const { accumulator, tasks, large, drained } = world({ pieces: pool })
    large()
    drained()
    const [batch] = accumulator.expired(1000)
    const told = accumulator.settle({ type: 'failed', batch, error: new ProducerClosedError('given up') })
    expect(told.map((each) => each.batch)).toEqual([batch])
    batch.settle()
    expect([accumulator.isIdle, pool.held > 0]).toEqual([true, true])
    await tasks[0]('well')
    expect([drained(), pool.held]).toEqual([[], 0])
  })

  it('does not take it for the fault of the node that nothing leaves meanwhile', () => {
    const { accumulator, large, drained } = world()
    large()
    expect(accumulator.waitingSince('orders', 0, 1)).toBe(0)
    drained()
    expect(accumulator.waitingSince('orders', 0, 1)).toBe(Infinity)
  })
})
