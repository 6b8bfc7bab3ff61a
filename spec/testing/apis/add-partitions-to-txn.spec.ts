import { AddPartitionsToTxnRequest } from '../../../lib/generated/messages/AddPartitionsToTxnRequest'
import { AddPartitionsToTxnResponse } from '../../../lib/generated/messages/AddPartitionsToTxnResponse'
import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { errorName, transacting } from '../support/transacting'
import type { Identity, Transacting } from '../support/transacting'

function started(brokers = 1) {
  const time = virtualTime()
  const cluster = testCluster({ brokers, topics: { orders: 2, bills: 1 }, scheduler: time.scheduler })
  return { time, cluster, ...transacting(cluster, { time }) }
}

interface Verifying extends Identity {
  readonly id?: string
  readonly verifyOnly?: boolean
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[]
}

/** As brokers ask their coordinators: several transactions at a time. */
function askAsBroker(ask: Transacting['ask'], transactions: readonly Verifying[], version = 5) {
  const request = transactions.map(({ id = 'tx', verifyOnly = true, producerId, producerEpoch, topics }) => ({
    ...{ transactionalId: id, verifyOnly, producerId, producerEpoch },
    topics,
  }))
  return ask(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, { transactions: request }, version).resultsByTransaction.map(
    ({ transactionalId, topicResults }) => [
      transactionalId,
      ...topicResults.flatMap(({ name, resultsByPartition }) =>
        resultsByPartition.map(({ partitionIndex, partitionErrorCode }) => `${name}-${partitionIndex} ${errorName(partitionErrorCode)}`),
      ),
    ],
  )
}

