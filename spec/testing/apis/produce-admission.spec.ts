import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import { transactional } from '../support/batches'
import { dataPath, first, nameOf, placeOf, produceRequest } from '../support/data-path'
import { transacting } from '../support/transacting'
import type { Identity } from '../support/transacting'

/** Somebody with a transactional id whose coordinator is on this broker, out of two. Broker 1 leads orders-0, broker 2 orders-1. */
function producing({ coordinator = 1 } = {}) {
  const path = dataPath({ brokers: 2, topics: { orders: 2 } })
  for (let i = 0; i < 100; i++) {
    const id = `tx-${String(i)}`
    const transaction = transacting(path.cluster, { time: path.time, node: coordinator, id })
    if (transaction.coordinator.transaction === coordinator) return { ...path, ...transaction, ask: path.ask, produce: path.produce, id }
  }
  throw new Error('The coordinators are all on the other broker')
}

/** A batch of this producer in a transaction. */
const of = ({ producerId, producerEpoch }: Identity, baseSequence = 0): Uint8Array =>
  transactional(baseSequence, 'a', { producerId, producerEpoch })

describe('Produce, transactions', () => {
  it('joins a partition to the transaction by itself from version 12 on (KIP-890)', () => {
    const { produce, initialise, id } = producing()
    const who = initialise()
    expect(placeOf(produce(of(who), { transactionalId: id }))).toBe('0')
    expect(placeOf(produce(of(who, 1), { transactionalId: id }))).toBe('1')
  })

  it.each([
    [9, 'INVALID_TXN_STATE'],
    [10, 'INVALID_TXN_STATE'],
    [11, 'TRANSACTION_ABORTABLE'],
  ])('wants the partition to be added before: version %d says %s', (version, error) => {
    const { produce, initialise, add, id } = producing()
    const who = initialise()
    add(who, ['orders-1'])
    expect(placeOf(produce(of(who), { transactionalId: id, version }))).toBe(error)
    add(who, ['orders-0'])
    expect(placeOf(produce(of(who), { transactionalId: id, version }))).toBe('0')
  })

  it('wants a transactional id', () => {
    const { produce, initialise } = producing()
    expect(placeOf(produce(of(initialise())))).toBe('TRANSACTIONAL_ID_AUTHORIZATION_FAILED')
  })

  it('refuses who was fenced', () => {
    const { produce, initialise, id } = producing()
    const zombie = initialise()
    const who = initialise()
    expect(placeOf(produce(of(who), { transactionalId: id }))).toBe('0')
    expect(placeOf(produce(of(zombie), { transactionalId: id }))).toBe('INVALID_PRODUCER_EPOCH')
  })

  it('begins with sequence 0 where nobody knows the producer, if its batches join by themselves', () => {
    const { produce, initialise, id } = producing()
    const who = initialise()
    expect(placeOf(produce(of(who, 3), { transactionalId: id }))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(placeOf(produce(of(who), { transactionalId: id }))).toBe('0')
  })

  it('tries again while the transaction before is being ended, for a moment', () => {
    const { beginProduce, produce, speaker, initialise, time, cluster, end, id } = producing()
    const who = initialise()
    speaker(2).produce(of(who), { transactionalId: id, index: 1 })
    cluster.broker(2).pause()
    const next = end('commit', who)
    const asked = beginProduce(of(next), { transactionalId: id, acks: 1 })
    time.advance(99)
    expect(asked.state).toBe('waiting')
    time.advance(1)
    expect(placeOf(first(first(asked.answer.responses).partitionResponses))).toBe('CONCURRENT_TRANSACTIONS')
    const again = beginProduce(of(next), { transactionalId: id, acks: 1 })
    time.advance(30)
    cluster.broker(2).resume()
    time.advance(10)
    expect(again).toMatchObject({ state: 'answered', at: 140 })
    expect(placeOf(first(first(again.answer.responses).partitionResponses))).toBe('0')
    expect(placeOf(produce(of(next), { transactionalId: id, acks: 1 }))).toBe('0')
  })

  it('does not take two producers in one request', () => {
    const { ask, initialise, id } = producing()
    const who = initialise()
    const partitionData = [who, { ...who, producerEpoch: who.producerEpoch + 1 }].map((each, index) => ({ index, records: of(each) }))
    const request = { ...produceRequest(null, { transactionalId: id }), topicData: [{ name: 'orders', partitionData }] }
    const [topic] = ask(ProduceRequest, ProduceResponse, request, 12).responses
    expect(topic?.partitionResponses.map(({ errorCode }) => nameOf(errorCode))).toEqual([
      'INVALID_PRODUCER_ID_MAPPING',
      'INVALID_PRODUCER_ID_MAPPING',
    ])
  })

  it('asks nobody once the transaction has records in the partition', () => {
    const { produce, initialise, cluster, id } = producing({ coordinator: 2 })
    const who = initialise()
    produce(of(who), { transactionalId: id })
    cluster.broker(2).pause()
    expect(placeOf(produce(of(who, 1), { transactionalId: id, acks: 1 }))).toBe('1')
  })

  it('lets a client try again whose coordinator cannot be reached', () => {
    const { produce, initialise, cluster, id } = producing({ coordinator: 2 })
    const who = initialise()
    cluster.broker(2).pause()
    expect(produce(of(who), { transactionalId: id, version: 11 })).toMatchObject({ errorCode: 19, errorMessage: expect.any(String) })
  })
})
