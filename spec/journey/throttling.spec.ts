import { carrying, journey } from '../support/journey'

describe('a broker that asks for quiet', () => {
  it('gets no further request until its time is over, and what came meanwhile leaves together', () => {
    const { cluster, time, send, produced, log, events } = journey({ linger: 0 })
    cluster.next('Produce').throttle(5000)
    send('a')
    time.advance(100)
    for (const name of ['b', 'c', 'd']) send(name)
    time.advance(4000)
    expect([log, produced.length]).toEqual([['a delivered'], 1])
    time.advance(1000)
    expect(log).toEqual(['a delivered', 'b delivered', 'c delivered', 'd delivered'])
    expect(produced).toHaveLength(2)
    expect(events).toContainEqual({ type: 'throttled', milliseconds: 5000 })
  })

  it('is not asked for metadata meanwhile either: another one is', () => {
    const { cluster, time, send, kafka } = journey({ cluster: { brokers: 2, topics: { orders: { partitions: 1, assignment: [[1, 2]] } } } })
    const asked: number[] = []
    cluster.requests$.subscribe(({ api, node }) => {
      if (api === 'Metadata') asked.push(node.id)
    })
    cluster.next('Produce').throttle(5000)
    send('a')
    time.advance(100)
    kafka.partitionsFor('other').subscribe()
    time.advance(500)
    expect(asked.length).toBeGreaterThan(0)
    expect(new Set(asked)).toEqual(new Set([2]))
  })

  it('is asked when its quiet is over, where there is no other', () => {
    const { cluster, time, send, kafka, asked } = journey()
    cluster.next('Produce').throttle(5000)
    send('a')
    time.advance(100)
    const before = asked.length
    kafka.partitionsFor('other').subscribe()
    time.advance(4000)
    expect(asked.length).toBe(before)
    time.advance(1000)
    expect(asked.slice(before)).toContain('Metadata')
  })

  it('is not taken for one that does not answer, however long it keeps what it has', () => {
    const { cluster, time, send, log, events } = journey({ linger: 0, requestTimeout: 3000, deliveryTimeout: 60_000 })
    const held = cluster.next('Produce', { where: carrying('b') }).hold(2500)
    cluster.next('Produce', { where: carrying('a') }).throttle(5000)
    // On its way before anybody asked for quiet.
    send('warm')
    time.advance(100)
    send('a')
    send('b')
    time.advance(8500)
    expect(log).toEqual(['warm delivered', 'a delivered', 'b delivered'])
    expect([held.hits, events.filter(({ type }) => type === 'connection-failed')]).toEqual([1, []])
  })

  it('does not stop the others', () => {
    const topics = { orders: { partitions: 2, assignment: [[1], [2]] } }
    const { cluster, time, send, log } = journey({ linger: 0, cluster: { brokers: 2, topics } })
    cluster.next('Produce', { partition: 0 }).throttle(5000)
    send('a', { partition: 0 })
    time.advance(100)
    send('b', { partition: 0 })
    send('c', { partition: 1 })
    time.advance(100)
    expect(log).toEqual(['a delivered', 'c delivered'])
    time.advance(5000)
    expect(log).toEqual(['a delivered', 'c delivered', 'b delivered'])
  })

  it('does not keep close from ending in time', () => {
    const { cluster, time, send, kafka, log } = journey({ linger: 0 })
    cluster.next('Produce').throttle(50_000)
    send('a')
    time.advance(100)
    send('b')
    let closedAt = 0
    kafka.close({ timeout: 1000 }).subscribe(() => (closedAt = time.now))
    const start = time.now
    time.advance(2000)
    expect([log, closedAt - start]).toEqual([['a delivered', 'b PRODUCER_CLOSED'], 1000])
  })
})