describe('AddPartitionsToTxn', () => {
  it.each([0, 1, 2, 3, 4, 5])('begins a transaction and takes more into it, in version %i', (version) => {
    const { initialise, add, describe: described } = started()
    const who = initialise()

    expect(add(who, ['orders-0'], version)).toEqual({ 'orders-0': 'NONE' })
    expect(add(who, ['orders-0', 'orders-1', 'bills-0'], version)).toEqual({ 'orders-0': 'NONE', 'orders-1': 'NONE', 'bills-0': 'NONE' })
    expect(described()).toMatchObject({
      transactionState: 'Ongoing',
      topics: [
        { topic: 'orders', partitions: [0, 1] },
        { topic: 'bills', partitions: [0] },
      ],
    })
  })

  it('takes in all partitions or none', () => {
    const { initialise, add, state } = started()
    const added = add(initialise(), ['orders-0', 'orders-7', 'nowhere-0'])

    expect(added).toEqual({
      'orders-0': 'OPERATION_NOT_ATTEMPTED',
      'orders-7': 'UNKNOWN_TOPIC_OR_PARTITION',
      'nowhere-0': 'UNKNOWN_TOPIC_OR_PARTITION',
    })
    expect(state()).toBe('Empty')
  })

  it.each([
    [0, 'INVALID_PRODUCER_EPOCH'],
    [1, 'INVALID_PRODUCER_EPOCH'],
    [2, 'PRODUCER_FENCED'],
    [3, 'PRODUCER_FENCED'],
    [5, 'PRODUCER_FENCED'],
  ])('shuts out another epoch: version %i says %s', (version, error) => {
    const { initialise, add } = started()
    const who = initialise()
    initialise()

    expect(add(who, ['orders-0'], version)).toEqual({ 'orders-0': error })
  })

  it('refuses a producer id that the transactional id does not have', () => {
    const { initialise, add } = started()
    const { producerId, producerEpoch } = initialise()

    expect(add({ producerId: producerId + 1n, producerEpoch }, ['orders-0'])).toEqual({ 'orders-0': 'INVALID_PRODUCER_ID_MAPPING' })
  })

  it('refuses an id that is empty, and internal topics from producers', () => {
    const { cluster, time, initialise, add } = started()
    const who = initialise()

    expect(transacting(cluster, { time, id: '' }).add(who, ['orders-0'])).toEqual({ 'orders-0': 'INVALID_REQUEST' })
    expect(add(who, ['__transaction_state-0'])).toEqual({ '__transaction_state-0': 'TOPIC_AUTHORIZATION_FAILED' })
    expect(add(who, ['__transaction_state-0'], 5)).toEqual({ '__transaction_state-0': 'NONE' })
  })

  it('is answered by the coordinator alone', () => {
    const { cluster, time, coordinator } = started(2)
    const producer = (node: number) => transacting(cluster, { time, node })
    const who = producer(coordinator.transaction).initialise()

    expect(producer(3 - coordinator.transaction).add(who, ['orders-0'])).toEqual({ 'orders-0': 'NOT_COORDINATOR' })
    expect(producer(coordinator.transaction).add(who, ['orders-0'])).toEqual({ 'orders-0': 'NONE' })
  })

  it('has producers wait while the markers of the transaction before are written', () => {
    const { cluster, time, coordinator } = started(3)
    const { initialise, add, end } = transacting(cluster, { time, node: coordinator.transaction })
    const who = initialise()
    const [place, leader] = coordinator.transaction === 1 ? (['orders-1', 2] as const) : (['orders-0', 1] as const)
    add(who, [place])
    cluster.broker(leader).pause()
    end('commit', who, 4)
    const meanwhile = [3, 5].map((version) => add(who, [place], version)[place])
    cluster.broker(leader).resume()
    time.advance(0)

    expect(meanwhile).toEqual(['CONCURRENT_TRANSACTIONS', 'CONCURRENT_TRANSACTIONS'])
    expect(add(who, [place])).toEqual({ [place]: 'NONE' })
  })

  it('tells brokers, for several transactions at a time, whether partitions were added', () => {
    const { ask, cluster, time, initialise, add } = started()
    const mine = initialise()
    add(mine, ['orders-0'])
    const other = transacting(cluster, { time, id: 'other' })
    const theirs = other.initialise()
    const verified = askAsBroker(ask, [
      { ...mine, topics: [{ name: 'orders', partitions: [0, 1] }] },
      { ...theirs, id: 'other', verifyOnly: false, topics: [{ name: 'bills', partitions: [0] }] },
    ])

    expect(verified).toEqual([
      ['tx', 'orders-0 NONE', 'orders-1 TRANSACTION_ABORTABLE'],
      ['other', 'bills-0 NONE'],
    ])
    expect([other.state(), cluster.records('orders')]).toEqual(['Ongoing', []])
  })

  it.each([4, 5])('verifies who asks, in version %i', (version) => {
    const { ask, initialise, add } = started()
    const { producerId, producerEpoch } = initialise()
    add({ producerId, producerEpoch }, ['orders-0'])
    const topics = [{ name: 'orders', partitions: [0] }]
    const verified = (fields: Partial<Verifying>) => askAsBroker(ask, [{ producerId, producerEpoch, topics, ...fields }], version)[0]?.[1]

    expect(verified({})).toBe('orders-0 NONE')
    expect(verified({ producerEpoch: 9 })).toBe('orders-0 PRODUCER_FENCED')
    expect(verified({ producerId: 99n })).toBe('orders-0 INVALID_PRODUCER_ID_MAPPING')
    expect(verified({ id: 'nobody' })).toBe('orders-0 INVALID_PRODUCER_ID_MAPPING')
    expect(verified({ id: '' })).toBe('orders-0 INVALID_REQUEST')
    expect(verified({ topics: [{ name: 'nowhere', partitions: [0] }] })).toBe('nowhere-0 UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('never answers brokers that ask about nothing', () => {
    const { ask, time } = started()
    const asked = ask.begin(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, { transactions: [] })
    time.advance(100_000)

    expect(asked.state).toBe('waiting')
  })
})
