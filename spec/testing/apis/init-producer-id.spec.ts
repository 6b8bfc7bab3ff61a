import { InitProducerIdRequest } from '../../../lib/generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../../../lib/generated/messages/InitProducerIdResponse'
import { testCluster } from '../../../lib/testing/test-cluster'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { client } from '../support/ask'
import { errorName, transacting } from '../support/transacting'

function started(options: TestClusterOptions = {}) {
  const time = virtualTime()
  const cluster = testCluster({ topics: { orders: 1 }, scheduler: time.scheduler, ...options })
  const producer = transacting(cluster, { time })
  const idempotent = (node: number, version = 5) => {
    const { errorCode, ...identity } = client(cluster, { time, node })(
      InitProducerIdRequest,
      InitProducerIdResponse,
      { transactionalId: null, transactionTimeoutMs: 0 },
      version,
    )
    return { error: errorName(errorCode), producerId: identity.producerId, producerEpoch: identity.producerEpoch }
  }
  return { time, cluster, ...producer, idempotent }
}

describe('InitProducerId', () => {
  it.each([0, 1, 2, 3, 4, 5])('gives a producer without transactions an id of its own, in version %i', (version) => {
    const { idempotent } = started()

    expect(idempotent(1, version)).toEqual({ error: 'NONE', producerId: 0n, producerEpoch: 0 })
    expect(idempotent(1, version)).toEqual({ error: 'NONE', producerId: 1n, producerEpoch: 0 })
  })

  it('gives no id twice, whoever of the brokers is asked', () => {
    const { idempotent } = started({ brokers: 3 })

    expect([1, 2, 3, 1].map((node) => idempotent(node).producerId)).toEqual([0n, 1000n, 2000n, 1n])
  })

  it.each([0, 1, 2, 3, 4, 5])('gives a transactional id the next epoch each time, in version %i', (version) => {
    const { initialise } = started()
    const first = initialise({}, version)

    expect(first).toMatchObject({ error: 'NONE', producerEpoch: 0 })
    expect(initialise({}, version)).toEqual({ ...first, producerEpoch: 1 })
  })

  it('lets a producer that says who it is go on, and answers it once more the same', () => {
    const { initialise } = started()
    const { producerId, producerEpoch } = initialise()

    expect(initialise({ producerId, producerEpoch }, 3)).toEqual({ error: 'NONE', producerId, producerEpoch: 1 })
    expect(initialise({ producerId, producerEpoch }, 3)).toEqual({ error: 'NONE', producerId, producerEpoch: 1 })
  })

  it.each([
    [3, 'INVALID_PRODUCER_EPOCH'],
    [4, 'PRODUCER_FENCED'],
    [5, 'PRODUCER_FENCED'],
  ])('shuts out a producer when another one has taken over: version %i says %s', (version, error) => {
    const { initialise } = started()
    const { producerId, producerEpoch } = initialise()
    initialise()

    expect(initialise({ producerId, producerEpoch }, version)).toEqual({ error, producerId: -1n, producerEpoch: -1 })
  })

  it('aborts what another producer has left open, and then gives way', () => {
    const { initialise, add, produce, state, time } = started()
    const old = initialise()
    add(old, ['orders-0'])
    produce(old, 'orders-0', 0, 11)

    expect(initialise().error).toBe('CONCURRENT_TRANSACTIONS')
    time.advance(0)
    expect(state()).toBe('CompleteAbort')
    expect(initialise()).toEqual({ error: 'NONE', producerId: old.producerId, producerEpoch: 2 })
    expect(produce(old, 'orders-0', 1, 11)).toBe('INVALID_PRODUCER_EPOCH')
  })

  it.each([
    ['a time-out of 0', { transactionTimeoutMs: 0 }, 'INVALID_TRANSACTION_TIMEOUT'],
    ['a negative time-out', { transactionTimeoutMs: -1 }, 'INVALID_TRANSACTION_TIMEOUT'],
    ['a time-out over 15 minutes', { transactionTimeoutMs: 900_001 }, 'INVALID_TRANSACTION_TIMEOUT'],
    ['a producer id without an epoch', { producerId: 7n }, 'INVALID_REQUEST'],
    ['an epoch without a producer id', { producerEpoch: 0 }, 'INVALID_REQUEST'],
  ])('refuses %s', (_, fields, error) => {
    const { initialise } = started()

    expect(initialise(fields)).toEqual({ error, producerId: -1n, producerEpoch: -1 })
    expect(initialise({ transactionTimeoutMs: 900_000 })).toMatchObject({ error: 'NONE', producerEpoch: 0 })
  })

  it('takes its longest time-out from the broker (transaction.max.timeout.ms)', () => {
    const { initialise } = started({ configs: { 'transaction.max.timeout.ms': '1000' } })

    expect(initialise({ transactionTimeoutMs: 1001 }).error).toBe('INVALID_TRANSACTION_TIMEOUT')
    expect(initialise({ transactionTimeoutMs: 1000 }).error).toBe('NONE')
  })

  it('refuses an empty transactional id', () => {
    const { cluster, time } = started()

    expect(transacting(cluster, { time, id: '' }).initialise().error).toBe('INVALID_REQUEST')
  })

  it('is answered by the coordinator of the transactional id alone', () => {
    const { cluster, time, coordinator } = started({ brokers: 3 })
    const errors = [1, 2, 3].map((node) => transacting(cluster, { time, node }).initialise().error)

    expect(errors.map((error, i) => [i + 1, error])).toEqual(
      [1, 2, 3].map((node) => [node, node === coordinator.transaction ? 'NONE' : 'NOT_COORDINATOR']),
    )
  })

  it('does not speak the version that is not stable yet: the connection ends', () => {
    const { ask } = started()

    expect(() => ask(InitProducerIdRequest, InitProducerIdResponse, { transactionalId: 'tx', transactionTimeoutMs: 1 }, 6)).toThrow(
      'The broker ended the connection',
    )
  })
})
