import { Partition } from '../../../../lib/testing/state/partition'
import { NO_EPOCH, NO_PRODUCER_ID, Transaction, isExhausted } from '../../../../lib/testing/state/transactions/transaction'

const home = new Partition({ topic: '__transaction_state', index: 0, replicas: [1], retentionBytes: 1000 })

/** Of producer 7, at the epoch given. */
function begun(epoch = 0, formerEpoch = NO_EPOCH): Transaction {
  const transaction = new Transaction({ transactionalId: 'tx', producerId: 7n, home, now: 0 })
  transaction.initialise({ producerId: 7n, producerEpoch: epoch }, { formerEpoch, timeoutMs: 100, now: 10 })
  return transaction
}

const orders = { topic: 'orders', partition: 0 }

describe('a transaction', () => {
  it('starts when its first partition is added, and again with the first one after its end', () => {
    const transaction = begun()
    const before = transaction.startedAt
    transaction.add([orders], 20)
    transaction.add([{ topic: 'orders', partition: 1 }], 30)
    const first = transaction.startedAt
    transaction.prepare('commit', 40)
    transaction.complete('commit', 50)
    transaction.add([orders], 60)

    expect([before, first, transaction.startedAt]).toEqual([-1, 20, 60])
    expect([transaction.has(orders), transaction.has({ topic: 'orders', partition: 1 })]).toEqual([true, false])
  })

  it('keeps its epoch through an end of the first transaction versions', () => {
    const transaction = begun(4)
    transaction.add([orders], 20)
    transaction.prepare('abort', 30)
    transaction.complete('abort', 40)

    expect(transaction).toMatchObject({ state: 'CompleteAbort', producerId: 7n, producerEpoch: 4, formerEpoch: NO_EPOCH, updatedAt: 40 })
  })

  it('has the next epoch as soon as an end of the second version is prepared', () => {
    const transaction = begun(4)
    transaction.add([orders], 20)
    transaction.prepareNextEpoch('commit', 30, NO_PRODUCER_ID)
    const prepared = { epoch: transaction.producerEpoch, writing: transaction.writing, partitions: transaction.partitions.size }
    transaction.complete('commit', 40)

    expect(prepared).toEqual({ epoch: 5, writing: 'commit', partitions: 1 })
    expect(transaction).toMatchObject({ state: 'CompleteCommit', producerEpoch: 5, formerEpoch: 4, writing: undefined })
    expect(transaction.partitions.size).toBe(0)
  })

  it('goes on under another producer id when its epochs are used up, and keeps the old one for the markers', () => {
    const transaction = begun(32_766)
    transaction.add([orders], 20)
    transaction.prepareNextEpoch('commit', 30, 8n)
    const prepared = { producerId: transaction.producerId, producerEpoch: transaction.producerEpoch, successor: transaction.successor }
    transaction.complete('commit', 40)

    expect(prepared).toEqual({ producerId: 7n, producerEpoch: 32_767, successor: { producerId: 8n, producerEpoch: 0 } })
    expect(transaction).toMatchObject({ producerId: 8n, producerEpoch: 0, formerProducerId: 7n, formerEpoch: 32_766 })
    expect(transaction.successor).toEqual({ producerId: 8n, producerEpoch: 0 })
    transaction.initialise({ producerId: 8n, producerEpoch: 1 }, { formerEpoch: NO_EPOCH, timeoutMs: 100, now: 50 })
    expect(transaction.successor).toEqual({ producerId: 8n, producerEpoch: 1 })
  })

  it('that was fenced ends one epoch later, also in the first versions, and nobody before knows the way back', () => {
    const transaction = begun(4, 3)
    transaction.add([orders], 20)
    transaction.fence(30)
    transaction.prepare('abort', 30)

    expect(transaction).toMatchObject({ state: 'PrepareAbort', producerEpoch: 5, formerEpoch: NO_EPOCH })
  })

  it('that aborts without having begun starts with its end', () => {
    const transaction = begun()
    transaction.prepareNextEpoch('abort', 30, NO_PRODUCER_ID)

    expect(transaction).toMatchObject({ state: 'PrepareAbort', startedAt: 30 })
  })

  it.each<[string, (transaction: Transaction) => void]>([
    ['committed before it has begun', (transaction) => transaction.prepare('commit', 20)],
    ['completed before it is prepared', (transaction) => transaction.complete('commit', 20)],
    ['fenced before it has begun', (transaction) => transaction.fence(20)],
  ])('cannot be %s', (_, act) => {
    expect(() => act(begun())).toThrow(/A transaction cannot go from Empty to/)
  })

  it('cannot be initialised, added to, or forgotten while its markers are written', () => {
    const transaction = begun()
    transaction.add([orders], 20)
    transaction.prepare('commit', 30)

    expect(() => transaction.add([orders], 40)).toThrow('from PrepareCommit to Ongoing')
    expect(() => transaction.die(40)).toThrow('from PrepareCommit to Dead')
    expect(() => transaction.initialise({ producerId: 7n, producerEpoch: 1 }, { formerEpoch: 0, timeoutMs: 100, now: 40 })).toThrow(
      'from PrepareCommit to Empty',
    )
  })

  it('never gives the largest epoch to a client', () => {
    expect([32_765, 32_766, 32_767].map(isExhausted)).toEqual([false, true, true])
  })
})
