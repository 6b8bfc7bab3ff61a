import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { metadata as api } from '../../../lib/testing/apis/metadata'
import { ErrorCode } from '../../../lib/generated/error-codes'
import { settingsOf } from '../../../lib/testing/settings'
import { ClusterState } from '../../../lib/testing/state/cluster-state'
import { clockOf } from '../../../lib/time'
import { Reader } from '../../../lib/wire/reader'
import { ZERO_UUID } from '../../../lib/wire/uuid'
import { administrated, errorsOf, nameOf } from '../support/admin'

const NOBODYS = 'AAAAAAAAAAAAAAAAAAAAAg'
const NOT_ASKED = -2147483648

const from0to13 = Array.from({ length: 14 }, (_, version) => version)

describe('Metadata', () => {
  it.each(from0to13)('tells all topics, in version %i', (version) => {
    const { metadata } = administrated({ brokers: 2, racks: ['north', 'south'], topics: { b: 2, a: 1 } })
    const { topics, brokers, controllerId } = metadata(version === 0 ? [] : null, {}, version)

    expect(topics.map(({ name }) => name)).toEqual(['b', 'a'])
    expect(topics[0]?.partitions).toMatchObject([
      { errorCode: 0, partitionIndex: 0, leaderId: 1, replicaNodes: [1, 2], isrNodes: [1, 2], leaderEpoch: version < 7 ? -1 : 0 },
      { errorCode: 0, partitionIndex: 1, leaderId: 2, replicaNodes: [2, 1], isrNodes: [2, 1] },
    ])
    expect(brokers.map(({ nodeId, host, rack }) => [nodeId, host, rack])).toEqual([
      [1, 'broker-1', version === 0 ? null : 'north'],
      [2, 'broker-2', version === 0 ? null : 'south'],
    ])
    expect(controllerId).toBe(version === 0 ? -1 : 1)
    expect(topics[0]?.topicId === ZERO_UUID).toBe(version < 10)
  })

  it('tells no topics to whoever asks for none, from version 1 on', () => {
    const { metadata } = administrated({ topics: { orders: 1 } })

    expect([1, 4, 12].map((version) => metadata([], {}, version).topics)).toEqual([[], [], []])
  })

  it('tells each topic once, what is there before what is not', () => {
    const { metadata } = administrated({ topics: { a: 1, b: 1 } })
    const { topics } = metadata(['nonsense', 'b', 'a:b', 'a', 'b', 'nonsense'], { allowAutoTopicCreation: false })

    expect(errorsOf(topics)).toEqual(['b: NONE', 'a: NONE', 'nonsense: UNKNOWN_TOPIC_OR_PARTITION', 'a:b: INVALID_TOPIC_EXCEPTION'])
  })

  describe('making topics', () => {
    it.each([0, 1, 3, 4, 9, 13])('answers that a topic is unknown, and has it for the next one who asks: version %i', (version) => {
      const { metadata, topic } = administrated({ brokers: 3, configs: { 'num.partitions': '2', 'default.replication.factor': '3' } })

      expect(errorsOf(metadata(['orders'], {}, version).topics)).toEqual(['orders: UNKNOWN_TOPIC_OR_PARTITION'])
      expect(topic('orders').partitions.map(({ replicaNodes }) => replicaNodes)).toEqual([
        [1, 2, 3],
        [2, 3, 1],
      ])
    })

    it.each([
      ['the client does not want it', {}, { allowAutoTopicCreation: false }],
      ['the brokers are set so', { configs: { 'auto.create.topics.enable': 'false' } }, {}],
      ['there are too few brokers', { configs: { 'default.replication.factor': '2' } }, {}],
      ['it would have more partitions than a request may ask for', { configs: { 'num.partitions': '10001' } }, {}],
      ['its name would collide', { topics: { 'a.b': 1 } }, {}],
    ])('makes none when %s', (_, options, request) => {
      const { metadata, topic } = administrated(options)

      expect(errorsOf(metadata(['a_b'], request).topics)).toEqual(['a_b: UNKNOWN_TOPIC_OR_PARTITION'])
      expect(nameOf(topic('a_b').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    })

    it('makes none whose name cannot be, and never the log of the controllers', () => {
      const { metadata } = administrated()
      metadata(['', 'a b', '__cluster_metadata'])

      expect(errorsOf(metadata(['', 'a b', '__cluster_metadata']).topics)).toEqual([
        ': INVALID_TOPIC_EXCEPTION',
        'a b: INVALID_TOPIC_EXCEPTION',
        '__cluster_metadata: UNKNOWN_TOPIC_OR_PARTITION',
      ])
    })

    it('makes the topics of groups and transactions as their coordinators would', () => {
      const { metadata, topic, config } = administrated()
      expect(metadata(['__consumer_offsets']).topics).toMatchObject([{ errorCode: 3, isInternal: true }])

      expect(topic('__consumer_offsets')).toMatchObject({ isInternal: true, partitions: { length: 50 } })
      expect(config('__consumer_offsets', 'cleanup.policy')).toBe('compact')
    })
  })

  describe('by id', () => {
    it.each([12, 13])('tells a topic, and before it an id that nobody knows: version %i', (version) => {
      const { metadata, topic } = administrated({ topics: { orders: 1, other: 1 } })
      const { topicId } = topic('orders')
      const asked = [topicId, NOBODYS, topicId].map((id) => ({ name: null, topicId: id }))

      expect(metadata(null, { topics: asked }, version).topics).toMatchObject([
        { errorCode: 100, name: null, topicId: NOBODYS, partitions: [] },
        { errorCode: 0, name: 'orders', topicId },
      ])
    })

    it('tells nothing by name to whoever names an id', () => {
      const { metadata, topic } = administrated({ topics: { orders: 1, other: 1 } })
      const asked = [{ name: 'other', topicId: topic('orders').topicId }, { name: 'other' }]

      expect(metadata(null, { topics: asked }).topics.map(({ name }) => name)).toEqual(['orders'])
    })

    it.each([10, 11])('refuses ids and nulls in version %i', (version) => {
      const { metadata, topic } = administrated({ topics: { orders: 1 } })
      const { topicId } = topic('orders')
      const refused = [{ name: null, topicId }, { name: 'orders', topicId }, { name: null }].map((asked) =>
        metadata(null, { topics: [asked] }, version),
      )

      expect(refused).toMatchObject([
        { brokers: [], controllerId: -1, topics: [{ errorCode: 42, name: '', topicId }] },
        { brokers: [], topics: [{ errorCode: 42, name: 'orders', topicId }] },
        { brokers: [], topics: [{ errorCode: 42, name: '' }] },
      ])
    })

    it('stumbles, as Kafka does, over a topic with neither name nor id', () => {
      const { metadata } = administrated({ topics: { orders: 1 } })
      const topics = [{ name: null }, { name: 'orders' }]

      expect(metadata(null, { topics }, 12)).toMatchObject({
        brokers: [],
        topics: [
          { errorCode: -1, name: '' },
          { errorCode: -1, name: 'orders' },
        ],
      })
      expect(metadata(null, { topics }, 13).errorCode).toBe(ErrorCode.UNKNOWN_SERVER_ERROR)
    })
  })

  it('tells what a client may do when it asks, also with a topic that is not there', () => {
    const { metadata } = administrated({ topics: { orders: 1 } })
    const asked = { allowAutoTopicCreation: false, includeTopicAuthorizedOperations: true, includeClusterAuthorizedOperations: true }
    const operations = (more: Partial<typeof asked>, version: number) => {
      const { topics, clusterAuthorizedOperations } = metadata(['orders', 'nonsense'], { ...more, allowAutoTopicCreation: false }, version)
      return [...topics.map(({ topicAuthorizedOperations }) => topicAuthorizedOperations), clusterAuthorizedOperations]
    }

    expect(operations(asked, 8)).toEqual([3576, 3576, 8096])
    expect(operations(asked, 10)).toEqual([3576, 3576, 8096])
    expect(operations({ includeTopicAuthorizedOperations: true }, 13)).toEqual([3576, 3576, NOT_ASKED])
    expect(operations({}, 13)).toEqual([NOT_ASKED, NOT_ASKED, NOT_ASKED])
  })

  describe('while a broker is away', () => {
    function oneGivenUp() {
      const world = administrated({
        brokers: 3,
        topics: { orders: { partitions: 3, replicationFactor: 2 }, alone: { partitions: 3, replicationFactor: 1 } },
      })
      world.cluster.broker(2).kill()
      world.time.advance(20_000)
      return world
    }

    it('leaves it out, and tells which replicas are not there', () => {
      const { metadata, topic } = oneGivenUp()

      expect(metadata(null).brokers.map(({ nodeId }) => nodeId)).toEqual([1, 3])
      expect(topic('orders').partitions).toMatchObject([
        { leaderId: 1, replicaNodes: [1, 2], isrNodes: [1], offlineReplicas: [2], errorCode: 0 },
        { leaderId: 3, replicaNodes: [2, 3], isrNodes: [3], offlineReplicas: [2], errorCode: 0 },
        { leaderId: 3, replicaNodes: [3, 1], isrNodes: [3, 1], offlineReplicas: [], errorCode: 0 },
      ])
    })

    it('says LEADER_NOT_AVAILABLE for what nobody else has', () => {
      const { topic } = oneGivenUp()

      expect(topic('alone').partitions.map(({ leaderId, errorCode }) => [leaderId, nameOf(errorCode)])).toEqual([
        [1, 'NONE'],
        [-1, 'LEADER_NOT_AVAILABLE'],
        [3, 'NONE'],
      ])
    })

    it('says in version 0 that a replica is missing, and leaves it out', () => {
      const { metadata } = oneGivenUp()

      expect(metadata(['orders'], {}, 0).topics[0]?.partitions).toMatchObject([
        { errorCode: ErrorCode.REPLICA_NOT_AVAILABLE, leaderId: 1, replicaNodes: [1], isrNodes: [1] },
        { errorCode: ErrorCode.REPLICA_NOT_AVAILABLE, leaderId: 3, replicaNodes: [3], isrNodes: [3] },
        { errorCode: 0, leaderId: 3, replicaNodes: [3, 1], isrNodes: [3, 1] },
      ])
    })

    it('names another broker for the controller', () => {
      const { time, cluster, metadata } = administrated({ brokers: 3 }, { node: 3 })
      cluster.broker(1).kill()
      time.advance(20_000)

      const { controllerId } = metadata(null)
      expect([2, 3]).toContain(controllerId)
    })
  })

  it.each([
    [5, 'LEADER_NOT_AVAILABLE'],
    [6, 'LISTENER_NOT_FOUND'],
  ])('tells a client of a leader that it cannot reach: version %i says %s', (version, error) => {
    const { partitions, brokers } = askedFromSocket(version)

    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([1])
    expect(partitions.map(({ errorCode, leaderId }) => [nameOf(errorCode), leaderId])).toEqual([
      ['NONE', 1],
      [error, -1],
    ])
  })

  it('tells an ordered error of a topic instead of its partitions, and one of a partition in its place', () => {
    const { cluster, metadata, topic } = administrated({ topics: { orders: 2, other: 1 } })
    cluster.next('Metadata', { topic: 'orders' }).fail('TOPIC_AUTHORIZATION_FAILED')
    const first = metadata(['orders', 'other']).topics
    cluster.next('Metadata', { topic: 'orders', partition: 1 }).fail('LEADER_NOT_AVAILABLE')

    expect(first).toMatchObject([{ errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED, partitions: [] }, { errorCode: 0 }])
    expect(topic('orders').partitions).toMatchObject([
      { errorCode: 0, leaderId: 1 },
      { errorCode: ErrorCode.LEADER_NOT_AVAILABLE, leaderId: -1 },
    ])
    expect(topic('orders').partitions[1]).toMatchObject({ errorCode: 0, leaderId: 1 })
  })

  it('makes no topic whose error was ordered', () => {
    const { cluster, metadata, topic } = administrated()
    cluster.next('Metadata').fail('TOPIC_AUTHORIZATION_FAILED')

    expect(errorsOf(metadata(['orders']).topics)).toEqual(['orders: TOPIC_AUTHORIZATION_FAILED'])
    expect(nameOf(topic('orders').errorCode)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
  })

  it('sends clients back to where they began when that was ordered, at the top and from version 13 on', () => {
    const { cluster, metadata } = administrated({ topics: { orders: 1 } })
    cluster.next('Metadata', { times: 2 }).fail('REBOOTSTRAP_REQUIRED')

    expect(metadata(['orders'])).toMatchObject({ errorCode: ErrorCode.REBOOTSTRAP_REQUIRED, brokers: [] })
    expect(metadata(['orders'], {}, 12)).toMatchObject({ brokers: { length: 1 }, topics: [{ errorCode: ErrorCode.REBOOTSTRAP_REQUIRED }] })
  })
})

/** Two brokers, of which one has an address for clients that come over sockets. */
function askedFromSocket(version: number) {
  const cluster = new ClusterState(settingsOf({ brokers: 2, topics: {} }), clockOf())
  cluster.createTopic({ name: 'orders', assignment: [[1], [2]] })
  const node = cluster.nodes.get(1)
  if (node === undefined) throw new Error('There is no broker 1')
  node.addresses.socket = { host: '127.0.0.1', port: 1 }
  const asked = MetadataRequest.encode({ topics: [{ name: 'orders' }] }, version)
  const answers: MetadataResponse[] = []
  api
    .read(new Reader(asked), version)
    .answer({
      ...{ api: 'Metadata', version, correlationId: 1, clientId: null, node, cluster, throttleTimeMs: 0 },
      session: { id: 1, listener: 'socket', principal: null, software: null },
      errorFor: () => 0,
    })
    .subscribe((answer) => answers.push(MetadataResponse.decode(answer.finish(), version)))
  const [{ brokers, topics } = MetadataResponse.create()] = answers
  return { brokers, partitions: topics.flatMap(({ partitions }) => partitions) }
}
