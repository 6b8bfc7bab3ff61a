import { ErrorCode } from '../../../lib/generated/error-codes'
import { settingsOf } from '../../../lib/testing/settings'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { ClusterState } from '../../../lib/testing/state/cluster-state'
import { coordinatorError, coordinatorOf, groupError, isCoordinator } from '../../../lib/testing/state/coordinators'
import { NO_LEADER } from '../../../lib/testing/state/partition'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'

const clusterOf = (options: TestClusterOptions): ClusterState => new ClusterState(settingsOf(options), clockOf(virtualTime().scheduler))

describe('a coordinator', () => {
  it('leads the partition of an internal topic, which is made when somebody asks', () => {
    const cluster = clusterOf({ brokers: 3 })
    const before = cluster.topics.size
    const leader = coordinatorOf(cluster, 'group', 'hello')
    const topic = cluster.topics.get('__consumer_offsets')

    expect(before).toBe(0)
    expect(topic).toMatchObject({ isInternal: true, partitions: { length: 50 } })
    expect(topic?.partitions.every(({ replicas }) => replicas.length === 3)).toBe(true)
    expect(leader).toBe(topic?.partitions[22]?.leader)
  })

  it('of a transaction goes by a topic of its own, with the settings that Kafka gives it', () => {
    const configs = { 'transaction.state.log.num.partitions': '7', 'transaction.state.log.min.isr': '1' }
    const cluster = clusterOf({ brokers: 2, configs })
    const leader = coordinatorOf(cluster, 'transaction', 'hello')
    const topic = cluster.topics.get('__transaction_state')

    expect(cluster.topics.size).toBe(1)
    expect(topic?.partitions.map(({ replicas }) => replicas.length)).toEqual(Array.from({ length: 7 }, () => 2))
    expect(leader).toBe(topic?.partitions[99162322 % 7]?.leader)
    expect(Object.fromEntries(topic?.configs ?? [])).toEqual({
      'cleanup.policy': 'compact',
      'compression.type': 'uncompressed',
      'min.insync.replicas': '1',
      'segment.bytes': '104857600',
      'unclean.leader.election.enable': 'false',
    })
  })

  it('keeps what it knows on different racks', () => {
    const racks = ['north', 'north', 'south', 'south']
    const cluster = clusterOf({ brokers: 4, racks, configs: { 'offsets.topic.replication.factor': '2' } })
    coordinatorOf(cluster, 'group', 'g')
    const partitions = cluster.topics.get('__consumer_offsets')?.partitions ?? []

    expect(partitions).toHaveLength(50)
    expect(partitions.map(({ replicas }) => replicas.map((id) => racks[id - 1]).sort())).toEqual(partitions.map(() => ['north', 'south']))
  })

  it('is nobody, and no topic is made, while all brokers are given up', () => {
    const cluster = clusterOf({ brokers: 2 })
    for (const node of cluster.nodes.values()) node.fenced = true

    expect([coordinatorOf(cluster, 'group', 'g'), cluster.topics.size]).toEqual([undefined, 0])
  })

  it('is nobody while the partition has no leader', () => {
    const cluster = clusterOf({ configs: { 'offsets.topic.num.partitions': '1' } })
    coordinatorOf(cluster, 'group', 'g')
    for (const partition of cluster.topics.get('__consumer_offsets')?.partitions ?? []) cluster.elect(partition, NO_LEADER)

    expect(coordinatorOf(cluster, 'group', 'g')).toBeUndefined()
  })

  it('is nobody, for whoever asks a broker, before somebody looked for one', () => {
    const cluster = clusterOf({ brokers: 2 })
    const asked = [1, 2].map((id) => ({ cluster, node: { id } }))
    const before = asked.map((each) => isCoordinator(each, 'group', 'g'))
    const coordinator = coordinatorOf(cluster, 'group', 'g')

    expect(before).toEqual([false, false])
    expect(asked.map((each) => isCoordinator(each, 'group', 'g'))).toEqual(asked.map(({ node }) => node.id === coordinator))
  })

  it('is asked in vain by whoever asks another broker, or names no group', () => {
    const cluster = clusterOf({})
    coordinatorOf(cluster, 'group', 'g')
    const [right, wrong] = [1, 2].map((id) => ({ cluster, node: { id } }))

    expect(right && coordinatorError(right, 'group', 'g')).toBe(ErrorCode.NONE)
    expect(wrong && coordinatorError(wrong, 'group', 'g')).toBe(ErrorCode.NOT_COORDINATOR)
    expect(wrong && groupError(wrong, 'g')).toBe(ErrorCode.NOT_COORDINATOR)
    expect(wrong && groupError(wrong, '')).toBe(ErrorCode.INVALID_GROUP_ID)
  })
})
