import { ErrorCode } from '../../../../lib/generated/error-codes'
import { settingsOf } from '../../../../lib/testing/settings'
import type { TestClusterOptions } from '../../../../lib/testing/settings'
import { ClusterState } from '../../../../lib/testing/state/cluster-state'
import { coordinatorOf } from '../../../../lib/testing/state/coordinators'
import { coordinatorPartition } from '../../../../lib/testing/state/internal-topics'
import { NO_LEADER } from '../../../../lib/testing/state/partition'
import type { ProducerIdentity, Transaction } from '../../../../lib/testing/state/transactions/transaction'
import { virtualTime } from '../../../../lib/testing/virtual-time'
import { clockOf } from '../../../../lib/time'
import { errorName } from '../../support/transacting'

const orders = { topic: 'orders', partition: 0 }

function started(options: TestClusterOptions = {}) {
  const time = virtualTime()
  const cluster = new ClusterState(settingsOf({ brokers: 3, ...options }), clockOf(time.scheduler))
  cluster.createTopic({
    name: 'orders',
    assignment: [
      [1, 2, 3],
      [2, 3, 1],
    ],
  })
  coordinatorOf(cluster, 'transaction', 'tx')
  const home = coordinatorPartition(cluster.topics, 'transaction', 'tx')
  if (home === undefined) throw new Error('There is no coordinator')
  const { transactions } = cluster

  const initialise = (expected?: ProducerIdentity, timeoutMs = 1000) => {
    const { errorCode, ...identity } = transactions.initialise({ transactionalId: 'tx', timeoutMs, expected })
    return { error: errorName(errorCode), ...identity }
  }
  const admit = (who: ProducerIdentity, { implicit, partition = 0 }: { implicit: boolean; partition?: number }): string => {
    const { producerId, producerEpoch } = who
    return errorName(transactions.admit({ transactionalId: 'tx', producerId, producerEpoch, topic: 'orders', partition, implicit }))
  }
  const end = (who: ProducerIdentity, version: 1 | 2, how: 'commit' | 'abort' = 'commit') => {
    const { errorCode, ...identity } = transactions.end('tx', { ...who, how, version })
    return { error: errorName(errorCode), ...identity }
  }
  const found = (): Transaction => {
    const transaction = transactions.find('tx')
    if (transaction === undefined) throw new Error('There is no such transaction')
    return transaction
  }
  const add = (who: ProducerIdentity): string => errorName(transactions.add('tx', who, [orders]))
  return { time, cluster, home, transactions, initialise, admit, end, add, found }
}

