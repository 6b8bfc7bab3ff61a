import { recordBatch } from '../../../lib/batch/record-batch'
import { FindCoordinatorRequest } from '../../../lib/generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../../lib/generated/messages/FindCoordinatorResponse'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import type { AppendedBatch } from '../../../lib/testing/state/cluster-state'
import { altered, AT, batchOf, damaged, sequenced } from '../support/batches'
import { dataPath, first, nameOf, placeOf, produceRequest } from '../support/data-path'
import { valuesIn } from '../support/world'

const VERSIONS = Array.from({ length: 10 }, (_, i) => i + 3)
const corrupt = damaged(batchOf('a'), (view) => view.setUint8(66, 99))

describe('Produce', () => {
  it.each(VERSIONS)('appends, and says where: version %d', (version) => {
    const { produce, cluster } = dataPath()
    expect([placeOf(produce(batchOf('abc'), { version })), placeOf(produce(batchOf('d'), { version }))]).toEqual(['0', '3'])
    expect(valuesIn(cluster)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('names topics by their ids from version 13 on', () => {
    const { ask, topicId } = dataPath()
    const send = (id: string, index = 0) =>
      ask(ProduceRequest, ProduceResponse, {
        ...produceRequest(null),
        topicData: [{ topicId: id, partitionData: [{ index, records: batchOf('a') }] }],
      })
    expect(send(topicId()).responses).toMatchObject([{ topicId: topicId(), partitionResponses: [{ errorCode: 0, baseOffset: 0n }] }])
    const errorOf = (id: string, index?: number) => nameOf(first(first(send(id, index).responses).partitionResponses).errorCode)
    expect(errorOf('abcdefghijklmnopqrstug')).toBe('UNKNOWN_TOPIC_ID')
    expect(errorOf(topicId(), 9)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('does not know the topic before from the one that has its name now', () => {
    const { ask, topicId, cluster } = dataPath()
    const before = topicId()
    cluster.recreateTopic('orders')
    const topicData = [{ topicId: before, partitionData: [{ index: 0, records: batchOf('a') }] }]
    const { responses } = ask(ProduceRequest, ProduceResponse, { ...produceRequest(null), topicData })
    expect(nameOf(first(first(responses).partitionResponses).errorCode)).toBe('UNKNOWN_TOPIC_ID')
  })

  it('answers each partition by itself, and each once', () => {
    const { ask, cluster } = dataPath({ topics: { orders: 2, bills: 1 } })
    const topicData = [
      {
        name: 'orders',
        partitionData: [
          { index: 0, records: batchOf('not') },
          { index: 1, records: batchOf('b') },
          { index: 9, records: batchOf('c') },
        ],
      },
      { name: 'nothing', partitionData: [{ index: 0, records: batchOf('d') }] },
      { name: 'orders', partitionData: [{ index: 0, records: batchOf('a') }] },
    ]
    const { responses } = ask(ProduceRequest, ProduceResponse, { ...produceRequest(null), topicData }, 12)
    const errors = responses.map(({ name, partitionResponses }) => [
      name,
      ...partitionResponses.map(({ index, errorCode }) => `${index} ${nameOf(errorCode)}`),
    ])
    expect(errors).toEqual([
      ['orders', '0 NONE', '1 NOT_LEADER_OR_FOLLOWER', '9 UNKNOWN_TOPIC_OR_PARTITION'],
      ['nothing', '0 UNKNOWN_TOPIC_OR_PARTITION'],
    ])
    expect(valuesIn(cluster)).toEqual(['a'])
  })

  it('tells observers what was appended, and only that', () => {
    const { produce, cluster } = dataPath()
    const appended: AppendedBatch[] = []
    cluster.appended$.subscribe((each) => appended.push(each))
    const batch = sequenced(0, 'abc')
    for (const each of [batch, batch, corrupt]) produce(each)
    expect(appended).toEqual([{ topic: 'orders', partition: 0, records: 3, bytes: batch.length, baseOffset: 0n }])
  })

  it('answers with the time of the append where the topic is set to it', () => {
    const { produce, time, cluster } = dataPath({
      topics: { orders: { partitions: 1, configs: { 'message.timestamp.type': 'LogAppendTime' } } },
    })
    time.advance(5000)
    expect(produce(batchOf('ab', { timestamp: 77 }))).toMatchObject({ errorCode: 0, logAppendTimeMs: 5000n })
    expect(cluster.records('orders').map(({ timestamp }) => timestamp)).toEqual([5000, 5000])
    const own = dataPath()
    expect(own.produce(batchOf('a', { timestamp: 77 })).logAppendTimeMs).toBe(-1n)
  })

  it('says where the log begins', () => {
    const { produce } = dataPath({ retentionBytes: 2 * batchOf('a').length })
    const answers = Array.from('abcd').map((letter) => produce(batchOf(letter)).logStartOffset)
    expect(answers).toEqual([0n, 0n, 1n, 2n])
  })
})

describe('Produce, batches', () => {
  const tooMany = Uint8Array.from(Buffer.concat([batchOf('a'), batchOf('b')]))
  const magic = (number: number) => altered(batchOf('a'), (view) => view.setInt8(AT.magic, number))

  it.each([
    ['none at all', new Uint8Array(0), 'INVALID_RECORD'],
    ['less than it says', batchOf('a').subarray(0, 65), 'INVALID_RECORD'],
    ['two', tooMany, 'INVALID_RECORD'],
    ['one of format 0', magic(0), 'INVALID_RECORD'],
    ['one of format 1', magic(1), 'INVALID_RECORD'],
    ['one of a format to come', magic(3), 'CORRUPT_MESSAGE'],
    ['one with a wrong checksum', corrupt, 'CORRUPT_MESSAGE'],
    ['one with control records', batchOf('a', { control: true }), 'INVALID_RECORD'],
  ])('refuses %s', (_, records, error) => {
    const { produce, cluster } = dataPath()
    expect(placeOf(produce(records))).toBe(error)
    expect(cluster.records('orders')).toEqual([])
  })

  it('leaves out what follows the batch and is none', () => {
    const { produce, cluster } = dataPath()
    expect(placeOf(produce(Uint8Array.from(Buffer.concat([batchOf('a'), new Uint8Array(11)]))))).toBe('0')
    expect(cluster.records('orders')).toHaveLength(1)
  })

  it('fails the request as a whole when a part of it cannot be a batch', () => {
    const { ask, cluster } = dataPath({ brokers: 1, topics: { orders: 2 } })
    const topicData = [
      {
        name: 'orders',
        partitionData: [
          { index: 0, records: batchOf('a') },
          { index: 1, records: magic(9) },
        ],
      },
    ]
    const { responses } = ask(ProduceRequest, ProduceResponse, { ...produceRequest(null), topicData }, 12)
    expect(first(responses).partitionResponses).toMatchObject([
      { index: 0, errorCode: 2, errorMessage: expect.any(String) },
      { index: 1, errorCode: 2 },
    ])
    expect(cluster.records('orders')).toEqual([])
  })

  it('takes zstd from version 7 on', () => {
    const { produce } = dataPath()
    expect(placeOf(produce(batchOf('a', { compression: 'zstd' }), { version: 6 }))).toBe('UNSUPPORTED_COMPRESSION_TYPE')
    expect(placeOf(produce(batchOf('a', { compression: 'zstd' }), { version: 7 }))).toBe('0')
    expect(placeOf(produce(batchOf('a', { compression: 'gzip' }), { version: 3 }))).toBe('1')
  })

  it('names the records that a topic does not take (KIP-467)', () => {
    const { produce } = dataPath({ topics: { orders: { partitions: 1, configs: { 'cleanup.policy': 'compact' } } } })
    const records = [Buffer.from('k'), null].map((key) => ({ timestamp: 0, key, value: null }))
    const batch = recordBatch.encode({ records })
    expect(produce(batch)).toMatchObject({
      errorCode: 87,
      baseOffset: -1n,
      logStartOffset: 0n,
      errorMessage: expect.any(String),
      recordErrors: [{ batchIndex: 1, batchIndexErrorMessage: expect.stringContaining('no key') }],
    })
    expect(produce(batch, { version: 7 })).toMatchObject({ errorCode: 87, recordErrors: [], errorMessage: null })
  })

  it('goes by the settings of the topic', () => {
    const settings = {
      'max.message.bytes': '70',
      'segment.bytes': '1048576',
      'message.timestamp.after.max.ms': '1000',
      'compression.type': 'gzip',
    }
    const topics = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { partitions: 1, configs: { [name]: value } }]),
    )
    const { produce, cluster } = dataPath({ brokers: 1, topics })
    expect(placeOf(produce(batchOf('abcdefgh'), { topic: 'max.message.bytes' }))).toBe('MESSAGE_TOO_LARGE')
    const large = recordBatch.encode({ records: [{ timestamp: 0, key: null, value: Buffer.alloc(1_048_510) }] })
    expect(placeOf(produce(large, { topic: 'segment.bytes' }))).toBe('RECORD_LIST_TOO_LARGE')
    expect(placeOf(produce(batchOf('a', { timestamp: 1001 }), { topic: 'message.timestamp.after.max.ms' }))).toBe('INVALID_TIMESTAMP')
    expect(placeOf(produce(batchOf('a', { timestamp: 1000 }), { topic: 'message.timestamp.after.max.ms' }))).toBe('0')
    expect(placeOf(produce(batchOf('a'), { topic: 'compression.type' }))).toBe('0')
    expect(cluster.records('compression.type')).toHaveLength(1)
  })

  it('takes the time of any clock while its own began at 0', () => {
    const { produce } = dataPath()
    expect(placeOf(produce(batchOf('a', { timestamp: 1_800_000_000_000 })))).toBe('0')
  })

  it('has no answer to records that are null, as Kafka', () => {
    const { beginProduce, time } = dataPath()
    const [asked, next] = [beginProduce(null), beginProduce(batchOf('a'))]
    time.advance(100_000)
    expect([asked.state, next.state]).toEqual(['waiting', 'waiting'])
  })

  it('does not write into internal topics, but for the tools of Kafka', () => {
    const { speaker, produce, ask } = dataPath({ brokers: 1 })
    ask(FindCoordinatorRequest, FindCoordinatorResponse, { keyType: 0, coordinatorKeys: ['group'] })
    const [topic, batch] = ['__consumer_offsets', batchOf('a', { key: 'k' })]
    expect(placeOf(produce(batch, { topic }))).toBe('INVALID_TOPIC_EXCEPTION')
    expect(placeOf(speaker(1, '__admin_client').produce(batch, { topic }))).toBe('0')
  })
})

describe('Produce, acks', () => {
  it('says nothing with 0, and goes on with the next request', () => {
    const { beginProduce, time, cluster } = dataPath()
    const asked = beginProduce(batchOf('a'), { acks: 0 })
    time.advance(10_000)
    expect(asked.state).toBe('waiting')
    const next = beginProduce(batchOf('b'), { acks: 0 })
    time.advance(10_000)
    expect(next.state).toBe('waiting')
    expect(valuesIn(cluster)).toEqual(['a', 'b'])
  })

  it.each([
    ['an unknown topic', batchOf('a'), 'nothing'],
    ['a corrupt batch', corrupt, 'orders'],
  ])('ends the connection with 0 after %s', (_, batch, topic) => {
    const { beginProduce, time, ask } = dataPath()
    const asked = beginProduce(batch, { acks: 0, topic })
    time.advance(10)
    expect(asked.state).toBe('ended')
    expect(ask.open).toBe(false)
  })

  it.each([2, -2, 100])('does not know %d', (acks) => {
    const { produce, cluster } = dataPath()
    expect(placeOf(produce(batchOf('a'), { acks }))).toBe('INVALID_REQUIRED_ACKS')
    expect(placeOf(produce(batchOf('a'), { acks, topic: 'nothing' }))).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(cluster.records('orders')).toEqual([])
  })

  it('waits with all of them until the replicas have the batch', () => {
    const { beginProduce, cluster, time } = dataPath()
    cluster.broker(3).pause()
    const asked = beginProduce(batchOf('a'), { timeoutMs: 5000 })
    time.advance(3000)
    expect(asked.state).toBe('waiting')
    cluster.broker(3).resume()
    time.advance(0)
    expect(placeOf(first(first(asked.answer.responses).partitionResponses))).toBe('0')
    expect(asked.at).toBe(3000)
  })

  it('does not wait with the leader alone', () => {
    const { produce, cluster, time } = dataPath()
    cluster.broker(3).pause()
    expect(placeOf(produce(batchOf('a'), { acks: 1 }))).toBe('0')
    expect(time.now).toBe(0)
  })

  it('gives up when the time of the request is over, and leaves the batch where it is', () => {
    const { produce, cluster, time } = dataPath()
    cluster.broker(3).pause()
    expect(produce(batchOf('a'), { timeoutMs: 500 })).toMatchObject({ errorCode: 7, baseOffset: 0n, logStartOffset: 0n })
    expect(time.now).toBe(500)
    expect(valuesIn(cluster)).toEqual(['a'])
  })

  it('goes on when the controller has given the replica up', () => {
    const { beginProduce, cluster, time } = dataPath({ sessionTimeout: 9000 })
    cluster.broker(3).pause()
    const asked = beginProduce(batchOf('a'), { timeoutMs: 30_000 })
    time.advance(20_000)
    expect(asked.at).toBe(9000)
    expect(first(first(asked.answer.responses).partitionResponses).errorCode).toBe(0)
  })

  it('does not begin with too few replicas', () => {
    const { produce, cluster } = dataPath({ topics: { orders: { partitions: 1, configs: { 'min.insync.replicas': '2' } } } })
    cluster.shrinkIsr('orders', 0, [1])
    expect(produce(batchOf('a'))).toMatchObject({ errorCode: 19, baseOffset: -1n, logStartOffset: 0n })
    expect(placeOf(produce(batchOf('a'), { acks: 1 }))).toBe('0')
    cluster.restoreIsr('orders', 0)
    expect(placeOf(produce(batchOf('b')))).toBe('1')
  })

  it('waits in vain when replicas get lost meanwhile', () => {
    const configs = { 'min.insync.replicas': '2' }
    const { beginProduce, cluster, time } = dataPath({ topics: { orders: { partitions: 1, configs } } })
    cluster.broker(3).pause()
    const asked = beginProduce(batchOf('a'), { timeoutMs: 500 })
    time.advance(10)
    cluster.shrinkIsr('orders', 0, [1])
    time.advance(1000)
    expect(first(first(asked.answer.responses).partitionResponses)).toMatchObject({ errorCode: 7, baseOffset: 0n })
    expect(asked.at).toBe(500)
  })

  it('stops waiting when another broker leads', () => {
    const { beginProduce, cluster, time } = dataPath()
    cluster.broker(3).pause()
    const asked = beginProduce(batchOf('a'))
    time.advance(10)
    cluster.elect('orders', 0, 2)
    time.advance(0)
    expect(first(first(asked.answer.responses).partitionResponses)).toMatchObject({
      errorCode: 6,
      currentLeader: { leaderId: 2, leaderEpoch: 1 },
    })
  })

  it('stops waiting when the topic is deleted', () => {
    const { beginProduce, cluster, time } = dataPath()
    cluster.broker(3).pause()
    const asked = beginProduce(batchOf('a'))
    time.advance(10)
    cluster.deleteTopic('orders')
    time.advance(0)
    expect(nameOf(first(first(asked.answer.responses).partitionResponses).errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

describe('Produce, leaders', () => {
  it('tells who leads, and where it is, from version 10 on (KIP-951)', () => {
    const { speaker } = dataPath({ racks: ['a', 'b', 'c'] })
    const { ask } = speaker(2)
    const answer = (version: number) => ask(ProduceRequest, ProduceResponse, produceRequest(batchOf('a')), version)
    expect(answer(10)).toMatchObject({
      responses: [
        { partitionResponses: [{ errorCode: 6, baseOffset: -1n, logStartOffset: -1n, currentLeader: { leaderId: 1, leaderEpoch: 0 } }] },
      ],
      nodeEndpoints: [{ nodeId: 1, host: 'broker-1', port: 9092, rack: 'a' }],
    })
    expect(answer(9)).toMatchObject({
      responses: [{ partitionResponses: [{ errorCode: 6, currentLeader: { leaderId: -1 } }] }],
      nodeEndpoints: [],
    })
  })

  it('names nobody while nobody leads', () => {
    const { speaker, cluster } = dataPath({ brokers: 2, topics: { orders: { partitions: 1, replicationFactor: 1 } } })
    cluster.broker(1).stop()
    const { ask } = speaker(2)
    expect(ask(ProduceRequest, ProduceResponse, produceRequest(batchOf('a')), 12)).toMatchObject({
      responses: [{ partitionResponses: [{ errorCode: 6, currentLeader: { leaderId: -1, leaderEpoch: 1 } }] }],
      nodeEndpoints: [],
    })
  })

  it('answers an ordered error, and appends nothing', () => {
    const { produce, cluster } = dataPath()
    cluster.next('Produce', { topic: 'orders' }).fail('KAFKA_STORAGE_ERROR')
    expect(placeOf(produce(batchOf('a')))).toBe('KAFKA_STORAGE_ERROR')
    expect(cluster.records('orders')).toEqual([])
    expect(placeOf(produce(batchOf('a')))).toBe('0')
  })
})

describe('Produce, sequences', () => {
  it('answers a duplicate with the place and the time of the first', () => {
    const { produce } = dataPath()
    for (let i = 0; i < 5; i++) produce(sequenced(i, 'a', { timestamp: 100 * i }))
    expect(produce(sequenced(1))).toMatchObject({ errorCode: 0, baseOffset: 1n, logAppendTimeMs: 100n })
    expect(placeOf(produce(sequenced(5)))).toBe('5')
    expect(placeOf(produce(sequenced(0)))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('waits for the replicas of a duplicate as well', () => {
    const { produce, beginProduce, cluster, time } = dataPath()
    cluster.broker(3).pause()
    expect(placeOf(produce(sequenced(0), { timeoutMs: 100 }))).toBe('REQUEST_TIMED_OUT')
    const again = beginProduce(sequenced(0))
    time.advance(100)
    expect(again.state).toBe('waiting')
    cluster.broker(3).resume()
    time.advance(0)
    expect(placeOf(first(first(again.answer.responses).partitionResponses))).toBe('0')
  })

  it.each([
    ['a gap', sequenced(5), 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    ['an old epoch', sequenced(1, 'a', { producerEpoch: -1 }), 'INVALID_PRODUCER_EPOCH'],
    ['a new epoch in its middle', sequenced(1, 'a', { producerEpoch: 1 }), 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
  ])('refuses %s', (_, batch, error) => {
    const { produce } = dataPath()
    produce(sequenced(0))
    expect(produce(batch)).toMatchObject({ baseOffset: -1n, logStartOffset: 0n, errorMessage: null })
    expect(placeOf(produce(batch))).toBe(error)
  })

  it('remembers a producer when another broker leads', () => {
    const { produce, speaker, cluster } = dataPath()
    produce(sequenced(0))
    cluster.elect('orders', 0, 2)
    const { produce: there } = speaker(2)
    expect([placeOf(there(sequenced(0))), placeOf(there(sequenced(1))), placeOf(there(sequenced(3)))]).toEqual([
      '0',
      '1',
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
    ])
  })
})
