import * as fc from 'fast-check'
import { recordBatch } from '../../../../lib/batch/record-batch'
import { PartitionLog } from '../../../../lib/testing/state/log/partition-log'
import type { SliceOptions } from '../../../../lib/testing/state/log/partition-log'
import { batchOf, lettersIn } from '../../support/batches'

const SIZE = batchOf('a').length

/** A log with these batches, all of epoch 0. */
function logOf(batches: readonly string[], retentionBytes = Infinity): PartitionLog {
  const log = new PartitionLog({ retentionBytes })
  for (const letters of batches) log.append(batchOf(letters), 0)
  return log
}

const all: SliceOptions = { from: 0n, to: 1000n, maxBytes: Infinity, atLeastOne: true }

/** The letters of a slice; a batch that is cut off is left out. */
const letters = (log: PartitionLog, options: Partial<SliceOptions> = {}): string =>
  lettersIn(Buffer.concat(log.slice({ ...all, ...options }).pieces))

describe('PartitionLog', () => {
  it('gives batches their offsets and the epoch of the leader, and leaves their checksum right', () => {
    const log = new PartitionLog({ retentionBytes: Infinity })
    log.append(batchOf('abc'), 0)
    log.append(batchOf('de'), 4)
    const decoded = log.batches.map(({ bytes }) => recordBatch.decode(bytes))
    expect(decoded).toMatchObject([
      { baseOffset: 0n, lastOffset: 2n, partitionLeaderEpoch: 0 },
      { baseOffset: 3n, lastOffset: 4n, partitionLeaderEpoch: 4 },
    ])
    expect(log.endOffset).toBe(5n)
    expect(log.epochs.endOf(0, log.endOffset)).toEqual({ epoch: 0, endOffset: 3n })
  })

  it('writes another time into a batch, and a new checksum', () => {
    const log = new PartitionLog({ retentionBytes: Infinity })
    const { bytes } = log.append(batchOf('ab', { timestamp: 5 }), 0, { type: 'append', maxTimestamp: 777 })
    expect(recordBatch.decode(bytes)).toMatchObject({ timestampType: 'append', records: [{ timestamp: 777 }, { timestamp: 777 }] })
  })

  it('keeps a copy', () => {
    const log = new PartitionLog({ retentionBytes: Infinity })
    const batch = batchOf('a')
    log.append(batch, 0)
    batch.fill(0)
    expect(letters(log)).toBe('a')
  })

  it('reads from the batch that holds the offset, up to another', () => {
    const log = logOf(['abc', 'de', 'f'])
    expect(letters(log)).toBe('abcdef')
    expect(letters(log, { from: 2n })).toBe('abcdef')
    expect(letters(log, { from: 3n })).toBe('def')
    expect(letters(log, { from: 1n, to: 5n })).toBe('abcde')
    expect(letters(log, { from: 5n, to: 5n })).toBe('')
    expect(letters(log, { from: 6n })).toBe('')
  })

  it('cuts the last batch off where there is no more room', () => {
    const slice = logOf(['a', 'b', 'c']).slice({ ...all, maxBytes: 2 * SIZE + 10 })
    expect(slice.size).toBe(2 * SIZE + 10)
    expect(slice.pieces.map(({ length }) => length)).toEqual([SIZE, SIZE, 10])
  })

  it('gives the first batch whole or not at all', () => {
    const log = logOf(['a', 'b'])
    expect(log.slice({ ...all, maxBytes: 10 })).toMatchObject({ size: SIZE })
    expect(log.slice({ ...all, maxBytes: 0 })).toMatchObject({ size: SIZE })
    expect(log.slice({ ...all, maxBytes: SIZE - 1, atLeastOne: false })).toEqual({ pieces: [], size: 0 })
    expect(log.slice({ ...all, maxBytes: SIZE, atLeastOne: false })).toMatchObject({ size: SIZE })
  })

  it('knows, every 4,096 bytes and a bit, an offset behind what was read, and else its end', () => {
    const each = 'x'.repeat(50)
    const log = logOf(Array.from({ length: 100 }, () => each))
    const size = log.size / 100
    // The first batch before which there are more than 4,096 bytes; the next one comes as far behind it.
    const first = Math.floor(4096 / size) + 1
    const lastOffsetOf = (batch: number): bigint => BigInt((batch + 1) * each.length - 1)
    expect(2 * first).toBeLessThan(100)
    expect(log.indexedOffset(0n, 0)).toBe(lastOffsetOf(first))
    expect(log.indexedOffset(0n, first * size)).toBe(lastOffsetOf(first))
    expect(log.indexedOffset(0n, first * size + 1)).toBe(lastOffsetOf(2 * first))
    log.beginAt(lastOffsetOf(first) + 1n)
    expect(log.indexedOffset(log.startOffset, 0)).toBe(lastOffsetOf(2 * first))
    log.truncateTo(lastOffsetOf(2 * first - 1) + 1n)
    expect(log.indexedOffset(log.startOffset, 0)).toBe(log.endOffset)
  })

  it('knows how many bytes lie between two offsets', () => {
    const log = logOf(['abc', 'd', 'e'])
    expect(log.sizeBetween(0n, 5n)).toBe(log.size)
    expect(log.sizeBetween(3n, 5n)).toBe(2 * SIZE)
    expect(log.sizeBetween(3n, 4n)).toBe(SIZE)
    expect(log.sizeBetween(5n, 5n)).toBe(0)
    expect(log.sizeBetween(5n, 3n)).toBe(0)
  })

  it('lets go of the oldest batches beyond what it keeps, and says which', () => {
    const dropped: bigint[] = []
    const log = new PartitionLog({ retentionBytes: 3 * SIZE, dropped: ({ lastOffset }) => dropped.push(lastOffset) })
    for (const letter of 'abcde') log.append(batchOf(letter), 0)
    expect(log.size).toBe(5 * SIZE)
    log.retain(5n)
    expect(letters(log)).toBe('cde')
    expect(log).toMatchObject({ startOffset: 2n, endOffset: 5n, size: 3 * SIZE })
    expect(dropped).toEqual([0n, 1n])
  })

  it('keeps what somebody has yet to copy, and the last batch however large', () => {
    const log = logOf(['a', 'b', 'c'], SIZE)
    log.retain(1n)
    expect(letters(log)).toBe('bc')
    const small = logOf(['abc'], 10)
    small.retain(3n)
    expect(letters(small)).toBe('abc')
  })

  it('can begin in the middle of a batch', () => {
    const log = logOf(['abc', 'de'])
    log.beginAt(1n)
    expect(log.startOffset).toBe(1n)
    expect(letters(log, { from: 1n })).toBe('abcde')
    log.beginAt(3n)
    expect(letters(log, { from: 3n })).toBe('de')
    log.beginAt(2n)
    expect(log.startOffset).toBe(3n)
  })

  it('goes on where it was cut off', () => {
    const log = logOf(['abc', 'de', 'f'])
    log.truncateTo(3n)
    log.append(batchOf('xy'), 1)
    expect(letters(log)).toBe('abcxy')
    expect(log.endOffset).toBe(5n)
    expect(log.sizeBetween(0n, 5n)).toBe(log.size)
  })

  it('holds a hundred thousand batches a few times over, and keeps its size', () => {
    const log = new PartitionLog({ retentionBytes: 100 * SIZE })
    const batch = batchOf('a')
    for (let i = 0; i < 100_000; i++) {
      log.append(batch, 0)
      log.retain(log.endOffset)
    }
    expect(log.batches.length).toBe(100)
    expect(log.startOffset).toBe(99_900n)
    expect(letters(log, { from: 99_950n, to: 99_960n })).toHaveLength(10)
  })

  it('is what its batches are, whatever happens to it', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), behavesLikeAList))
  })
})

