/** Answers after which no broker will take anything of the producer any more. */
import { carrying, flying, journey, large, names } from '../support/journey'

const fatalIn = ({ events }: ReturnType<typeof journey>) => events.filter(({ type }) => type === 'fatal')

describe('a fatal answer', () => {
  it.each(['CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION', 'INVALID_PRODUCER_ID_MAPPING'] as const)(
    '%s fails its batch and every later record, and is reported once',
    (code) => {
      const world = flying()
      const { send, time, cluster, log, values } = world
      cluster.next('Produce').fail(code)
      send('a')
      time.advance(1000)
      send('b')
      send('elsewhere', { topic: 'others' })
      time.advance(60_000)
      expect(log).toEqual([`a ${code}`, `b ${code}`, `elsewhere ${code}`])
      expect([values(), fatalIn(world)]).toEqual([['known'], [{ type: 'fatal', error: expect.objectContaining({ code }) }]])
      expect(time.pending).toBe(0)
    },
  )

  it('without idempotence fails its batch alone', () => {
    const world = journey({ idempotence: false })
    const { send, time, cluster, log, values } = world
    cluster.next('Produce').fail('CLUSTER_AUTHORIZATION_FAILED')
    send('a')
    time.advance(1000)
    send('b')
    time.advance(1000)
    expect([log, values(), fatalIn(world)]).toEqual([['a CLUSTER_AUTHORIZATION_FAILED', 'b delivered'], ['b'], []])
  })

  it('fails the records of a partition in their order, those on their way as not known', () => {
    const world = flying({ maxInFlight: 3 })
    const { send, time, cluster, log, deliveries } = world
    cluster.next('Produce', { where: carrying('0') }).fail('CLUSTER_AUTHORIZATION_FAILED')
    for (const name of names(6)) send(name)
    time.advance(60_000)
    expect(log).toEqual([
      '0 CLUSTER_AUTHORIZATION_FAILED',
      ...['1', '2'].map((name) => `${name} OUTCOME_UNKNOWN`),
      ...['3', '4', '5'].map((name) => `${name} CLUSTER_AUTHORIZATION_FAILED`),
    ])
    expect(deliveries[1]).toMatchObject({ error: { cause: { code: expect.any(String) } } })
    expect([fatalIn(world).length, time.pending]).toEqual([1, 0])
  })

  it('tells first what its own answer says of other partitions', () => {
    const { send, time, cluster, log, produced } = flying({
      linger: 5,
      batchSize: 1000,
      maxBatchSize: 1000,
      cluster: { topics: { orders: 3 } },
    })
    cluster.next('Produce', { partition: 1 }).fail('CLUSTER_AUTHORIZATION_FAILED')
    for (const partition of [0, 1, 2]) send(`p${partition}`, { partition })
    time.advance(60_000)
    expect(produced).toHaveLength(1)
    expect([...log].sort()).toEqual(['p0 delivered', 'p1 CLUSTER_AUTHORIZATION_FAILED', 'p2 delivered'])
  })

  it('gives back all memory: what is on its way is let go by the network, and its answer is heard by nobody', () => {
    const bufferMemory = 16_384
    const world = flying({ bufferMemory, batchSize: 5000, maxBatchSize: 5000 })
    const { kafka, send, time, cluster, log, values } = world
    const free: number[] = []
    kafka.demand$.subscribe((bytes) => free.push(bytes))
    cluster.next('Produce', { where: carrying('a') }).fail('CLUSTER_AUTHORIZATION_FAILED')
    const held = cluster.next('Produce', { where: carrying('b') }).hold()
    for (const name of ['a', 'b', 'c', 'd']) send(name, large(name, 5000))
    time.advance(1000)
    // What still waited for memory was in no batch, and fails by itself.
    expect([...log].sort()).toEqual([
      'a CLUSTER_AUTHORIZATION_FAILED',
      'b OUTCOME_UNKNOWN',
      'c CLUSTER_AUTHORIZATION_FAILED',
      'd CLUSTER_AUTHORIZATION_FAILED',
    ])
    held.release()
    time.advance(60_000)
    expect([log.length, free.at(-1), time.pending]).toEqual([4, bufferMemory, 0])
    expect(values()).toEqual(['known'])
  })

  it('lets streams end and the producer close', () => {
    const { kafka, source$, send, time, cluster, log } = flying()
    cluster.next('Produce').fail('INVALID_PRODUCER_ID_MAPPING')
    send('a')
    time.advance(1000)
    source$.complete()
    const reports: unknown[] = []
    kafka.close({ timeout: 1000 }).subscribe({ next: (report) => reports.push(report), complete: () => reports.push('|') })
    time.advance(1)
    expect([log, reports]).toEqual([
      ['a INVALID_PRODUCER_ID_MAPPING', '|'],
      [{ delivered: 0, failed: 0, purged: 0 }, '|'],
    ])
  })

  it('may be answered by closing from within its delivery', () => {
    const world = flying()
    const { kafka, send, time, cluster, log, subscription } = world
    const closed: unknown[] = []
    kafka.events$.subscribe(({ type }) => {
      if (type === 'fatal') kafka.close({ timeout: 0 }).subscribe((report) => closed.push(report))
    })
    cluster.next('Produce', { where: carrying('a') }).fail('CLUSTER_AUTHORIZATION_FAILED')
    for (const name of ['a', 'b', 'c']) send(name)
    time.advance(60_000)
    expect([log.map((line) => line.slice(0, 1)), closed.length, time.pending]).toEqual([['a', 'b', 'c'], 1, 0])
    subscription.unsubscribe()
  })
})
