import { administrated, errorsOf, nameOf, wanted } from '../support/admin'

const set = (name: string, value: string | null) => ({ configs: [{ name, value }] })

const assigned = (...brokerIds: readonly (readonly number[])[]) => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: brokerIds.map((ids, partitionIndex) => ({ partitionIndex, brokerIds: ids })),
})

describe('CreateTopics', () => {
  it.each([2, 3, 4, 5, 6, 7])('makes a topic, in version %i', (version) => {
    const { create, topic } = administrated({ brokers: 3 })

    expect(errorsOf(create([wanted('orders', { numPartitions: 2, replicationFactor: 3 })], {}, version))).toEqual(['orders: NONE'])
    expect(topic('orders').partitions).toMatchObject([
      { leaderId: 1, leaderEpoch: 0, replicaNodes: [1, 2, 3], isrNodes: [1, 2, 3] },
      { leaderId: 2, leaderEpoch: 0, replicaNodes: [2, 3, 1], isrNodes: [2, 3, 1] },
    ])
  })

  it('tells from version 5 on what the topic became, and from 7 on its id', () => {
    const { create, topic } = administrated()
    const orders = wanted('orders', { numPartitions: 4, ...set('cleanup.policy', 'compact, delete') })
    const [at4, at5, at7] = [
      create([orders], {}, 4)[0],
      create([{ ...orders, name: 'five' }], {}, 5)[0],
      create([{ ...orders, name: 'seven' }])[0],
    ]

    expect(at4).toMatchObject({ numPartitions: -1, replicationFactor: -1, configs: [] })
    expect(at5).toMatchObject({ numPartitions: 4, replicationFactor: 1 })
    expect(at7?.topicId).toBe(topic('seven').topicId)
    expect(at5?.configs).toHaveLength(37)
    expect(at5?.configs?.[0]).toMatchObject({ name: 'cleanup.policy', value: 'compact, delete', configSource: 1, readOnly: false })
    expect(at5?.configs?.find(({ name }) => name === 'min.insync.replicas')).toMatchObject({ value: '1', configSource: 3 })
    expect(at5?.configs?.find(({ name }) => name === 'segment.bytes')).toMatchObject({ value: '1073741824', configSource: 5 })
  })

  it('takes the numbers that brokers are set to for those that are left open', () => {
    const { create, topic } = administrated({ brokers: 3, configs: { 'num.partitions': '5', 'default.replication.factor': '2' } })
    create([wanted('orders', { numPartitions: -1, replicationFactor: -1 })])

    expect(topic('orders').partitions.map(({ replicaNodes }) => replicaNodes)).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 2],
      [2, 3],
    ])
  })

  it('places replicas where they were assigned, in the order of the partitions', () => {
    const { create, topic } = administrated({ brokers: 3 })
    const { assignments, ...open } = assigned([3, 1], [2, 3])
    create([wanted('orders', { ...open, assignments: [...assignments].reverse() })])

    expect(topic('orders').partitions.map(({ replicaNodes }) => replicaNodes)).toEqual([
      [3, 1],
      [2, 3],
    ])
  })

  it.each([
    ['INVALID_TOPIC_EXCEPTION', wanted('')],
    ['INVALID_TOPIC_EXCEPTION', wanted('..')],
    ['INVALID_TOPIC_EXCEPTION', wanted('a b')],
    ['INVALID_TOPIC_EXCEPTION', wanted('x'.repeat(250))],
    ['INVALID_TOPIC_EXCEPTION', wanted('there_is')],
    ['TOPIC_ALREADY_EXISTS', wanted('there.is', set('nonsense', '1'))],
    ['INVALID_REQUEST', wanted('__cluster_metadata')],
    ['INVALID_PARTITIONS', wanted('orders', { numPartitions: 0 })],
    ['INVALID_PARTITIONS', wanted('orders', { numPartitions: -2 })],
    ['INVALID_REPLICATION_FACTOR', wanted('orders', { replicationFactor: 0, numPartitions: 0 })],
    ['INVALID_REPLICATION_FACTOR', wanted('orders', { replicationFactor: 4 })],
    ['INVALID_CONFIG', wanted('orders', { ...set('nonsense', '1'), numPartitions: 0 })],
    ['INVALID_CONFIG', wanted('orders', set('retention.ms', 'soon'))],
    ['INVALID_CONFIG', wanted('orders', set('retention.ms', '-2'))],
    ['INVALID_CONFIG', wanted('orders', set('retention.ms', null))],
    ['INVALID_CONFIG', wanted('orders', set('remote.storage.enable', 'true'))],
    ['INVALID_CONFIG', wanted('orders', lags('10', '5'))],
    ['INVALID_REQUEST', wanted('orders', { ...assigned([1]), numPartitions: 1 })],
    ['INVALID_REQUEST', wanted('orders', { ...assigned([1]), replicationFactor: 1 })],
    ['INVALID_REPLICA_ASSIGNMENT', wanted('orders', assigned([4]))],
    ['INVALID_REPLICA_ASSIGNMENT', wanted('orders', assigned([1, 1]))],
    ['INVALID_REPLICA_ASSIGNMENT', wanted('orders', assigned([]))],
    ['INVALID_REPLICA_ASSIGNMENT', wanted('orders', assigned([1, 2], [3]))],
    ['INVALID_REPLICA_ASSIGNMENT', wanted('orders', { ...assigned([1]), assignments: [{ partitionIndex: 1, brokerIds: [1] }] })],
  ])('says %s, and makes the other topics', (error, bad) => {
    const { create, metadata } = administrated({ brokers: 3, topics: { 'there.is': 1 } })
    const results = create([wanted('good'), bad])

    expect(errorsOf(results)).toEqual(['good: NONE', `${bad.name}: ${error}`])
    expect(results[1]?.errorMessage).toEqual(expect.stringContaining(' '))
    expect(metadata(null).topics.map(({ name }) => name)).toEqual(['there.is', 'good'])
  })

  it('makes nothing of a name that comes twice', () => {
    const { create, topic } = administrated()

    expect(errorsOf(create([wanted('twice'), wanted('twice', { numPartitions: 2 }), wanted('once')]))).toEqual([
      'once: NONE',
      'twice: INVALID_REQUEST',
    ])
    expect(nameOf(topic('twice').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('lets names that collide pass when neither is there yet', () => {
    const { create } = administrated()

    expect(errorsOf(create([wanted('a.b'), wanted('a_b')]))).toEqual(['a.b: NONE', 'a_b: NONE'])
  })

  it('only looks when it is asked to validate', () => {
    const { create, topic } = administrated({ topics: { there: 1 } })

    expect(errorsOf(create([wanted('orders'), wanted('there')], { validateOnly: true }))).toEqual([
      'orders: NONE',
      'there: TOPIC_ALREADY_EXISTS',
    ])
    expect(nameOf(topic('orders').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('fails a request as a whole that has no time, or asks for too much', () => {
    const { create, metadata } = administrated()

    expect(errorsOf(create([wanted('orders')], { timeoutMs: 0 }))).toEqual(['orders: REQUEST_TIMED_OUT'])
    expect(errorsOf(create([wanted('a'), wanted('b', { numPartitions: 10_000 })]))).toEqual(['a: POLICY_VIOLATION', 'b: POLICY_VIOLATION'])
    expect(create([], { timeoutMs: 0 })).toEqual([])
    expect(metadata(null).topics).toEqual([])
  })

  it('makes nothing of a topic whose error was ordered', () => {
    const { cluster, create, topic } = administrated()
    cluster.next('CreateTopics', { topic: 'orders' }).fail('NOT_CONTROLLER')

    expect(errorsOf(create([wanted('orders'), wanted('other')]))).toEqual(['orders: NOT_CONTROLLER', 'other: NONE'])
    expect(nameOf(topic('orders').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(errorsOf(create([wanted('orders')]))).toEqual(['orders: NONE'])
  })

  it('gives a broker that was given up no partition to lead, and begins without it in sync', () => {
    const { time, cluster, create, topic } = administrated({ brokers: 3 })
    cluster.broker(2).kill()
    time.advance(20_000)
    create([wanted('orders', { numPartitions: 3, replicationFactor: 3 }), wanted('mine', assigned([2, 3])), wanted('lost', assigned([2]))])

    expect(topic('orders').partitions).toMatchObject([
      { leaderId: 1, replicaNodes: [1, 3, 2], isrNodes: [1, 3], offlineReplicas: [2] },
      { leaderId: 3, replicaNodes: [3, 1, 2], isrNodes: [3, 1], offlineReplicas: [2] },
      { leaderId: 1, replicaNodes: [1, 3, 2], isrNodes: [1, 3], offlineReplicas: [2] },
    ])
    expect(topic('mine').partitions).toMatchObject([{ leaderId: 3, replicaNodes: [2, 3], isrNodes: [3] }])
    expect(nameOf(topic('lost').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })
})

function lags(least: string, most: string) {
  return {
    configs: [
      { name: 'min.compaction.lag.ms', value: least },
      { name: 'max.compaction.lag.ms', value: most },
    ],
  }
}