type Step =
  | { readonly type: 'append'; readonly letters: string }
  | { readonly type: 'truncate' | 'begin'; readonly at: number }
  | { readonly type: 'retain' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      letters: fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('a', 'b', 'c') }),
    }),
  },
  fc.record({ type: fc.constantFrom('truncate' as const, 'begin' as const), at: fc.nat(30) }),
  fc.record({ type: fc.constant('retain' as const) }),
)

const RETENTION = 6 * SIZE

/** The same with an array of batches, and nothing clever. */
function behavesLikeAList(steps: readonly Step[]): void {
  const log = new PartitionLog({ retentionBytes: RETENTION })
  let list: { readonly from: number; readonly letters: string }[] = []
  let [start, end] = [0, 0]
  const sizeOf = (): number => list.reduce((sum, each) => sum + batchOf(each.letters).length, 0)
  const endOf = ({ from, letters }: { readonly from: number; readonly letters: string }): number => from + letters.length

  for (const each of steps) {
    if (each.type === 'append') {
      log.append(batchOf(each.letters), 0)
      list.push({ from: end, letters: each.letters })
      end += each.letters.length
    } else if (each.type === 'retain') {
      log.retain(log.endOffset)
      while (sizeOf() > RETENTION && list.length > 1) start = Math.max(start, endOf(list.shift() ?? { from: 0, letters: '' }))
    } else if (each.type === 'begin') {
      const at = Math.min(Math.max(each.at, start), end)
      log.beginAt(BigInt(at))
      start = at
      list = list.filter((one) => endOf(one) > start)
    } else {
      const at = list.find(({ from }) => from >= each.at)?.from ?? end
      log.truncateTo(BigInt(at))
      list = list.filter(({ from }) => from < at)
      end = at
      start = Math.min(start, at)
    }
  }

  expect(log).toMatchObject({ startOffset: BigInt(start), endOffset: BigInt(end), size: sizeOf() })
  for (let from = start; from <= end; from++) {
    const expected = list.filter((one) => endOf(one) > from)
    expect(letters(log, { from: BigInt(from) })).toBe(expected.map((one) => one.letters).join(''))
    expect(log.sizeBetween(BigInt(from), log.endOffset)).toBe(expected.reduce((sum, one) => sum + batchOf(one.letters).length, 0))
  }
}
