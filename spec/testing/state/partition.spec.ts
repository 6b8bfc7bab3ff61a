import { Partition } from '../../../lib/testing/state/partition'
import type { PartitionOptions } from '../../../lib/testing/state/partition'
import { recordBatch } from '../../../lib/batch/record-batch'
import { batchOf, lettersIn, sequenced, transactional } from '../support/batches'

const SIZE = batchOf('a').length

const partitionOf = (options: Partial<PartitionOptions> = {}): Partition =>
  new Partition({ topic: 'orders', index: 0, replicas: [1, 2, 3], retentionBytes: 1_000_000, ...options })

const only = (...alive: readonly number[]): ReadonlySet<number> => new Set(alive)

const lettersOf = ({ log }: Partition): string => lettersIn(Buffer.concat(log.batches.map(({ bytes }) => bytes)))

/** How often somebody who waits would have looked. */
function changesOf({ changed$ }: Partition, act: () => void): number {
  let changes = 0
  const subscription = changed$.subscribe(() => changes++)
  act()
  subscription.unsubscribe()
  return changes
}

const abort = (producerId = 7n, producerEpoch = 0) => ({ producerId, producerEpoch, type: 'abort' as const, coordinatorEpoch: 0 })
const commit = (producerId = 7n, producerEpoch = 0) => ({ ...abort(producerId, producerEpoch), type: 'commit' as const })

describe('Partition, replicas', () => {
  it('is copied at once while all of them run', () => {
    const partition = partitionOf()
    partition.append(batchOf('abc'))
    expect(partition).toMatchObject({ leader: 1, leaderEpoch: 0, isr: [1, 2, 3], highWatermark: 3n, lastStableOffset: 3n })
    expect(partition.endOffsetOf(2)).toBe(3n)
  })

  it('is held by an in-sync replica that does not run', () => {
    const partition = partitionOf()
    partition.append(batchOf('a'))
    partition.follow(only(1, 2))
    partition.append(batchOf('b'))
    expect(partition.highWatermark).toBe(1n)
    expect(partition.endOffsetOf(2)).toBe(2n)
    expect(partition.endOffsetOf(3)).toBe(1n)
    partition.follow(only(1, 2, 3))
    expect(partition.highWatermark).toBe(2n)
  })

  it('goes on without it once it is out of sync', () => {
    const partition = partitionOf()
    partition.follow(only(1, 2))
    partition.append(batchOf('b'))
    partition.changeIsr([1, 2])
    expect(partition.highWatermark).toBe(1n)
  })

  it('does not go on below min.insync.replicas (KIP-966)', () => {
    const partition = partitionOf({ minIsr: () => 2 })
    partition.follow(only(1))
    partition.changeIsr([1])
    partition.append(batchOf('a'))
    expect(partition.highWatermark).toBe(0n)
    partition.follow(only(1, 2))
    partition.changeIsr([1, 2])
    expect(partition.highWatermark).toBe(1n)
  })

  it('asks for as many in-sync replicas as there are at most', () => {
    expect(partitionOf({ minIsr: () => 5 }).minIsr).toBe(3)
    expect(partitionOf({ minIsr: () => 2 }).minIsr).toBe(2)
  })

  it('copies nothing from a leader that does not run', () => {
    const partition = partitionOf()
    partition.append(batchOf('a'))
    partition.follow(only(1))
    partition.append(batchOf('b'))
    partition.follow(only(2, 3))
    expect(partition.endOffsetOf(2)).toBe(1n)
    partition.follow(only(1, 2, 3))
    expect(partition.endOffsetOf(2)).toBe(2n)
  })

  it('says each change to whoever waits', () => {
    const partition = partitionOf()
    expect(changesOf(partition, () => partition.append(batchOf('a')))).toBe(1)
    expect(changesOf(partition, () => partition.follow(only(1)))).toBe(1)
    expect(changesOf(partition, () => partition.changeIsr([1]))).toBe(1)
    expect(changesOf(partition, () => partition.changeLeader(2))).toBe(1)
    expect(changesOf(partition, () => partition.deleteBefore(0n))).toBe(1)
    expect(changesOf(partition, () => partition.writeMarker(commit()))).toBe(1)
    expect(changesOf(partition, () => partition.append(sequenced(0, 'a', { producerEpoch: -1 })))).toBe(0)
  })
})

