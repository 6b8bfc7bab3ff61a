import { Batch } from '../../lib/batch/batch'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { recordBatch } from '../../lib/batch/record-batch'
import { cutBatch, halves, runs } from '../../lib/batch/split'
import { listed } from '../support/record-runs'
import { batched, outletRecorder, utf8 } from '../support/records'

const whole = (count: number, pool: BufferPool): Batch<number> => {
  const { outlet } = outletRecorder<number>()
  const batch = new Batch<number>('orders', 3, 17, pool)
  for (let i = 0; i < count; i++) {
    batch.append(
      batched({ key: utf8(`k${i}`), value: utf8(`v${i}`), headers: [{ key: 'n', value: utf8(String(i)) }], context: i, outlet }),
      100 + i,
    )
  }
  batch.seal()
  return batch
}

const splitBatch = (batch: Batch<number>, pool: BufferPool) => cutBatch(batch, halves(batch), pool) ?? []

const keysOf = (batch: Batch<number>) =>
  recordBatch.decode(Buffer.concat(batch.parts)).records.map(({ key }) => Buffer.from(key ?? []).toString())

describe('splitting a batch', () => {
  it.each([
    [2, [1, 1]],
    [3, [2, 1]],
    [10, [5, 5]],
    [11, [6, 5]],
  ])('of %i records makes two, of %j records', (count, counts) => {
    expect(splitBatch(whole(count, new BufferPool(Infinity)), new BufferPool(Infinity)).map(({ recordCount }) => recordCount)).toEqual(
      counts,
    )
  })

  it('keeps the order of the records and all that is in them', () => {
    const pool = new BufferPool(Infinity)
    const batch = whole(5, pool)
    const keys = keysOf(batch)
    const parts = splitBatch(batch, pool)
    expect(parts.flatMap(keysOf)).toEqual(keys)
    const read = parts.flatMap((part) => recordBatch.decode(Buffer.concat(part.parts)).records)
    expect(read.map(({ timestamp, headers }) => [timestamp, Buffer.from(headers[0].value ?? []).toString()])).toEqual(
      [0, 1, 2, 3, 4].map((i) => [100 + i, String(i)]),
    )
  })

  it('keeps contexts, outlets, partition and age', () => {
    const pool = new BufferPool(Infinity)
    const batch = whole(3, pool)
    const [first, second] = splitBatch(batch, pool)
    expect([first.contexts, second.contexts]).toEqual([[0, 1], [2]])
    expect([...listed(first.runs, 2), ...listed(second.runs, 1)]).toEqual(listed(batch.runs, 3))
    expect([first, second].map(({ topic, partition, createdAt }) => [topic, partition, createdAt])).toEqual([
      ['orders', 3, 17],
      ['orders', 3, 17],
    ])
  })

  it('makes sealed batches, which do not wait for more, and have not been tried', () => {
    const pool = new BufferPool(Infinity)
    const batch = whole(2, pool)
    batch.attempts = 4
    expect(splitBatch(batch, pool).map(({ isSealed, attempts }) => ({ isSealed, attempts }))).toEqual([
      { isSealed: true, attempts: 0 },
      { isSealed: true, attempts: 0 },
    ])
  })

  it('tells nobody of room: who heard of it would send the whole again, which still has its place', () => {
    const pool = new BufferPool(4096)
    const batch = whole(4, pool)
    let told = 0
    pool.onGiven = () => told++
    expect(splitBatch(batch, pool)).toHaveLength(2)
    expect(told).toBe(0)
  })

  it('works when the pool is full, and holds no more than before', () => {
    const pool = new BufferPool(1024)
    const batch = whole(4, pool)
    expect(pool.free).toBe(0)
    const parts = splitBatch(batch, pool)
    expect(parts.map(({ recordCount }) => recordCount)).toEqual([2, 2])
    expect(pool.held).toBeLessThanOrEqual(1024)
    for (const part of parts) part.settle()
    expect(pool.free).toBe(1024)
  })

  it('changes nothing when there is no room for what the parts need beyond the whole', () => {
    const pool = new BufferPool(1024)
    const batch = whole(30, pool)
    const bytes = Buffer.concat(batch.parts)
    expect(cutBatch(batch, [...Array(30).keys()], pool)).toBeUndefined()
    expect([pool.held, Buffer.concat(batch.parts).equals(bytes)]).toEqual([1024, true])
  })

  it('leaves the pieces that the network still reads alone', () => {
    const pool = new BufferPool(2048)
    const batch = whole(4, pool)
    const [bytes] = batch.parts
    const before = Buffer.from(bytes)
    batch.writeStarted()
    const parts = splitBatch(batch, pool)
    expect([parts.length, before.equals(bytes)]).toEqual([2, true])
    for (const part of parts) part.settle()
    expect(pool.free).toBe(1024)
    batch.writeReleased()
    expect(pool.free).toBe(2048)
  })
})

describe('runs of records', () => {
  it.each([
    ['none is marked', 4, [], [0]],
    ['all are marked', 3, [0, 1, 2], [0, 1, 2]],
    ['one in the middle is', 4, [1], [0, 1, 2]],
    ['the first and the last are', 4, [0, 3], [0, 1, 3]],
  ])('begin where marked and unmarked ones meet: %s', (_what, count, marked: number[], starts) => {
    expect(runs(count, (index) => marked.includes(index))).toEqual(starts)
  })
})
