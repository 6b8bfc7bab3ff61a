/** The id under which an idempotent producer writes. */
import { recordBatch } from '../../lib/batch/record-batch'
import { journey, numbered } from '../support/journey'
import type { Produced } from '../support/journey'

const idsIn = (produced: readonly Produced[]): readonly bigint[] =>
  produced.flatMap(({ partitions }) => partitions.map(({ bytes }) => recordBatch.decode(bytes).producerId))

describe('the id of a producer', () => {
  it.each([[1], [5]])('is had before its first batch, and is in all of them with their numbers, with %d in flight', (maxInFlight) => {
    const { send, rest, asked, produced, events, log } = journey({ maxInFlight })
    send('a')
    rest()
    send('b')
    rest()
    const given = events.flatMap((event) => (event.type === 'producer-id' ? event.producerId : []))
    expect(given).toEqual([expect.any(BigInt)])
    expect(idsIn(produced)).toEqual([given[0], given[0]])
    expect(numbered(produced)).toEqual(['a 0:0', 'b 0:1'])
    expect(asked.filter((api) => api === 'InitProducerId')).toHaveLength(1)
    expect(asked.indexOf('InitProducerId')).toBeLessThan(asked.indexOf('Produce'))
    expect(log).toEqual(['a delivered', 'b delivered'])
  })

  it('is not asked for without idempotence: batches carry none, are sent again all the same, and a refusal is told', () => {
    const { send, rest, asked, produced, log, values, cluster } = journey({ idempotence: false })
    cluster.next('Produce', { times: 2 }).fail('NOT_ENOUGH_REPLICAS')
    send('a')
    rest()
    cluster.next('Produce').fail('TOPIC_AUTHORIZATION_FAILED')
    send('b')
    rest()
    expect(asked).not.toContain('InitProducerId')
    expect(idsIn(produced)).toEqual([-1n, -1n, -1n, -1n])
    expect(numbered(produced).every((each) => each.endsWith(' -1:-1'))).toBe(true)
    expect([log, values()]).toEqual([['a delivered', 'b TOPIC_AUTHORIZATION_FAILED'], ['a']])
  })

  it('is asked for again after pauses while there is none', () => {
    const { send, time, log, cluster } = journey({ retryBackoff: 100 })
    const at: number[] = []
    cluster.requests$.subscribe((arrived) => {
      if (arrived.api === 'InitProducerId') at.push(arrived.at)
    })
    cluster.next('InitProducerId', { times: 2 }).fail('COORDINATOR_LOAD_IN_PROGRESS')
    send('a')
    time.advance(60_000)
    expect(log).toEqual(['a delivered'])
    const [first = 0, second = 0, third = 0] = at
    expect(at).toHaveLength(3)
    expect([second - first >= 80, second - first <= 125]).toEqual([true, true])
    expect([third - second >= 160, third - second <= 245]).toEqual([true, true])
  })

  it('that is denied fails what waits for it, and who comes later asks anew', () => {
    const { send, time, log, deliveries, values, cluster, events } = journey()
    const denied = cluster.every('InitProducerId').fail('CLUSTER_AUTHORIZATION_FAILED')
    send('a')
    time.advance(1000)
    send('b')
    time.advance(10_000)
    expect(log).toEqual(['a CLUSTER_AUTHORIZATION_FAILED', 'b CLUSTER_AUTHORIZATION_FAILED'])
    expect(deliveries).toMatchObject([{ topic: 'orders', partition: 0, error: { retriable: false } }, { topic: 'orders' }])
    denied.end()
    send('c')
    time.advance(10_000)
    expect([log.at(-1), values(), events.some(({ type }) => type === 'fatal')]).toEqual(['c delivered', ['c'], false])
  })

  it.each([{ producerId: -7n }, { producerEpoch: -1 }])(
    'that is none, as of an answer that was damaged, is asked for again: %p',
    (damage) => {
      const { send, time, log, cluster, events } = journey()
      cluster.next('InitProducerId').change((answer) => ({ ...answer, ...damage }))
      send('a')
      time.advance(1000)
      expect(log).toEqual(['a delivered'])
      const ids = events.flatMap((event) => (event.type === 'producer-id' ? [event.producerId >= 0n && event.epoch >= 0] : []))
      expect(ids).toEqual([true])
    },
  )

  it('that a broker refuses for a reason nobody knows ends the producer', () => {
    const { send, time, log, cluster, events } = journey()
    cluster.next('InitProducerId').fail('UNKNOWN_SERVER_ERROR')
    send('a')
    time.advance(1000)
    send('b')
    time.advance(1000)
    expect(log).toEqual(['a UNKNOWN_SERVER_ERROR', 'b UNKNOWN_SERVER_ERROR'])
    expect(events.filter(({ type }) => type === 'fatal')).toHaveLength(1)
  })

  it('that never comes ends the patience of its batch with the reason, which is certainly not in the log', () => {
    const { send, time, log, deliveries, cluster } = journey({ deliveryTimeout: 10_000, requestTimeout: 5000 })
    cluster.every('InitProducerId').fail('COORDINATOR_LOAD_IN_PROGRESS')
    send('a')
    time.advance(9999)
    expect(log).toEqual([])
    time.advance(1)
    expect(log).toEqual(['a DELIVERY_TIMEOUT'])
    expect(deliveries).toMatchObject([{ error: { cause: { code: 'COORDINATOR_LOAD_IN_PROGRESS' } } }])
  })
})
