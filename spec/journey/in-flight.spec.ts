/** Several batches of a partition on their way: their numbers, and the order of log and deliveries whatever happens to which of them. */
import type { Fault } from '../../lib/testing/faults/fault'
import { bumps, carrying, flying, LATENCY, names, numbered, sayingInstead } from '../support/journey'

const THERE_AND_BACK = 2 * LATENCY

describe('batches of a partition that are on their way together', () => {
  it('have numbers one behind the other, and are acknowledged one by one', () => {
    const { send, time, produced, log, values } = flying()
    send('a')
    send('b')
    time.advance(THERE_AND_BACK - 1)
    expect([numbered(produced), log]).toEqual([['a 0:1', 'b 0:2'], []])
    time.advance(1)
    expect([log, values()]).toEqual([
      ['a delivered', 'b delivered'],
      ['known', 'a', 'b'],
    ])
  })

  it('are five at most, and the sixth leaves with the first answer', () => {
    const { send, time, produced, log } = flying()
    for (const name of names(7)) send(name)
    time.advance(THERE_AND_BACK - 1)
    expect([produced.length, log]).toEqual([5, []])
    time.advance(1000)
    expect(numbered(produced)).toEqual(names(7).map((name) => `${name} 0:${Number(name) + 1}`))
    expect(log).toEqual(names(7).map((name) => `${name} delivered`))
  })

  it('are all sent again one by one, in order and with their numbers, when the first is refused for now', () => {
    const { send, time, rest, produced, log, values, cluster, events } = flying()
    cluster.next('Produce', { where: carrying('a') }).fail('LEADER_NOT_AVAILABLE')
    for (const name of ['a', 'b', 'c']) send(name)
    time.advance(THERE_AND_BACK)
    send('d')
    rest()
    const first = ['a 0:1', 'b 0:2', 'c 0:3']
    expect(numbered(produced)).toEqual([...first, ...first, 'd 0:4'])
    const again = produced.slice(3).map(({ at }) => at)
    expect(again.slice(1, 3).every((at, i) => at - (again[i] ?? at) >= THERE_AND_BACK)).toBe(true)
    expect(log).toEqual(['a delivered', 'b delivered', 'c delivered', 'd delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'a', 'b', 'c', 'd'], []])
  })

  it('go out again without a gap under another epoch, when the first is refused for good', () => {
    const { send, rest, produced, log, values, cluster, events } = flying()
    cluster.next('Produce', { where: carrying('a') }).fail('MESSAGE_TOO_LARGE')
    for (const name of ['a', 'b', 'c']) send(name)
    rest()
    expect(numbered(produced)).toEqual(['a 0:1', 'b 0:2', 'c 0:3', 'b 1:0', 'c 1:1'])
    expect(log).toEqual(['a MESSAGE_TOO_LARGE', 'b delivered', 'c delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'b', 'c'], [1]])
  })

  it('are told in the order of their records, though the second is acknowledged first', () => {
    const { send, time, rest, produced, log, deliveries, values, cluster } = flying()
    cluster.next('Produce', { where: carrying('a') }).change(sayingInstead('NOT_ENOUGH_REPLICAS_AFTER_APPEND'))
    send('a')
    send('b')
    time.advance(THERE_AND_BACK)
    expect(log).toEqual([])
    rest()
    expect(numbered(produced)).toEqual(['a 0:1', 'b 0:2', 'a 0:1'])
    expect([log, values()]).toEqual([
      ['a delivered', 'b delivered'],
      ['known', 'a', 'b'],
    ])
    expect(deliveries).toMatchObject([{ offset: 1n }, { offset: 2n }])
  })

  it('are no more than a broker knows again behind one whose fate is not known, however many of them are acknowledged', () => {
    const { send, time, rest, produced, log, values, cluster } = flying()
    cluster.next('Produce', { where: carrying('0'), times: 3 }).change(sayingInstead('REQUEST_TIMED_OUT'))
    for (const name of names(5)) send(name)
    time.advance(THERE_AND_BACK + 5)
    for (const name of ['5', '6', '7']) send(name)
    rest()
    const first = names(5).map((name) => `${name} 0:${Number(name) + 1}`)
    expect(numbered(produced)).toEqual([...first, '0 0:1', '0 0:1', '0 0:1', '5 0:6', '6 0:7', '7 0:8'])
    expect(log).toEqual(names(8).map((name) => `${name} delivered`))
    expect(values()).toEqual(['known', ...names(8)])
  })

  it('are delivered at an offset that is not known, when the broker has them and does not say where', () => {
    const { send, rest, log, deliveries, values, cluster } = flying()
    cluster.next('Produce', { where: carrying('a') }).change(sayingInstead('DUPLICATE_SEQUENCE_NUMBER'))
    send('a')
    send('b')
    rest()
    expect(log).toEqual(['a delivered', 'b delivered'])
    expect(deliveries).toMatchObject([{ offset: -1n }, { offset: 2n }])
    expect(values()).toEqual(['known', 'a', 'b'])
  })

  it('share out their numbers when one is split, and what is behind keeps its own', () => {
    const { send, time, rest, produced, log, values, cluster } = flying({ linger: 5, batchSize: 1000, maxBatchSize: 1000 })
    cluster.next('Produce', { where: carrying('a') }).fail('MESSAGE_TOO_LARGE')
    send('a')
    send('b')
    time.advance(6)
    send('c')
    rest()
    expect(numbered(produced)).toEqual(['a+b 0:1', 'c 0:3', 'a 0:1', 'b 0:2', 'c 0:3'])
    expect(log).toEqual(['a delivered', 'b delivered', 'c delivered'])
    expect(values()).toEqual(['known', 'a', 'b', 'c'])
  })
})

describe('batches that are on their way to a leader which is none any more', () => {
  const assignment = [
    [1, 2],
    [3, 2],
  ]
  const moving = { brokers: 3, topics: { orders: { partitions: 2, replicationFactor: 2, assignment } } }

  it('are answered there before any goes to the new one: answers never come in the wrong order', () => {
    const { send, time, rest, produced, values, cluster, log } = flying({ cluster: moving, requestTimeout: 5000 })
    const held = cluster.next('Produce', { where: carrying('a') }).hold()
    for (const name of ['a', 'b']) send(name, { partition: 0 })
    time.advance(THERE_AND_BACK)
    for (const partition of [0, 1]) cluster.elect('orders', partition, 2)
    // By its refusal the producer learns where both are now.
    send('elsewhere', { partition: 1 })
    time.advance(1000)
    send('c', { partition: 0 })
    time.advance(1000)
    expect(produced.filter(({ partitions }) => partitions[0]?.index === 0).map(({ node }) => node)).toEqual([1])
    held.release()
    rest()
    const ofMoved = produced.filter(({ partitions }) => partitions[0]?.index === 0)
    expect(ofMoved.map(({ node }) => node)).toEqual([1, 1, 2, 2, 2])
    expect(numbered(ofMoved)).toEqual(['a 0:1', 'b 0:2', 'a 0:1', 'b 0:2', 'c 0:3'])
    expect(log).toEqual(['elsewhere delivered', 'a delivered', 'b delivered', 'c delivered'])
    expect(values('orders', 0)).toEqual(['known', 'a', 'b', 'c'])
  })
})

describe('whatever becomes of one of five', () => {
  const what: Readonly<Record<string, (fault: Fault<'Produce'>) => void>> = {
    'is lost with its connection': (fault) => void fault.cutBefore(),
    'is taken, and its answer is lost with its connection': (fault) => void fault.cutAfter(),
    'is taken, and its answer never comes': (fault) => void fault.loseAnswer(),
    'never arrives': (fault) => void fault.drop(),
    'is answered in half': (fault) => void fault.cutWithinAnswer(7),
    'is refused for now': (fault) => void fault.fail('NOT_ENOUGH_REPLICAS'),
    'is out of order for no reason': (fault) => void fault.fail('OUT_OF_ORDER_SEQUENCE_NUMBER'),
    'is of a producer that nobody knows': (fault) => void fault.fail('UNKNOWN_PRODUCER_ID'),
    'is taken, and said to have timed out': (fault) => void fault.change(sayingInstead('REQUEST_TIMED_OUT')),
    'is handled after its client has gone': (fault) => void fault.hold(4000),
  }
  const cases = Object.keys(what).flatMap((how) => names(5).map((which) => [which, how] as const))

  it.each(cases)('all are in the log once, and in order: number %s %s', (which, how) => {
    const { send, time, rest, log, values, deliveries, cluster } = flying({ requestTimeout: 2000 })
    what[how]?.(cluster.next('Produce', { where: carrying(which) }))
    for (const name of names(5)) send(name)
    time.advance(50)
    for (const name of ['5', '6', '7']) send(name)
    rest()
    expect(values()).toEqual(['known', ...names(8)])
    expect(log).toEqual(names(8).map((name) => `${name} delivered`))
    expect(deliveries.map((delivery) => delivery.type === 'delivered' && Number(delivery.offset))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})