describe('Partition, another leader', () => {
  it('begins the next epoch and loses nothing that all had', () => {
    const partition = partitionOf()
    partition.append(batchOf('ab'))
    partition.changeLeader(2)
    partition.append(batchOf('c'))
    expect(partition).toMatchObject({ leader: 2, leaderEpoch: 1, isr: [1, 2, 3], epochStartOffset: 2n, highWatermark: 3n })
    expect(partition.log.epochs.endOf(0, 3n)).toEqual({ epoch: 0, endOffset: 2n })
    expect(partition.log.batches.map(({ header }) => header.partitionLeaderEpoch)).toEqual([0, 1])
  })

  it('loses what only the leader had', () => {
    const partition = partitionOf()
    partition.append(batchOf('a'))
    partition.follow(only(1))
    partition.append(batchOf('lost'))
    partition.follow(only(2, 3))
    partition.changeLeader(2)
    partition.append(batchOf('b'))
    expect(lettersOf(partition)).toBe('ab')
    expect(partition).toMatchObject({ highWatermark: 1n, epochStartOffset: 1n })
    partition.follow(only(1, 2, 3))
    expect(partition.highWatermark).toBe(2n)
    partition.changeLeader(1)
    expect(lettersOf(partition)).toBe('ab')
  })

  it('loses what was acknowledged when one takes over that was not in sync', () => {
    const partition = partitionOf()
    partition.append(batchOf('a'))
    partition.follow(only(1, 2))
    partition.changeIsr([1, 2])
    partition.append(batchOf('b'))
    expect(partition.highWatermark).toBe(2n)
    partition.follow(only(3))
    partition.changeLeader(3)
    expect(partition).toMatchObject({ isr: [3], highWatermark: 1n })
    expect(lettersOf(partition)).toBe('a')
  })

  it('keeps everything while nobody leads', () => {
    const partition = partitionOf()
    partition.append(batchOf('a'))
    partition.changeLeader(-1)
    expect(partition).toMatchObject({ leader: -1, leaderEpoch: 1, highWatermark: 1n })
    partition.changeLeader(1)
    expect(lettersOf(partition)).toBe('a')
    expect(partition.leaderEpoch).toBe(2)
  })

  it('forgets sequence numbers with the batches that carried them', () => {
    const partition = partitionOf()
    partition.append(sequenced(0))
    partition.follow(only(1))
    partition.append(sequenced(1))
    partition.append(sequenced(2))
    partition.follow(only(2, 3))
    partition.changeLeader(2)
    expect(partition.append(sequenced(2)).type).toBe('refused')
    expect(partition.append(sequenced(0)).type).toBe('duplicate')
    expect(partition.append(sequenced(1)).type).toBe('appended')
  })

  it('remembers sequence numbers of batches that retention took', () => {
    const partition = partitionOf({ retentionBytes: 2 * SIZE })
    for (let i = 0; i < 10; i++) partition.append(sequenced(i))
    partition.append(batchOf('x'))
    partition.append(batchOf('y'))
    partition.follow(only(1))
    partition.append(batchOf('z'))
    partition.follow(only(2, 3))
    partition.changeLeader(2)
    expect(lettersOf(partition)).toBe('xy')
    expect(partition.append(sequenced(9)).type).toBe('duplicate')
    expect(partition.append(sequenced(10)).type).toBe('appended')
  })

  it('remembers open transactions whose beginning retention took', () => {
    const partition = partitionOf({ retentionBytes: 2 * SIZE })
    partition.append(transactional(0))
    partition.writeMarker(commit())
    partition.append(transactional(1))
    for (const letter of 'uvwxy') partition.append(batchOf(letter))
    partition.follow(only(1))
    partition.append(batchOf('z'))
    partition.follow(only(2, 3))
    partition.changeLeader(2)
    expect(partition.lastStableOffset).toBe(partition.log.startOffset)
    partition.writeMarker(commit())
    partition.follow(only(1, 2, 3))
    expect(partition.lastStableOffset).toBe(partition.highWatermark)
  })

  it('opens a transaction again whose marker was lost', () => {
    const partition = partitionOf()
    partition.append(transactional(0, 'ab'))
    partition.follow(only(1))
    partition.writeMarker(abort())
    expect(partition.abortedTransactions(0n, 10n)).toEqual([{ producerId: 7n, firstOffset: 0n }])
    partition.follow(only(2, 3))
    partition.changeLeader(2)
    expect(partition.abortedTransactions(0n, 10n)).toEqual([])
    expect(partition.lastStableOffset).toBe(0n)
    partition.writeMarker(commit())
    partition.follow(only(1, 2, 3))
    expect(partition.lastStableOffset).toBe(3n)
  })
})

