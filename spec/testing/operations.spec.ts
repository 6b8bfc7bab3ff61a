import { of } from 'rxjs'
import { ErrorCode } from '../../lib/generated/error-codes'
import { append, describeTopics, errorOf, textOf, valuesIn, world } from './support/world'

const strict = { orders: { partitions: 1, configs: { 'min.insync.replicas': '2' } } }

describe('while a cluster runs', () => {
  it('another replica is elected, and the old leader says that it is none', () => {
    const { cluster, talkTo, time } = world()
    const [old, next] = [talkTo(1), talkTo(2)]
    cluster.elect('orders', 0, 2)
    const asked = [append(old, 'a'), append(next, 'b')]
    time.advance(1)
    expect(asked.map(errorOf)).toEqual([ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.NONE])
    expect([cluster.leaderOf('orders', 0), valuesIn(cluster)]).toEqual([2, ['b']])
  })

  it('a replica that is not in sync is elected: what it does not have is lost', () => {
    const { cluster, talkTo, time } = world({ brokers: 2 })
    cluster.broker(2).kill()
    const asked = append(talkTo(1), 'lost', { acks: 1 })
    time.advance(9000)
    expect([errorOf(asked), valuesIn(cluster)]).toEqual([ErrorCode.NONE, ['lost']])
    cluster.broker(1).kill()
    cluster.broker(2).start()
    cluster.elect('orders', 0, 2)
    expect(valuesIn(cluster)).toEqual([])
  })

  it('too few replicas are in sync, and are again', () => {
    const { cluster, talkTo, time } = world({ topics: strict })
    const ask = talkTo()
    cluster.shrinkIsr('orders', 0, [1])
    const refused = append(ask, 'a')
    time.advance(60_000)
    cluster.restoreIsr('orders', 0)
    const taken = append(ask, 'b')
    time.advance(1)
    expect([refused, taken].map(errorOf)).toEqual([ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.NONE])
  })

  it('topics are made, deleted, and made anew under the same name and another id', () => {
    const { cluster, talkTo, time } = world()
    const ask = talkTo()
    append(ask, 'gone')
    const described = () => {
      const asked = describeTopics(ask, 'orders', 'new')
      time.advance(1)
      return ['orders', 'new'].map((wanted) => asked.answer.topics.find(({ name }) => name === wanted))
    }
    const before = described()
    cluster.createTopic('new', { partitions: 2, replicationFactor: 1 })
    cluster.recreateTopic('orders')
    const after = described()
    expect(before.map((topic) => topic?.errorCode)).toEqual([ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION])
    expect(after.map((topic) => topic?.partitions.map(({ replicaNodes }) => replicaNodes.length))).toEqual([[3], [1, 1]])
    expect([after[0]?.topicId === before[0]?.topicId, valuesIn(cluster)]).toEqual([false, []])
    cluster.deleteTopic('orders')
    expect(described()[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('a topic is made anew also while none of its brokers runs', () => {
    const { cluster } = world()
    for (const id of [1, 2, 3]) cluster.broker(id).stop()
    cluster.recreateTopic('orders')
    expect(cluster.leaderOf('orders', 0)).toBe(undefined)
    cluster.broker(2).start()
    expect(cluster.leaderOf('orders', 0)).toBe(2)
  })

  it('a producer goes on when its topic was made anew', async () => {
    const { cluster, kafka, time } = world()
    const deliveries: string[] = []
    const orders = kafka()
    const send = (value: string) =>
      void of(value)
        .pipe(orders.to('orders'))
        .subscribe(({ type }) => deliveries.push(type))
    send('a')
    await time.settle()
    cluster.recreateTopic('orders')
    send('b')
    await time.settle()
    expect([deliveries, valuesIn(cluster)]).toEqual([['delivered', 'delivered'], ['b']])
  })

  it('partitions are added, beside those that are there', () => {
    const { cluster, talkTo, time } = world()
    const ask = talkTo(2)
    const before = append(ask, 'a', { index: 1 })
    time.advance(1)
    cluster.addPartitions('orders', 2)
    const after = append(ask, 'b', { index: 1 })
    time.advance(1)
    expect([before, after].map(errorOf)).toEqual([ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.NONE])
    expect(cluster.records('orders').map(({ partition, value }) => [partition, textOf(value)])).toEqual([[1, 'b']])
  })

  it('the controller moves', () => {
    const { cluster, talkTo, time } = world()
    const asked = [1, 3, 2].map((controller) => {
      cluster.moveController(controller)
      const each = describeTopics(talkTo())
      time.advance(1)
      return each.answer.controllerId
    })
    expect(asked).toEqual([1, 3, 2])
  })

  it('what is not there is named', () => {
    const { cluster } = world({ brokers: 2, topics: { orders: { partitions: 1, replicationFactor: 1 } } })
    expect(() => cluster.elect('nothing', 0, 1)).toThrow("There is no topic 'nothing'")
    expect(() => cluster.leaderOf('orders', 1)).toThrow('There is no partition orders-1')
    expect(() => cluster.elect('orders', 0, 2)).toThrow('There is no replica of orders-0 on broker 2')
    expect(() => cluster.shrinkIsr('orders', 0, [])).toThrow('Broker 1 leads orders-0')
    expect(() => cluster.moveController(3)).toThrow('There is no broker 3')
    expect(() => cluster.createTopic('orders', 1)).toThrow(RangeError)
    expect(() => cluster.createTopic('new', { partitions: 1, replicationFactor: 3 })).toThrow('3 replicas need as many brokers')
    expect(() => cluster.createTopic('new', { partitions: 1, assignment: [[1, 9]] })).toThrow('There is no broker 9')
    expect(() => cluster.addPartitions('orders', 0)).toThrow('0 is no number of partitions')
  })

  it.each([
    ['new', 0, 'a partition at least'],
    ['a b', 1, "A topic's name"],
    ['new', { partitions: 1, replicationFactor: 0 }, 'a replica at least'],
    ['new', { partitions: 1, assignment: [[1], [2]] }, 'as if they were 2'],
    ['new', { partitions: 1, configs: { 'no.such': '1' } }, 'no.such'],
  ])('a topic is not made that Kafka would not make: %s %j', (name, topic, problem) => {
    const { cluster } = world()
    expect(() => cluster.createTopic(name, topic)).toThrow(problem)
    expect(() => world({ topics: { [name]: topic } })).toThrow(problem)
  })

  it('a broker that was given up leads nothing, and is in sync with nobody', () => {
    const { cluster } = world({ brokers: 2 })
    cluster.broker(2).stop()
    for (const order of [
      () => cluster.elect('orders', 0, 2),
      () => cluster.shrinkIsr('orders', 0, [1, 2]),
      () => cluster.moveController(2),
    ])
      expect(order).toThrow('Broker 2 was given up')
    cluster.broker(1).stop()
    expect(() => cluster.shrinkIsr('orders', 0, [1])).toThrow('Nobody leads orders-0')
  })
})
