import { ListTransactionsRequest } from '../../../lib/generated/messages/ListTransactionsRequest'
import type { ListTransactionsRequestInput } from '../../../lib/generated/messages/ListTransactionsRequest'
import { ListTransactionsResponse } from '../../../lib/generated/messages/ListTransactionsResponse'
import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { client } from '../support/ask'
import { errorName, transacting } from '../support/transacting'

/** `idle` has begun nothing; `busy` has, 500 ms ago. */
function started(brokers = 1) {
  const time = virtualTime()
  const cluster = testCluster({ brokers, topics: { orders: 1 }, scheduler: time.scheduler })
  const producer = (id: string) => {
    const { coordinator } = transacting(cluster, { time, id })
    return transacting(cluster, { time, id, node: coordinator.transaction })
  }
  const idle = producer('idle').initialise()
  const busy = producer('busy')
  busy.add(busy.initialise(), ['orders-0'])
  time.advance(500)

  const list = (filters: Partial<ListTransactionsRequestInput> = {}, { version = 2, node = 1 } = {}) => {
    const request = { stateFilters: [], producerIdFilters: [], ...filters }
    const answer = client(cluster, { time, node })(ListTransactionsRequest, ListTransactionsResponse, request, version)
    return {
      error: errorName(answer.errorCode),
      unknown: answer.unknownStateFilters,
      found: answer.transactionStates.map(({ transactionalId, transactionState }) => `${transactionalId} ${transactionState}`),
    }
  }
  return { time, cluster, idle, list }
}

describe('ListTransactions', () => {
  it.each([0, 1, 2])('names all transactional ids of the coordinator, in version %i', (version) => {
    const { list } = started()

    expect(list({}, { version })).toEqual({ error: 'NONE', unknown: [], found: ['idle Empty', 'busy Ongoing'] })
  })

  it('names each id at one broker', () => {
    const { list } = started(3)

    expect([1, 2, 3].flatMap((node) => list({}, { node }).found).sort()).toEqual(['busy Ongoing', 'idle Empty'])
  })

  it('filters by state, and names states that are none', () => {
    const { list } = started()

    expect(list({ stateFilters: ['Ongoing'] }).found).toEqual(['busy Ongoing'])
    expect(list({ stateFilters: ['ongoing', 'Empty'] })).toEqual({ error: 'NONE', unknown: ['ongoing'], found: ['idle Empty'] })
    expect(list({ stateFilters: ['Bogus'] })).toEqual({ error: 'NONE', unknown: ['Bogus'], found: [] })
  })

  it('filters by producer id', () => {
    const { list, idle } = started()

    expect(list({ producerIdFilters: [idle.producerId, 99n] }).found).toEqual(['idle Empty'])
  })

  it.each([
    [499n, ['idle Empty', 'busy Ongoing']],
    [500n, ['idle Empty']],
    [501n, []],
    [-1n, ['idle Empty', 'busy Ongoing']],
  ])('filters by how long ago a transaction began: more than %s ms', (durationFilter, found) => {
    expect(started().list({ durationFilter }).found).toEqual(found)
  })

  it.each([
    ['b.*', ['busy Ongoing']],
    ['b', []],
    ['b|idle', ['idle Empty']],
    ['', ['idle Empty', 'busy Ongoing']],
    [null, ['idle Empty', 'busy Ongoing']],
  ])('filters by a pattern for the whole of an id: %s', (transactionalIdPattern, found) => {
    expect(started().list({ transactionalIdPattern }).found).toEqual(found)
  })

  it('refuses a pattern that is none', () => {
    expect(started().list({ transactionalIdPattern: '(' })).toEqual({ error: 'INVALID_REGULAR_EXPRESSION', unknown: [], found: [] })
  })
})