describe('Partition, transactions', () => {
  it('shows read_committed nothing of an open transaction', () => {
    const partition = partitionOf()
    partition.append(batchOf('ab'))
    partition.append(transactional(0, 'cd'))
    partition.append(batchOf('e'))
    expect(partition).toMatchObject({ highWatermark: 5n, lastStableOffset: 2n })
    partition.writeMarker(commit())
    expect(partition).toMatchObject({ highWatermark: 6n, lastStableOffset: 6n })
    expect(partition.abortedTransactions(0n, 6n)).toEqual([])
  })

  it('shows what was ended only when all in-sync replicas know', () => {
    const partition = partitionOf()
    partition.append(transactional(0))
    partition.follow(only(1, 2))
    partition.writeMarker(commit())
    expect(partition).toMatchObject({ highWatermark: 1n, lastStableOffset: 0n })
    partition.follow(only(1, 2, 3))
    expect(partition.lastStableOffset).toBe(2n)
  })

  it('writes a marker as a control batch of the producer', () => {
    const partition = partitionOf({ timestamp: () => 1234 })
    partition.append(transactional(0, 'a', { producerEpoch: 3 }))
    partition.writeMarker({ producerId: 7n, producerEpoch: 4, type: 'abort', coordinatorEpoch: 9 })
    const [, marker] = partition.log.batches
    expect(recordBatch.decode(marker?.bytes ?? new Uint8Array(0))).toMatchObject({
      control: true,
      transactional: true,
      producerId: 7n,
      producerEpoch: 4,
      baseSequence: -1,
      records: [{ offset: 1n, timestamp: 1234, marker: { version: 0, type: 'abort', coordinatorEpoch: 9 } }],
    })
  })

  it('leaves out a marker that comes too late', () => {
    const partition = partitionOf()
    partition.append(transactional(0, 'a', { producerEpoch: 3 }))
    partition.writeMarker(abort(7n, 2))
    expect(partition.log.endOffset).toBe(1n)
  })

  it('names the aborted transactions with records in a range', () => {
    const partition = partitionOf()
    partition.append(transactional(0, 'ab'))
    partition.append(transactional(0, 'cd', { producerId: 8n }))
    partition.writeMarker(abort())
    partition.append(batchOf('e'))
    partition.writeMarker(abort(8n))
    const [first, second] = [
      { producerId: 7n, firstOffset: 0n },
      { producerId: 8n, firstOffset: 2n },
    ]
    expect(partition.abortedTransactions(0n, 7n)).toEqual([first, second])
    expect(partition.abortedTransactions(0n, 2n)).toEqual([first])
    expect(partition.abortedTransactions(4n, 7n)).toEqual([first, second])
    expect(partition.abortedTransactions(5n, 7n)).toEqual([second])
    expect(partition.abortedTransactions(7n, 9n)).toEqual([])
    partition.deleteBefore(5n)
    expect(partition.abortedTransactions(0n, 7n)).toEqual([second])
  })

  it('begins at the start of the log when an open transaction began before it', () => {
    const partition = partitionOf()
    partition.append(transactional(0, 'ab'))
    partition.append(batchOf('cd'))
    partition.deleteBefore(3n)
    expect(partition.lastStableOffset).toBe(3n)
  })
})

describe('Partition, retention', () => {
  it('keeps its last bytes, and never what an in-sync replica has yet to copy', () => {
    const partition = partitionOf({ retentionBytes: 3 * SIZE })
    for (const letter of 'abcde') partition.append(batchOf(letter))
    expect(lettersOf(partition)).toBe('cde')
    partition.follow(only(1, 2))
    for (const letter of 'fghi') partition.append(batchOf(letter))
    expect(lettersOf(partition)).toBe('cdefghi')
    partition.follow(only(1, 2, 3))
    expect(lettersOf(partition)).toBe('ghi')
    expect(partition.log.startOffset).toBe(6n)
  })

  it('forgets producers after a day, by its own clock', () => {
    let now = 0
    const partition = partitionOf({ timestamp: () => now })
    partition.append(sequenced(0))
    now = 86_399_999
    expect(partition.append(sequenced(5)).type).toBe('refused')
    now = 86_400_000
    expect(partition.append(sequenced(5)).type).toBe('appended')
  })
})
