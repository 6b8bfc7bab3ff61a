/** A batch that was given up before it was known whether the log took it: what its partition does with the numbers behind it. */
import { bumps, carrying, flying, journey, LATENCY, names, numbered, sayingInstead } from '../support/journey'

const DELIVERY_TIMEOUT = 10_000
const patient = { deliveryTimeout: DELIVERY_TIMEOUT, requestTimeout: 9900, retryBackoff: 1000, retryBackoffMax: 1000 }
/** How much later `b` is made than `a`, and still leaves before the first answer. */
const LATER = 1900

/** On their way together, and not of the same age: `a` expires when it is ten seconds old, and `b` has some time left then. */
function twoApart(faults: (cluster: ReturnType<typeof journey>['cluster']) => void) {
  const world = flying(patient)
  faults(world.cluster)
  world.cluster.broker(1).slow({ latency: 1000 })
  world.send('a')
  world.time.advance(LATER)
  world.send('b')
  world.time.advance(3000)
  world.cluster.broker(1).slow({ latency: LATENCY })
  world.time.advance(DELIVERY_TIMEOUT - LATER - 3000)
  return world
}

describe('a batch that expires before it was ever sent', () => {
  it('leaves no gap: the next has its number', () => {
    const { send, rest, time, cluster, produced, log, values, events } = flying(patient)
    cluster.broker(1).refuse()
    cluster.broker(1).disconnect()
    send('a')
    time.advance(DELIVERY_TIMEOUT)
    expect(log).toEqual(['a DELIVERY_TIMEOUT'])
    cluster.heal()
    send('b')
    rest()
    expect([numbered(produced), log.at(-1)]).toEqual([['b 0:1'], 'b delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'b'], []])
  })
})

describe('a batch that expires when it may be in the log', () => {
  const timedOut = sayingInstead('REQUEST_TIMED_OUT')

  it('and is: the one behind it shows that, new ones wait for it to do so, and the numbers go on', () => {
    const { send, rest, time, cluster, produced, log, values, events } = twoApart((faulty) => {
      faulty.every('Produce', { where: carrying('a') }).change(timedOut)
      faulty.next('Produce', { where: carrying('b') }).change(timedOut)
    })
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
    const held = cluster.next('Produce', { where: carrying('b') }).hold()
    send('c')
    time.advance(1000)
    expect(numbered(produced).filter((each) => each.startsWith('c'))).toEqual([])
    held.release()
    rest()
    expect(numbered(produced).slice(-2)).toEqual(['b 0:2', 'c 0:3'])
    expect(log).toEqual(['a OUTCOME_UNKNOWN', 'b delivered', 'c delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'a', 'b', 'c'], []])
  })

  it('and is not: what is behind it was refused, and gets new numbers', () => {
    const { send, rest, produced, log, values, events } = twoApart((faulty) => {
      faulty.every('Produce', { where: carrying('a') }).fail('REQUEST_TIMED_OUT')
    })
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
    send('c')
    rest()
    expect(numbered(produced).slice(0, 2)).toEqual(['a 0:1', 'b 0:2'])
    expect(numbered(produced).slice(-2)).toEqual(['b 1:0', 'c 1:1'])
    expect(log).toEqual(['a OUTCOME_UNKNOWN', 'b delivered', 'c delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'b', 'c'], [1]])
  })

  it('and is not: what is behind it and in doubt too keeps its number, is refused, and cannot be told either', () => {
    const { send, rest, produced, log, values, events } = twoApart((faulty) => {
      faulty.every('Produce', { where: carrying('a') }).fail('REQUEST_TIMED_OUT')
      faulty.next('Produce', { where: carrying('b') }).fail('REQUEST_TIMED_OUT')
    })
    send('c')
    rest()
    expect(numbered(produced).slice(-2)).toEqual(['b 0:2', 'c 1:0'])
    expect(log).toEqual(['a OUTCOME_UNKNOWN', 'b OUTCOME_UNKNOWN', 'c delivered'])
    expect([values(), bumps(events)]).toEqual([['known', 'c'], [1]])
  })

  it.each([
    ['and is', true, ['known', 'a', 'b']],
    ['and is not', false, ['known', 'b']],
  ])('%s, with nothing behind it: the next begins another epoch', (_what, isTaken, inLog) => {
    const { send, time, rest, cluster, produced, log, values, events } = flying(patient)
    const fault = cluster.every('Produce', { where: carrying('a') })
    if (isTaken) fault.change(timedOut)
    else fault.fail('NOT_LEADER_OR_FOLLOWER')
    send('a')
    time.advance(DELIVERY_TIMEOUT)
    expect([log, bumps(events)]).toEqual([['a OUTCOME_UNKNOWN'], []])
    send('b')
    rest()
    expect(numbered(produced).at(-1)).toBe('b 1:0')
    expect([log.at(-1), values(), bumps(events)]).toEqual(['b delivered', inLog, [1]])
  })

  it('on its way, like the one behind it: what is heard of both too late lets the numbers go on', () => {
    const { send, time, rest, cluster, produced, log, values, events } = flying(patient)
    cluster.next('Produce', { where: carrying('a') }).fail('NOT_ENOUGH_REPLICAS')
    for (const name of ['a', 'b']) send(name)
    time.advance(500)
    const held = cluster.next('Produce', { where: carrying('a') }).hold()
    time.advance(DELIVERY_TIMEOUT - 500)
    expect(log).toEqual(['a OUTCOME_UNKNOWN', 'b DELIVERY_TIMEOUT'])
    send('c')
    time.advance(100)
    held.release()
    rest()
    expect(numbered(produced)).toEqual(['a 0:1', 'b 0:2', 'a 0:1', 'c 1:0'])
    expect([log.at(-1), values(), bumps(events)]).toEqual(['c delivered', ['known', 'a', 'c'], [1]])
  })
})

describe('a request that a broker handles when its batch was given up long ago', () => {
  const hasty = { ...patient, requestTimeout: 3000 }

  it('changes nothing once a later epoch has written', () => {
    const { send, time, rest, cluster, log, values } = flying(hasty)
    cluster.every('Produce', { where: carrying('a') }).hold(30_000)
    send('a')
    time.advance(DELIVERY_TIMEOUT)
    send('b')
    time.advance(5000)
    expect(log).toEqual(['a OUTCOME_UNKNOWN', 'b delivered'])
    rest()
    expect(values()).toEqual(['known', 'b'])
  })

  it('comes before what is sent after it', () => {
    const { send, time, rest, cluster, log, values } = flying(hasty)
    cluster.every('Produce', { where: carrying('a') }).hold(30_000)
    send('a')
    time.advance(60_000)
    send('b')
    rest()
    expect([log, values()]).toEqual([
      ['a OUTCOME_UNKNOWN', 'b delivered'],
      ['known', 'a', 'b'],
    ])
  })

  it.each([[2], [5], [20]])('is no double of what was sent again meanwhile, however much came behind it: %d batches', (count) => {
    const { send, time, rest, cluster, log, values } = flying(hasty)
    cluster.next('Produce', { where: carrying('a') }).hold(30_000)
    send('a')
    time.advance(5000)
    for (const name of names(count)) send(name)
    rest()
    expect(values()).toEqual(['known', 'a', ...names(count)])
    expect(log).toEqual(['a', ...names(count)].map((name) => `${name} delivered`))
  })

  it('as the first that a log has ever seen of the producer, changes nothing either', () => {
    const { send, time, rest, cluster, log, values } = journey({ ...hasty, linger: 0 })
    cluster.every('Produce', { where: carrying('a') }).hold(30_000)
    send('a')
    time.advance(DELIVERY_TIMEOUT)
    send('b')
    rest()
    expect([log, values()]).toEqual([['a OUTCOME_UNKNOWN', 'b delivered'], ['b']])
  })
})
