import fc from 'fast-check'
import { Batch } from '../../lib/batch/batch'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { recordBatch } from '../../lib/batch/record-batch'
import type { Header } from '../../lib/record'
import { listed } from '../support/record-runs'
import { batched, outletRecorder, sized, utf8 } from '../support/records'

const MIB = 1024 * 1024

const open = (pool = new BufferPool(MIB)) => new Batch<undefined>('orders', 3, 0, pool)

function filled(values: readonly Uint8Array[], pool?: BufferPool): Batch<undefined> {
  const batch = open(pool)
  for (const value of values) batch.append(batched({ value }), 7)
  return batch
}

describe('a batch', () => {
  it('made of pieces is, joined, the batch that recordBatch.encode makes, wherever records meet the end of a piece', () => {
    const values = fc.array(
      fc.oneof(
        fc.nat(200),
        fc.integer({ min: 900, max: 1100 }),
        fc.integer({ min: 16_000, max: 17_000 }),
        fc.integer({ min: 30_000, max: 40_000 }),
      ),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(values, (sizes) => {
        const all = sizes.map((size, index) => sized(size).fill(index))
        const batch = filled(all, new BufferPool(Infinity))
        const size = batch.size
        batch.seal()
        const joined = Buffer.concat(batch.parts)
        expect(joined).toHaveLength(size)
        expect(joined.equals(recordBatch.encode({ records: all.map((value) => ({ timestamp: 7, key: null, value })) }))).toBe(true)
      }),
    )
  })

  it('knows its size after every record, header included', () => {
    const batch = open()
    const sizes = [0, 10, 100, 1000].map((size) => {
      batch.append(batched({ value: sized(size) }), 0)
      return batch.size
    })
    expect(sizes).toEqual([68, 68 + 17, 68 + 17 + 109, 68 + 17 + 109 + 1009])
    expect(batch.recordCount).toBe(4)
  })

  it('has nothing to write before it is sealed', () => {
    const batch = filled([utf8('a')])
    expect([batch.isSealed, batch.parts]).toEqual([false, []])
    batch.seal()
    expect(batch.isSealed).toBe(true)
    expect(batch.parts).toHaveLength(1)
  })

  it('carries the same bytes after it was sealed again', () => {
    const batch = filled([utf8('a')])
    batch.seal({ producerId: 5n })
    const before = Buffer.concat(batch.parts)
    batch.seal({ producerId: 6n })
    expect(Buffer.concat(batch.parts).equals(before)).toBe(true)
    expect(recordBatch.decode(before).producerId).toBe(5n)
  })

  it('gets another number without a change of what the network still reads', () => {
    const batch = filled([utf8('a'), sized(3000)])
    batch.numberAs({ producerId: 5n, producerEpoch: 0, baseSequence: 7 })
    batch.writeStarted()
    const read = batch.parts
    const before = Buffer.concat(read)
    batch.numberAs({ producerId: 5n, producerEpoch: 1, baseSequence: 0 })
    expect(Buffer.concat(read).equals(before)).toBe(true)
    expect(recordBatch.decode(Buffer.concat(batch.parts))).toMatchObject({ producerEpoch: 1, baseSequence: 0, recordCount: 2 })
  })

  it('keeps context, outlet and timestamp of each record in order', () => {
    const { outlet } = outletRecorder<number>()
    const batch = new Batch<number>('orders', 0, 0, new BufferPool(MIB))
    batch.append(batched({ context: 1, outlet }), 10)
    batch.append(batched({ context: 2 }), 5)
    expect(batch.contexts).toEqual([1, 2])
    expect(listed(batch.runs, 2)).toEqual([
      [outlet, 10],
      [undefined, 5],
    ])
  })

  it('that gets no memory for a record has not changed', () => {
    const batch = open(new BufferPool(1024))
    expect(batch.append(batched({ value: sized(100) }), 0)).toBe(true)
    const { size } = batch
    expect(batch.append(batched({ value: sized(2000) }), 9)).toBe(false)
    expect([batch.size, batch.recordCount, listed(batch.runs, 1)]).toEqual([size, 1, [[undefined, 0]]])
    batch.seal()
    expect(recordBatch.decode(Buffer.concat(batch.parts))).toMatchObject({ recordCount: 1, maxTimestamp: 0 })
  })

  it('takes a record that fits the rest of its piece though the pool is empty', () => {
    const batch = open(new BufferPool(1024))
    batch.append(batched({ value: sized(100) }), 0)
    expect(batch.append(batched({ value: sized(2000) }), 0)).toBe(false)
    expect(batch.append(batched({ value: sized(100) }), 0)).toBe(true)
  })

  it('writes many headers and a long key as they are', () => {
    const headers: Header[] = Array.from({ length: 300 }, (_, i) => ({ key: `h${i}`, value: i % 2 === 0 ? null : sized(i) }))
    const batch = open()
    batch.append(batched({ key: sized(5000), headers }), 0)
    batch.seal()
    const [{ key, headers: read }] = recordBatch.decode(Buffer.concat(batch.parts)).records
    expect(key).toHaveLength(5000)
    expect(read.map(({ key: name, value }) => [name, value?.length ?? null])).toEqual(
      headers.map(({ key: name, value }) => [name, value?.length ?? null]),
    )
  })
})

describe('the memory of a batch', () => {
  const sealedIn = (pool: BufferPool) => {
    const batch = filled([sized(100), sized(5000)], pool)
    batch.seal()
    return batch
  }

  it('is free once it is settled and no write holds it', () => {
    const pool = new BufferPool(MIB)
    const batch = sealedIn(pool)
    batch.writeStarted()
    batch.settle()
    expect(pool.held).toBeGreaterThan(0)
    expect(batch.parts.length).toBeGreaterThan(0)
    batch.writeReleased()
    expect(pool.held).toBe(0)
    expect(batch.parts).toEqual([])
  })

  it('is held for as long as it is not settled, whatever was written', () => {
    const pool = new BufferPool(MIB)
    const batch = sealedIn(pool)
    batch.writeStarted()
    batch.writeReleased()
    expect(pool.held).toBeGreaterThan(0)
    batch.settle()
    expect(pool.held).toBe(0)
  })

  it('waits for the last of several writes', () => {
    const pool = new BufferPool(MIB)
    const batch = sealedIn(pool)
    batch.writeStarted()
    batch.writeStarted()
    batch.settle()
    batch.writeReleased()
    expect(pool.held).toBeGreaterThan(0)
    batch.writeReleased()
    expect(pool.held).toBe(0)
  })

  it('is given back once, however often it is settled', () => {
    const pool = new BufferPool(MIB)
    const batch = sealedIn(pool)
    batch.settle()
    batch.settle()
    expect(pool.held).toBe(0)
  })

  it('follows what is in it: one small record takes 1 KiB, not a batch’s worth', () => {
    const pool = new BufferPool(MIB)
    filled([sized(100)], pool)
    expect(pool.held).toBe(1024)
  })
})
