/** Who leads a partition changes while its batch is tried again: when the new leader hears of it. */
import { bumps, carrying, flying, journey, LATENCY } from '../support/journey'
import type { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import type { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'

const PAUSE = 10_000
/** Each pause is a fifth shorter or longer than this; nothing else takes so long. */
const slow = { retryBackoff: PAUSE, retryBackoffMax: PAUSE, linger: 0 }
const THERE_AND_BACK = 2 * LATENCY

/** Partition 0 is led by broker 1, and partition 1 by broker 2, which is always well. */
const assignment = [
  [1, 2],
  [2, 1],
]
const two = { brokers: 2, latency: LATENCY, topics: { orders: { partitions: 2, replicationFactor: 2, assignment } } }

/** Both partitions are led by broker 1, and broker 2 has nothing yet. */
const idle = { ...two, topics: { orders: { ...two.topics.orders, assignment: [assignment[0], assignment[0]] } } }

/** Questions about a topic have the same pauses; the last was long ago. */
function longAfter(world: ReturnType<typeof journey>) {
  world.time.advance(2 * PAUSE)
  return world
}

const arrivalsOf = ({ produced }: ReturnType<typeof journey>, partition = 0) =>
  produced.filter(({ partitions }) => partitions.some(({ index }) => index === partition)).map(({ node, at }) => ({ node, at }))

const withoutHint = (answer: ProduceResponse): ProduceResponse => ({
  ...answer,
  nodeEndpoints: [],
  responses: answer.responses.map((topic) => ({
    ...topic,
    partitionResponses: topic.partitionResponses.map((each) => ({
      ...each,
      currentLeader: { ...each.currentLeader, leaderId: -1, leaderEpoch: -1 },
    })),
  })),
})

/** Metadata as brokers before 2.4 tell it. */
const withoutEpochs = (answer: MetadataResponse): MetadataResponse => ({
  ...answer,
  topics: answer.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.map((each) => ({ ...each, leaderEpoch: -1 })),
  })),
})

describe('a refusal that names the new leader', () => {
  it('sends the batch there at once, and asks nobody first; another partition of the answer is delivered', () => {
    const world = longAfter(flying({ ...slow, cluster: idle }))
    const { send, time, rest, cluster, log, values, events } = world
    cluster.elect('orders', 0, 2)
    cluster.next('Metadata').hold(PAUSE)
    send('a', { partition: 0 })
    send('b', { partition: 1 })
    // Time to connect, and for nothing else.
    time.advance(5 * THERE_AND_BACK)
    expect(arrivalsOf(world).map(({ node }) => node)).toEqual([1, 2])
    expect([...log].sort()).toEqual(['a delivered', 'b delivered'])
    rest()
    expect([values('orders', 0), values('orders', 1), bumps(events)]).toEqual([['known', 'a'], ['known', 'b'], []])
  })

  it('sends it there though that broker was not known before', () => {
    const world = journey({
      ...slow,
      cluster: { ...idle, topics: { orders: { ...idle.topics.orders, partitions: 1, assignment: [[1, 2]] } } },
    })
    const { send, time, rest, cluster, log, values } = world
    // Nobody has told of broker 2 but the refusal.
    cluster.every('Metadata').change((answer) => ({ ...answer, brokers: answer.brokers.filter(({ nodeId }) => nodeId === 1) }))
    send('known')
    time.advance(1000)
    cluster.elect('orders', 0, 2)
    cluster.every('Metadata').hold(PAUSE)
    send('a')
    time.advance(1000)
    expect([arrivalsOf(world).map(({ node }) => node), log.at(-1)]).toEqual([[1, 1, 2], 'a delivered'])
    rest()
    expect(values()).toEqual(['known', 'a'])
  })
})

