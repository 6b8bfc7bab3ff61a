import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { transacting } from '../support/transacting'

function started(brokers = 1) {
  const time = virtualTime()
  const cluster = testCluster({ brokers, topics: { orders: 2 }, scheduler: time.scheduler })
  return { time, cluster, ...transacting(cluster, { time }) }
}

/** One whose coordinator is asked, and a partition that another broker leads. */
function startedApart() {
  const { time, cluster, coordinator } = started(3)
  const [place, leader] = coordinator.transaction === 1 ? (['orders-1', 2] as const) : (['orders-0', 1] as const)
  return { time, cluster, place, leader, ...transacting(cluster, { time, node: coordinator.transaction }) }
}

describe('EndTxn', () => {
  it.each([0, 1, 2, 3, 4])('leaves the epoch as it is, in version %i', (version) => {
    const { initialise, add, end, state, time } = started()
    const who = initialise()
    add(who, ['orders-0'])

    expect(end('commit', who, version)).toEqual({ error: 'NONE', producerId: -1n, producerEpoch: -1 })
    time.advance(0)
    expect(state()).toBe('CompleteCommit')
    expect(add(who, ['orders-0'])).toEqual({ 'orders-0': 'NONE' })
    expect(end('abort', who, version).error).toBe('NONE')
  })

  it('gives the next epoch from version 5 on', () => {
    const { initialise, produce, end, time, state } = started()
    const who = initialise()
    produce(who, 'orders-0')
    const next = end('commit', who)
    time.advance(0)

    expect(next).toEqual({ error: 'NONE', producerId: who.producerId, producerEpoch: 1 })
    expect([state(), produce(next, 'orders-0'), produce(who, 'orders-0', 1)]).toEqual(['CompleteCommit', 'NONE', 'INVALID_PRODUCER_EPOCH'])
  })

  it.each([4, 5])('is answered once more the same to who missed the answer, and refuses the opposite, in version %i', (version) => {
    const { initialise, add, end, time } = started()
    const who = initialise()
    add(who, ['orders-0'])
    const answer = end('commit', who, version)
    time.advance(0)

    expect(end('commit', who, version)).toEqual(answer)
    expect(end('abort', who, version)).toEqual({ error: 'INVALID_TXN_STATE', producerId: -1n, producerEpoch: -1 })
    expect(end('commit', who, version)).toEqual(answer)
  })

  it('aborts what was not begun from version 5 on; there is no commit of nothing', () => {
    const { initialise, end } = started()
    const who = initialise()

    expect([end('commit', who, 4).error, end('abort', who, 4).error, end('commit', who).error]).toEqual(Array(3).fill('INVALID_TXN_STATE'))
    expect(end('abort', who)).toEqual({ error: 'NONE', producerId: who.producerId, producerEpoch: 1 })
  })

  it.each([
    [0, 'INVALID_PRODUCER_EPOCH'],
    [1, 'INVALID_PRODUCER_EPOCH'],
    [2, 'PRODUCER_FENCED'],
    [4, 'PRODUCER_FENCED'],
    [5, 'PRODUCER_FENCED'],
  ])('shuts out another epoch: version %i says %s', (version, error) => {
    const { initialise, add, end } = started()
    const who = initialise()
    initialise()
    add({ ...initialise() }, ['orders-0'])

    expect(end('commit', who, version)).toEqual({ error, producerId: -1n, producerEpoch: -1 })
  })

  it.each([4, 5])('refuses who does not have the id, and an id that is empty, in version %i', (version) => {
    const { cluster, time, initialise, end } = started()
    const { producerId, producerEpoch } = initialise()
    const endAs = (id: string) => transacting(cluster, { time, id }).end('commit', { producerId, producerEpoch }, version).error

    expect(end('commit', { producerId: producerId + 1n, producerEpoch }, version).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect([endAs('other'), endAs('')]).toEqual(['INVALID_PRODUCER_ID_MAPPING', 'INVALID_REQUEST'])
  })

  it('is answered by the coordinator alone', () => {
    const { cluster, time, coordinator } = started(2)
    const producer = (node: number) => transacting(cluster, { time, node })
    const who = producer(coordinator.transaction).initialise()
    producer(coordinator.transaction).add(who, ['orders-0'])

    expect(producer(3 - coordinator.transaction).end('commit', who).error).toBe('NOT_COORDINATOR')
    expect(producer(coordinator.transaction).end('commit', who).error).toBe('NONE')
  })

  it.each([4, 5])('is answered before the markers are written, and not again until they are, in version %i', (version) => {
    const { cluster, place, leader, initialise, add, end, state, time } = startedApart()
    const who = initialise()
    add(who, [place])
    cluster.broker(leader).pause()
    const answer = end('commit', who, version)
    const meanwhile = [state(), end('commit', who, version).error, end('abort', who, version).error, initialise().error]
    cluster.broker(leader).resume()
    time.advance(0)

    expect(answer.error).toBe('NONE')
    expect(meanwhile).toEqual(['PrepareCommit', ...Array<string>(3).fill('CONCURRENT_TRANSACTIONS')])
    expect([state(), end('commit', who, version)]).toEqual(['CompleteCommit', answer])
  })

  it('has its markers written by the next leader when that of a partition does not come back', () => {
    const { cluster, place, leader, initialise, add, end, state, time } = startedApart()
    const who = initialise({ transactionTimeoutMs: 600_000 })
    add(who, [place])
    cluster.broker(leader).kill()
    end('commit', who)
    const before = state()
    time.advance(20_000)

    expect([before, state()]).toEqual(['PrepareCommit', 'CompleteCommit'])
  })
})
