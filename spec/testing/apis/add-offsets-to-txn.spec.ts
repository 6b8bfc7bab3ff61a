import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { transacting } from '../support/transacting'

function started(brokers = 1) {
  const time = virtualTime()
  const cluster = testCluster({ brokers, topics: { orders: 1 }, scheduler: time.scheduler })
  return { time, cluster, ...transacting(cluster, { time }) }
}

describe('AddOffsetsToTxn', () => {
  it.each([0, 1, 2, 3, 4])('takes the partition of the group into the transaction, in version %i', (version) => {
    const { initialise, addOffsets, describe: described } = started()

    expect(addOffsets(initialise(), 'group', version)).toBe('NONE')
    expect(described()).toMatchObject({ transactionState: 'Ongoing', topics: [{ topic: '__consumer_offsets', partitions: [47] }] })
  })

  it.each([
    [1, 'INVALID_PRODUCER_EPOCH'],
    [2, 'PRODUCER_FENCED'],
    [4, 'PRODUCER_FENCED'],
  ])('shuts out another epoch: version %i says %s', (version, error) => {
    const { initialise, addOffsets } = started()
    const who = initialise()
    initialise()

    expect(addOffsets(who, 'group', version)).toBe(error)
  })

  it('refuses who does not have the id, and an id that is empty', () => {
    const { cluster, time, initialise, addOffsets } = started()
    const { producerId, producerEpoch } = initialise()

    expect(addOffsets({ producerId: producerId + 1n, producerEpoch })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(transacting(cluster, { time, id: 'other' }).addOffsets({ producerId, producerEpoch })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(transacting(cluster, { time, id: '' }).addOffsets({ producerId, producerEpoch })).toBe('INVALID_REQUEST')
  })

  it('is answered by the coordinator of the transactional id, not by that of the group', () => {
    const { cluster, time, coordinator } = started(3)
    const producer = (node: number) => transacting(cluster, { time, node })
    const who = producer(coordinator.transaction).initialise()
    const errors = [1, 2, 3].map((node) => producer(node).addOffsets(who))

    expect(errors).toEqual([1, 2, 3].map((node) => (node === coordinator.transaction ? 'NONE' : 'NOT_COORDINATOR')))
  })
})