describe('a refusal that does not name the new leader', () => {
  it('asks for metadata, and the batch goes there as soon as that tells; another partition of the answer is delivered', () => {
    const world = longAfter(flying({ ...slow, cluster: idle }))
    const { send, time, rest, cluster, log, asked, values } = world
    cluster.next('Produce', { where: carrying('a') }).change(withoutHint)
    const held = cluster.next('Metadata').hold(3000)
    cluster.elect('orders', 0, 2)
    const questions = asked.filter((api) => api === 'Metadata').length
    send('a', { partition: 0 })
    time.advance(1000)
    expect([arrivalsOf(world).length, asked.filter((api) => api === 'Metadata').length - questions, held.waiting]).toEqual([1, 1, 1])
    send('b', { partition: 1 })
    time.advance(4000)
    expect(arrivalsOf(world).map(({ node }) => node)).toEqual([1, 2])
    expect([...log].sort()).toEqual(['a delivered', 'b delivered'])
    rest()
    expect(values('orders', 0)).toEqual(['known', 'a'])
  })

  it('and no change of leader: the batch waits for its pause', () => {
    const world = longAfter(flying({ ...slow, cluster: two }))
    const { send, time, rest, cluster, log, values } = world
    cluster.next('Produce', { where: carrying('a') }).fail('NOT_LEADER_OR_FOLLOWER')
    cluster.next('Produce', { where: carrying('a') }).change(withoutHint)
    send('a', { partition: 0 })
    time.advance(0.8 * PAUSE)
    expect([arrivalsOf(world).length, log]).toEqual([1, []])
    rest()
    const [first, second] = arrivalsOf(world)
    expect([first?.node, second?.node, log]).toEqual([1, 1, ['a delivered']])
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(0.8 * PAUSE)
    expect(values('orders', 0)).toEqual(['known', 'a'])
  })
})

describe('a batch that waits before it is tried again', () => {
  it('goes to a new leader at once, and again to the same one after its pause', () => {
    const world = longAfter(flying({ ...slow, cluster: two }))
    const { send, time, rest, cluster, log, values } = world
    cluster.next('Produce', { partition: 0, times: 2 }).fail('NOT_ENOUGH_REPLICAS')
    send('a', { partition: 0 })
    time.advance(1000)
    expect(arrivalsOf(world)).toHaveLength(1)
    for (const partition of [0, 1]) cluster.elect('orders', partition, partition === 0 ? 2 : 1)
    // By its refusal the producer hears that both have moved.
    send('b', { partition: 1 })
    time.advance(1000)
    const moved = arrivalsOf(world)
    expect(moved.map(({ node }) => node)).toEqual([1, 2])
    time.advance(0.8 * PAUSE - 2000)
    expect(arrivalsOf(world)).toHaveLength(2)
    rest()
    const [, second, third] = arrivalsOf(world)
    expect([third?.node, [...log].sort()]).toEqual([2, ['a delivered', 'b delivered']])
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(0.8 * PAUSE)
    expect(values('orders', 0)).toEqual(['known', 'a'])
  })

  it('is not sooner at the same broker because that was elected again', () => {
    const world = longAfter(flying({ ...slow, cluster: two }))
    const { send, time, rest, cluster, values } = world
    cluster.next('Produce', { where: carrying('a') }).fail('NOT_LEADER_OR_FOLLOWER')
    for (let times = 0; times < 3; times++) for (const leader of [2, 1]) cluster.elect('orders', 0, leader)
    send('a', { partition: 0 })
    time.advance(0.8 * PAUSE)
    expect(arrivalsOf(world).map(({ node }) => node)).toEqual([1])
    rest()
    expect(values('orders', 0)).toEqual(['known', 'a'])
  })

  it('goes to a new leader at once also when nobody tells epochs', () => {
    const world = journey({ ...slow, cluster: two })
    const { send, time, rest, cluster, log, values } = world
    cluster.every('Metadata').change(withoutEpochs)
    send('known', { partition: 0 })
    longAfter(world)
    cluster.next('Produce', { where: carrying('a') }).change(withoutHint)
    cluster.elect('orders', 0, 2)
    send('a', { partition: 0 })
    time.advance(2000)
    expect([arrivalsOf(world).map(({ node }) => node), log.at(-1)]).toEqual([[1, 1, 2], 'a delivered'])
    rest()
    expect(values('orders', 0)).toEqual(['known', 'a'])
  })
})

describe('a broker that slows its clients down', () => {
  it('says for how long, and that is an event', () => {
    const { send, rest, cluster, events, log } = flying()
    cluster.next('Produce').throttle(400)
    cluster.next('Produce', { where: carrying('b') }).throttle(100)
    send('a')
    rest()
    send('b')
    rest()
    expect(events.filter(({ type }) => type === 'throttled')).toEqual([
      { type: 'throttled', milliseconds: 400 },
      { type: 'throttled', milliseconds: 100 },
    ])
    expect(log).toEqual(['a delivered', 'b delivered'])
  })
})
