import { settingsOf } from '../../../lib/testing/settings'
import { ClusterState } from '../../../lib/testing/state/cluster-state'
import { NO_LEADER } from '../../../lib/testing/state/partition'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { clockOf } from '../../../lib/time'

const state = (brokers: number, racks: readonly string[] = []) =>
  new ClusterState(settingsOf({ brokers, racks }), clockOf(virtualTime().scheduler))

describe('ClusterState', () => {
  it('numbers its brokers from 1 on, each with an address in memory', () => {
    expect([...state(2, ['a']).nodes.values()]).toMatchObject([
      { id: 1, rack: 'a', status: 'up', fenced: false, addresses: { memory: { host: 'broker-1', port: 9092 } } },
      { id: 2, rack: null, status: 'up', fenced: false, addresses: { memory: { host: 'broker-2', port: 9092 } } },
    ])
  })

  it('knows topics by name and by id, until they are deleted; whoever waits at a partition hears of that', () => {
    const cluster = state(1)
    const heard: number[] = []
    const topic = cluster.createTopic({ name: 'orders', assignment: [[1], [1]] })
    topic.partitions[0]?.changed$.subscribe(() => heard.push(topic.partitions[0]?.leader ?? 0))
    expect([cluster.topicById(topic.id), cluster.partition('orders', 1), cluster.partitions.length]).toEqual([
      topic,
      topic.partitions[1],
      2,
    ])
    cluster.deleteTopic('orders')
    cluster.deleteTopic('orders')
    expect([cluster.topicById(topic.id), cluster.partition('orders', 1), cluster.partitions.length]).toEqual([undefined, undefined, 0])
    expect(heard).toEqual([NO_LEADER])
    expect(cluster.createTopic({ name: 'orders', assignment: [[1]] }).id).not.toBe(topic.id)
  })
})