describe('transactions', () => {
  it('give each transactional id a producer id of its own, and a new epoch each time', () => {
    const { initialise, transactions } = started()
    const other = transactions.initialise({ transactionalId: 'other', timeoutMs: 1, expected: undefined })

    expect(initialise()).toMatchObject({ error: 'NONE', producerEpoch: 0 })
    expect(initialise()).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(other.producerId).not.toBe(initialise().producerId)
  })

  it('answer one who says who he is the same as often as he asks', () => {
    const { initialise } = started()
    const { producerId, producerEpoch } = initialise()
    const answers = Array.from({ length: 4 }, () => initialise({ producerId, producerEpoch }))

    expect(answers).toEqual(Array(4).fill({ error: 'NONE', producerId, producerEpoch: 1 }))
  })

  it('shut out who had the id before, and abort what he left open', () => {
    const { initialise, add, end, found, time } = started()
    const before = initialise()
    add(before)
    const refused = initialise()
    const state = found().state
    time.advance(0)
    const after = initialise()

    expect(refused).toEqual({ error: 'CONCURRENT_TRANSACTIONS', producerId: -1n, producerEpoch: -1 })
    expect(state).toBe('PrepareAbort')
    expect(after).toEqual({ error: 'NONE', producerId: before.producerId, producerEpoch: 2 })
    expect([end(before, 1).error, end(before, 2).error]).toEqual(['PRODUCER_FENCED', 'PRODUCER_FENCED'])
  })

  it('admit a batch whose partition was added, and tell others that they have to abort', () => {
    const { initialise, add, admit } = started()
    const who = initialise()
    add(who)

    expect(admit(who, { implicit: false })).toBe('NONE')
    expect(admit(who, { implicit: false, partition: 1 })).toBe('TRANSACTION_ABORTABLE')
    expect(admit({ ...who, producerEpoch: 5 }, { implicit: false })).toBe('INVALID_PRODUCER_EPOCH')
    expect(admit({ ...who, producerId: 99n }, { implicit: false })).toBe('INVALID_PRODUCER_ID_MAPPING')
  })

  it('begin with a batch that adds its partition by itself', () => {
    const { initialise, admit, found } = started()
    const who = initialise()

    expect(admit(who, { implicit: true })).toBe('NONE')
    expect(found()).toMatchObject({ state: 'Ongoing' })
    expect(found().has(orders)).toBe(true)
  })

  it('let nobody in while markers are written', () => {
    const { initialise, add, admit, end, time } = started()
    const who = initialise()
    add(who)
    end(who, 1)

    expect(admit(who, { implicit: true })).toBe('CONCURRENT_TRANSACTIONS')
    expect(admit(who, { implicit: false })).toBe('NOT_ENOUGH_REPLICAS')
    expect(add(who)).toBe('CONCURRENT_TRANSACTIONS')
    expect(end(who, 1).error).toBe('CONCURRENT_TRANSACTIONS')
    time.advance(0)
    expect(add(who)).toBe('NONE')
  })

  it.each([true, false])('have batches tried again while nobody can say whether they belong there (implicit: %s)', (implicit) => {
    const { cluster, home, initialise, admit } = started()
    const who = initialise()
    const node = cluster.nodes.get(home.leader)
    if (node === undefined) throw new Error('Nobody leads')
    node.status = 'paused'
    const paused = admit(who, { implicit })
    cluster.elect(home, NO_LEADER)

    expect([paused, admit(who, { implicit })]).toEqual(['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS'])
  })

  it('are not changed while too few replicas would keep what became of them', () => {
    const { home, initialise, add, end, found } = started()
    const who = initialise()
    home.changeIsr([1])
    const refused = [add(who), initialise().error]
    home.changeIsr([1, 2])
    add(who)
    home.changeIsr([1])

    expect(refused).toEqual(['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_NOT_AVAILABLE'])
    expect([add(who), end(who, 2).error]).toEqual(['NONE', 'COORDINATOR_NOT_AVAILABLE'])
    expect(found()).toMatchObject({ state: 'Ongoing', producerEpoch: 0 })
  })

  it.each([1, 2] as const)(
    'are aborted when their time is over, and whoever began them is shut out (transaction version %s)',
    (version) => {
      const { initialise, add, end, found, time } = started({ transactionVersion: version })
      const who = initialise(undefined, 500)
      time.advance(100)
      add(who)
      time.advance(499)
      const before = found().state
      time.advance(1)

      expect(before).toBe('Ongoing')
      expect(found()).toMatchObject({ state: 'CompleteAbort', producerEpoch: 1 })
      expect(end(who, 1).error).toBe('PRODUCER_FENCED')
      expect(end(who, 2)).toMatchObject({ error: 'INVALID_TXN_STATE' })
      expect(end(who, 2, 'abort')).toEqual({ error: 'NONE', producerId: who.producerId, producerEpoch: 1 })
    },
  )

  it('let the one whose time was over go on only under the second transaction version', () => {
    const goOn = (transactionVersion: 1 | 2) => {
      const { initialise, add, time } = started({ transactionVersion })
      const { producerId, producerEpoch } = initialise()
      add({ producerId, producerEpoch })
      time.advance(1000)
      return initialise({ producerId, producerEpoch })
    }

    expect(goOn(1)).toMatchObject({ error: 'PRODUCER_FENCED' })
    expect(goOn(2)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
  })

  it('have time only while they are open: nothing is scheduled before and after', async () => {
    const { initialise, add, end, time } = started()
    const who = initialise()
    await time.settle()
    const idle = time.now
    add(who)
    end(who, 1)
    await time.settle()

    expect([idle, time.now]).toEqual([0, 0])
  })

  it('are aborted late when nobody coordinates them at the time', () => {
    const { cluster, home, initialise, add, found, time } = started()
    const leader = home.leader
    add(initialise())
    cluster.elect(home, NO_LEADER)
    time.advance(5000)
    const before = found().state
    cluster.elect(home, leader)
    time.advance(0)

    expect([before, found().state]).toEqual(['Ongoing', 'CompleteAbort'])
  })

  it('are forgotten when nothing happened to them for long, unless one is open', () => {
    const { initialise, add, transactions, time } = started({ configs: { 'transactional.id.expiration.ms': '10000' } })
    const first = initialise(undefined, 60_000)
    time.advance(9_999)
    const before = transactions.find('tx')?.state
    time.advance(1)
    const after = transactions.find('tx')
    const second = initialise(undefined, 60_000)
    add(second)
    time.advance(20_000)

    expect([before, after]).toEqual(['Empty', undefined])
    expect(second).toMatchObject({ producerEpoch: 0 })
    expect(second.producerId).not.toBe(first.producerId)
    expect(transactions.all.map(({ state }) => state)).toEqual(['Ongoing'])
  })

  it('go on under another producer id when InitProducerId has used up the epochs of one', () => {
    const { initialise } = started()
    let last = initialise()
    while (last.producerEpoch < 32_766) last = initialise()
    const next = initialise(last)

    expect(next).toMatchObject({ error: 'NONE', producerEpoch: 0 })
    expect(next.producerId).not.toBe(last.producerId)
    expect(initialise(last)).toEqual(next)
    expect(initialise()).toEqual({ ...next, producerEpoch: 1 })
    expect(initialise(last)).toMatchObject({ error: 'PRODUCER_FENCED' })
  })

  it('go on under another producer id when EndTxn has used up the epochs of one', () => {
    const { initialise, add, admit, end, found, time } = started()
    const first = initialise()
    let last = end(first, 2, 'abort')
    while (last.producerEpoch < 32_766) last = end(last, 2, 'abort')
    add(last)
    const next = end(last, 2)
    const prepared = { producerId: found().producerId, producerEpoch: found().producerEpoch }
    time.advance(0)

    expect(last.producerId).toBe(first.producerId)
    expect(prepared).toEqual({ producerId: last.producerId, producerEpoch: 32_767 })
    expect(next).toMatchObject({ error: 'NONE', producerEpoch: 0 })
    expect(next.producerId).not.toBe(last.producerId)
    expect([end(last, 2), end(last, 2, 'abort').error]).toEqual([next, 'INVALID_TXN_STATE'])
    expect([admit(last, { implicit: true }), admit(next, { implicit: true })]).toEqual(['INVALID_PRODUCER_ID_MAPPING', 'NONE'])
  })

  it('of which the last epoch times out go on under another producer id', () => {
    const { initialise, add, end, found, time } = started()
    const first = initialise()
    let last = end(first, 2, 'abort')
    while (last.producerEpoch < 32_766) last = end(last, 2, 'abort')
    add(last)
    time.advance(1000)

    expect(found()).toMatchObject({ state: 'CompleteAbort', producerEpoch: 0 })
    expect(found().producerId).not.toBe(first.producerId)
  })

  it('know nobody before anybody has asked for an identity', () => {
    const { transactions, admit } = started()
    const stranger = { producerId: 0n, producerEpoch: 0 }

    expect(transactions.add('tx', stranger, [orders])).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    expect(transactions.verify('tx', stranger, [orders, orders])).toEqual(Array(2).fill(ErrorCode.INVALID_PRODUCER_ID_MAPPING))
    expect(transactions.end('tx', { ...stranger, how: 'commit', version: 2 }).errorCode).toBe(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    expect(admit(stranger, { implicit: true })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(transactions.join({ transactionalId: '', ...stranger, ...orders, implicit: true })).toBe(ErrorCode.INVALID_REQUEST)
  })
})
