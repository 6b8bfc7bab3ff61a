import { CreatePartitionsRequest } from '../../../lib/generated/messages/CreatePartitionsRequest'
import type { CreatePartitionsRequestInput } from '../../../lib/generated/messages/CreatePartitionsRequest'
import { CreatePartitionsResponse } from '../../../lib/generated/messages/CreatePartitionsResponse'
import type { NodeId } from '../../../lib/record'
import { administrated, errorsOf } from '../support/admin'

function growing(brokers = 3) {
  const { ask, ...rest } = administrated({ brokers, topics: { orders: { partitions: 2, replicationFactor: 2 }, other: 1 } })
  const grow = (topics: Readonly<Record<string, Wanted>>, more: Partial<CreatePartitionsRequestInput> = {}, version?: number) =>
    ask(
      CreatePartitionsRequest,
      CreatePartitionsResponse,
      { topics: topicsOf(topics), timeoutMs: 1000, validateOnly: false, ...more },
      version,
    ).results
  const replicas = (name = 'orders') => rest.topic(name).partitions.map(({ replicaNodes }) => replicaNodes)
  return { ...rest, grow, replicas }
}

type Wanted = number | readonly [count: number, assignment: readonly (readonly NodeId[])[]]

const topicsOf = (topics: Readonly<Record<string, Wanted>>) =>
  Object.entries(topics).map(([name, wanted]) => {
    const [count, assignment] = typeof wanted === 'number' ? [wanted, null] : wanted
    return { name, count, assignments: assignment?.map((brokerIds) => ({ brokerIds })) ?? null }
  })

describe('CreatePartitions', () => {
  it.each([0, 1, 2, 3])('adds partitions with as many replicas as the first has, in version %i', (version) => {
    const { grow, replicas } = growing()

    expect(grow({ orders: 4 }, {}, version)).toMatchObject([{ name: 'orders', errorCode: 0, errorMessage: null }])
    expect(replicas()).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 2],
    ])
  })

  it('adds partitions where they were assigned', () => {
    const { grow, replicas } = growing()
    grow({ orders: [3, [[3, 2]]] })

    expect(replicas()).toEqual([
      [1, 2],
      [2, 3],
      [3, 2],
    ])
  })

  it.each<[string, Readonly<Record<string, Wanted>>]>([
    ['orders: INVALID_PARTITIONS', { orders: 2 }],
    ['orders: INVALID_PARTITIONS', { orders: 1 }],
    ['orders: INVALID_PARTITIONS', { orders: -1 }],
    ['nonsense: UNKNOWN_TOPIC_OR_PARTITION', { nonsense: 2 }],
    ['orders: INVALID_REPLICA_ASSIGNMENT', { orders: [4, [[1, 2]]] }],
    ['orders: INVALID_REPLICA_ASSIGNMENT', { orders: [3, []] }],
    ['orders: INVALID_REPLICA_ASSIGNMENT', { orders: [3, [[1, 4]]] }],
    ['orders: INVALID_REPLICA_ASSIGNMENT', { orders: [3, [[1, 1]]] }],
    ['orders: INVALID_REPLICA_ASSIGNMENT', { orders: [3, [[1]]] }],
    ['orders: INVALID_REPLICA_ASSIGNMENT', { orders: [3, [[]]] }],
  ])('says %s, and grows the other topics', (error, bad) => {
    const { grow, replicas } = growing()

    expect(errorsOf(grow({ ...bad, other: 2 }))).toEqual([error, 'other: NONE'])
    expect([replicas(), replicas('other')]).toMatchObject([{ length: 2 }, { length: 2 }])
  })

  it('adds nothing to a topic that comes twice', () => {
    const { ask, replicas } = { ...growing(), ...administrated({ topics: { orders: 2 } }) }
    const topics = [3, 4].map((count) => ({ name: 'orders', count, assignments: null }))
    const { results } = ask(CreatePartitionsRequest, CreatePartitionsResponse, { topics, timeoutMs: 1000, validateOnly: false })

    expect(errorsOf(results)).toEqual(['orders: INVALID_REQUEST'])
    expect(replicas()).toHaveLength(2)
  })

  it('only looks when it is asked to validate', () => {
    const { grow, replicas } = growing()

    expect(errorsOf(grow({ orders: 3, other: 1 }, { validateOnly: true }))).toEqual(['orders: NONE', 'other: INVALID_PARTITIONS'])
    expect(replicas()).toHaveLength(2)
  })

  it('fails a request as a whole that has no time, or asks for too much', () => {
    const { grow, replicas } = growing()

    expect(errorsOf(grow({ orders: 3, other: 2 }, { timeoutMs: 0 }))).toEqual(['orders: REQUEST_TIMED_OUT', 'other: REQUEST_TIMED_OUT'])
    expect(errorsOf(grow({ orders: 3, other: 10_001 }))).toEqual(['orders: POLICY_VIOLATION', 'other: POLICY_VIOLATION'])
    expect(replicas()).toHaveLength(2)
  })

  it('adds nothing to a topic whose error was ordered', () => {
    const { cluster, grow, replicas } = growing()
    cluster.next('CreatePartitions').fail('THROTTLING_QUOTA_EXCEEDED')

    expect(errorsOf(grow({ orders: 3 }))).toEqual(['orders: THROTTLING_QUOTA_EXCEEDED'])
    expect(replicas()).toHaveLength(2)
  })

  it('refuses more partitions while no broker is left to lead them', () => {
    const { time, cluster, grow, replicas } = growing()
    cluster.broker(2).kill()
    cluster.broker(3).kill()
    time.advance(20_000)

    expect(errorsOf(grow({ orders: 3 }))).toEqual(['orders: NONE'])
    expect(errorsOf(grow({ orders: [4, [[2, 3]]] }))).toEqual(['orders: INVALID_REPLICA_ASSIGNMENT'])
    expect(replicas()).toEqual([
      [1, 2],
      [2, 3],
      [1, 2],
    ])
  })
})
