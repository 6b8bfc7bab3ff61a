/** The delivery timeout: counted from the creation of a batch, over everything that happens to it. */
import { from } from 'rxjs'
import { isMany, journey, names } from '../support/journey'
import { order, watch } from '../support/producing'

const DELIVERY_TIMEOUT = 10_000
const patient = { deliveryTimeout: DELIVERY_TIMEOUT, requestTimeout: 9000 }

describe('a batch that is not acknowledged in time', () => {
  it('expires to the millisecond, on its way', () => {
    const { send, time, cluster, log } = journey(patient)
    cluster.every('Produce').hold()
    send('a')
    time.advance(DELIVERY_TIMEOUT - 1)
    expect(log).toEqual([])
    time.advance(1)
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
  })

  it('expires to the millisecond, in its queue, however many times it was tried', () => {
    const { send, time, cluster, log, produced } = journey({ ...patient, retryBackoff: 1000, retryBackoffMax: 1000 })
    cluster.every('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(DELIVERY_TIMEOUT - 1)
    expect([log, produced.length > 5]).toEqual([[], true])
    time.advance(1)
    expect(log).toEqual(['a DELIVERY_TIMEOUT'])
    const attempts = produced.length
    time.advance(60_000)
    expect(produced).toHaveLength(attempts)
  })

  it('expires to the millisecond when its broker cannot be reached, though it was never sent', () => {
    const { send, time, cluster, log, produced } = journey(patient)
    cluster.broker(1).refuse()
    cluster.broker(1).disconnect()
    send('a')
    time.advance(DELIVERY_TIMEOUT - 1)
    expect(log).toEqual([])
    time.advance(1)
    expect([log, produced]).toEqual([['a DELIVERY_TIMEOUT'], []])
  })

  it('expires behind one that is on its way, each at its own time', () => {
    const { send, time, cluster, log } = journey({ ...patient, maxInFlight: 1 })
    cluster.every('Produce').hold()
    send('a')
    time.advance(3000)
    send('b')
    time.advance(DELIVERY_TIMEOUT - 3000)
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
    time.advance(2999)
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
    time.advance(1)
    expect(log).toEqual(['a OUTCOME_UNKNOWN', 'b DELIVERY_TIMEOUT'])
  })

  it('expires in several partitions at once', () => {
    const { send, time, cluster, log } = journey({ ...patient, cluster: { topics: { orders: 2 } } })
    cluster.every('Produce').hold()
    send('a', { partition: 0 })
    send('b', { partition: 1 })
    time.advance(DELIVERY_TIMEOUT)
    expect([...log].sort()).toEqual(['a OUTCOME_UNKNOWN', 'b OUTCOME_UNKNOWN'])
  })

  it('may have the longest time that there is', () => {
    const longest = 2 ** 31 - 1
    const hour = 3_600_000
    const times = { deliveryTimeout: longest, requestTimeout: longest, metadataMaxAge: longest, retryBackoff: hour, retryBackoffMax: hour }
    const { send, time, cluster, log } = journey({ linger: 0, ...times })
    // Only the last attempt meets silence: a request that is not answered says every two seconds that it is late, and here are 25 days.
    const refused = cluster.every('Produce').fail('NOT_ENOUGH_REPLICAS')
    send('a')
    time.advance(longest - 2 * hour)
    refused.end()
    cluster.every('Produce').hold()
    time.advance(2 * hour - 1)
    expect(log).toEqual([])
    time.advance(1)
    expect(log).toEqual(['a OUTCOME_UNKNOWN'])
  })
})

describe('a batch that has expired on its way', () => {
  const expired = (config: Parameters<typeof journey>[0] = {}) => {
    const world = journey({ ...patient, maxInFlight: 1, retryBackoff: 3000, retryBackoffMax: 3000, ...config })
    // The first attempt fails, so that the second is younger than its batch: it lives when the batch has expired.
    world.cluster.next('Produce').fail('NOT_ENOUGH_REPLICAS')
    for (const name of names(2)) world.send(name)
    world.time.advance(1000)
    return world
  }

  it('is not sent again when the broker refuses it for now', () => {
    const { time, cluster, log, produced } = expired()
    cluster.next('Produce').fail('NOT_LEADER_OR_FOLLOWER')
    cluster.next('Produce').hold(8000)
    time.advance(DELIVERY_TIMEOUT - 1000)
    expect(log).toEqual(['0 OUTCOME_UNKNOWN', '1 OUTCOME_UNKNOWN'])
    time.advance(60_000)
    expect([produced.length, log.length]).toEqual([2, 2])
  })

  it('is not split when the broker finds it too large', () => {
    const { time, cluster, log, produced, events } = expired()
    cluster.every('Produce', { where: isMany }).fail('MESSAGE_TOO_LARGE')
    cluster.next('Produce').hold(8000)
    time.advance(60_000)
    expect([produced.length, log]).toEqual([2, ['0 OUTCOME_UNKNOWN', '1 OUTCOME_UNKNOWN']])
    expect(events.filter(({ type }) => type === 'split')).toEqual([])
  })

  it('is told once, though the broker acknowledges it later', () => {
    const { time, cluster, log, values } = expired()
    cluster.next('Produce').hold(8000)
    time.advance(60_000)
    expect([log, values()]).toEqual([
      ['0 OUTCOME_UNKNOWN', '1 OUTCOME_UNKNOWN'],
      ['0', '1'],
    ])
  })

  it('leaves nothing on the clock', () => {
    const { time, cluster, log, source$ } = expired()
    cluster.every('Produce').hold(8000)
    time.advance(60_000)
    source$.complete()
    expect(log).toEqual(['0 OUTCOME_UNKNOWN', '1 OUTCOME_UNKNOWN', '|'])
    expect(time.pending).toBe(0)
  })
})

describe('a record that is sent from within the delivery of one that has expired', () => {
  it('is taken, batched and sent as any other', () => {
    const { kafka, time, cluster, values } = journey(patient)
    const lost = cluster.every('Produce').hold()
    const again: string[] = []
    from(names(10).map((name) => order(name)))
      .pipe(kafka.send())
      .subscribe(({ type, context }) => {
        if (type !== 'failed') return
        lost.end()
        again.push(`${context} again`)
        watch(from([order(`${context} again`)]).pipe(kafka.send()))
      })
    time.advance(60_000)
    expect(again).toEqual(names(10).map((name) => `${name} again`))
    expect(values().filter((value) => value.endsWith('again'))).toEqual(again)
  })
})
