import { DescribeTransactionsRequest } from '../../../lib/generated/messages/DescribeTransactionsRequest'
import { DescribeTransactionsResponse } from '../../../lib/generated/messages/DescribeTransactionsResponse'
import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { errorName, transacting } from '../support/transacting'

function started(brokers = 1) {
  const time = virtualTime()
  const cluster = testCluster({ brokers, topics: { orders: 2 }, scheduler: time.scheduler })
  return { time, cluster, ...transacting(cluster, { time }) }
}

describe('DescribeTransactions', () => {
  it('tells who may write, since when, and where he has', () => {
    const { initialise, add, describe: described, time } = started()
    const { producerId } = initialise({ transactionTimeoutMs: 5000 })
    const before = described()
    time.advance(70)
    add({ producerId, producerEpoch: 0 }, ['orders-1', 'orders-0'])

    expect(before).toMatchObject({ errorCode: 0, transactionState: 'Empty', transactionStartTimeMs: -1n, topics: [] })
    expect(described()).toMatchObject({
      ...{ errorCode: 0, transactionalId: 'tx', transactionState: 'Ongoing', transactionTimeoutMs: 5000 },
      ...{ transactionStartTimeMs: 70n, producerId, producerEpoch: 0, topics: [{ topic: 'orders', partitions: [1, 0] }] },
    })
  })

  it('answers for each id by itself', () => {
    const { ask, initialise } = started()
    initialise()
    const answer = ask(DescribeTransactionsRequest, DescribeTransactionsResponse, { transactionalIds: ['tx', 'nobody', '', 'tx'] })

    expect(answer.transactionStates.map(({ errorCode, transactionState }) => [errorName(errorCode), transactionState])).toEqual([
      ['NONE', 'Empty'],
      ['TRANSACTIONAL_ID_NOT_FOUND', ''],
      ['INVALID_REQUEST', ''],
      ['NONE', 'Empty'],
    ])
  })

  it('is answered by the coordinator alone', () => {
    const { cluster, time, coordinator } = started(3)
    const errors = [1, 2, 3].map((node) => errorName(transacting(cluster, { time, node }).describe().errorCode))

    expect(errors).toEqual([1, 2, 3].map((node) => (node === coordinator.transaction ? 'TRANSACTIONAL_ID_NOT_FOUND' : 'NOT_COORDINATOR')))
  })
})
