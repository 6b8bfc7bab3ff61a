import { ErrorCode } from '../../lib/generated/error-codes'
import { append, describeTopics, errorOf, valuesIn, world } from './support/world'

describe('what a producer sees when the broker that it needs', () => {
  it('is stopped: the next leader has it within a moment', async () => {
    const { cluster, send, time } = world()
    cluster.broker(1).stop()
    const deliveries = send(['a'], { brokers: cluster.brokers.slice(1) })
    await time.settle()
    expect(deliveries.map(({ type }) => type)).toEqual(['delivered'])
    expect([valuesIn(cluster), cluster.leaderOf('orders', 0), time.now < 1000]).toEqual([['a'], 2, true])
  })

  it('is killed: nothing, until its session has run out; then the next leader', async () => {
    const { cluster, send, time } = world({ latency: 1 })
    cluster.after(100, () => cluster.broker(1).kill())
    cluster.next('Produce').hold(200)
    const deliveries = send(['a'])
    time.advance(9000)
    expect(deliveries).toEqual([])
    await time.settle()
    expect(deliveries.map(({ type }) => type)).toEqual(['delivered'])
    expect([valuesIn(cluster), time.now > 9100, time.now < 11_000]).toEqual([['a'], true, true])
  })

  it('is killed and started at once: it is not let in before its session has run out', async () => {
    const { cluster, send, time } = world({ brokers: 1 })
    cluster.broker(1).kill()
    cluster.broker(1).start()
    const deliveries = send(['a'])
    await time.settle()
    expect(deliveries.map(({ type }) => type)).toEqual(['delivered'])
    expect([time.now >= 9000, time.now < 12_000]).toEqual([true, true])
  })

  it('freezes: what it has is sent elsewhere once another one leads', async () => {
    const { cluster, send, time } = world()
    cluster.next('Produce', { node: 1 }).hold(1)
    cluster.at(1, () => cluster.broker(1).pause())
    const deliveries = send(['a'], { requestTimeout: 20_000 })
    time.advance(8000)
    expect([deliveries, cluster.leaderOf('orders', 0)]).toEqual([[], 1])
    time.advance(6000)
    expect([deliveries.map(({ type }) => type), cluster.leaderOf('orders', 0)]).toEqual([['delivered'], 2])
    await time.settle()
  })

  it('is cut off: connections time out, and the others take over', async () => {
    const { cluster, send, time } = world()
    cluster.broker(1).isolate()
    const deliveries = send(['a'])
    await time.settle()
    expect(deliveries.map(({ type }) => type)).toEqual(['delivered'])
    expect(cluster.leaderOf('orders', 0)).toBe(2)
  })

  it('refuses connections, breaks them, or is far and slow: it is tried again until it works', async () => {
    const { cluster, send, time } = world({ brokers: 1 })
    const broker = cluster.broker(1)
    broker.refuse()
    cluster.after(5000, () => broker.heal())
    cluster.after(5500, () => broker.slow({ latency: 300, rate: 0.1, chunk: 7 }))
    cluster.after(6000, () => broker.disconnect())
    const deliveries = send(['a'])
    await time.settle()
    expect(deliveries.map(({ type }) => type)).toEqual(['delivered'])
  })
})

describe('a broker', () => {
  it('that was paused handles what came meanwhile, in order, also of a client that has left', () => {
    const { cluster, talkTo, time } = world({ brokers: 1 })
    const [ask, leaving] = [talkTo(), talkTo()]
    describeTopics(leaving, 'orders')
    time.advance(1)
    cluster.broker(1).pause()
    const asked = ['a', 'b'].map((value) => append(ask, value))
    append(leaving, 'c')
    time.advance(1)
    leaving.close()
    time.advance(5000)
    expect([asked.map(({ state }) => state), valuesIn(cluster)]).toEqual([['waiting', 'waiting'], []])
    cluster.broker(1).resume()
    time.advance(1)
    expect([asked.map(errorOf), valuesIn(cluster)]).toEqual([
      [0, 0],
      ['a', 'b', 'c'],
    ])
  })

  it('that is paused lets no answer out that it had begun', () => {
    const { cluster, talkTo, time } = world({ brokers: 2 })
    cluster.broker(2).pause()
    const asked = append(talkTo(), 'a')
    time.advance(1000)
    cluster.broker(1).pause()
    cluster.broker(2).resume()
    time.advance(1000)
    expect(asked.state).toBe('waiting')
    cluster.broker(1).resume()
    time.advance(1)
    expect(errorOf(asked)).toBe(ErrorCode.NONE)
  })

  it('that is killed holds the high watermark as long as it counts as in sync', () => {
    const { cluster, talkTo, time } = world({ brokers: 2 })
    cluster.broker(2).kill()
    const asked = append(talkTo(), 'a')
    time.advance(8999)
    expect([asked.state, valuesIn(cluster)]).toEqual(['waiting', ['a']])
    time.advance(1)
    expect([asked.at, errorOf(asked)]).toEqual([9000, ErrorCode.NONE])
  })

  it('that is stopped gives the answers that it has before its connections close', () => {
    const { cluster, talkTo, time } = world({ brokers: 3 })
    cluster.broker(3).pause()
    const ask = talkTo()
    const asked = append(ask, 'a')
    time.advance(1)
    cluster.broker(1).stop()
    time.advance(1)
    expect([errorOf(asked), ask.open]).toEqual([ErrorCode.NOT_LEADER_OR_FOLLOWER, false])
  })

  it('that is cut off by the network alone goes on leading, and gets what was sent when it is back', () => {
    const { cluster, talkTo, time } = world()
    const ask = talkTo()
    describeTopics(ask, 'orders')
    time.advance(1)
    cluster.broker(1).blackHole()
    const asked = append(ask, 'a')
    time.advance(20_000)
    expect([asked.state, cluster.leaderOf('orders', 0)]).toEqual(['waiting', 1])
    cluster.broker(1).heal()
    time.advance(1)
    expect([errorOf(asked), valuesIn(cluster)]).toEqual([ErrorCode.NONE, ['a']])
  })

  it('that was slow is as fast as ever when it is healed, also for what waited', () => {
    const { cluster, talkTo, time } = world()
    const ask = talkTo()
    describeTopics(ask, 'orders')
    time.advance(1)
    cluster.broker(1).slow({ rate: 0.001 })
    const asked = append(ask, 'a')
    time.advance(10)
    cluster.broker(1).heal()
    time.advance(1)
    expect([asked.at, errorOf(asked)]).toEqual([11, ErrorCode.NONE])
  })

  it.each([{ chunk: 0 }, { chunk: NaN }, { rate: -1 }, { latency: -1 }])('cannot be slow as in %j', (slowness) => {
    expect(() => world().cluster.broker(1).slow(slowness)).toThrow(RangeError)
  })

  it('knows its connections, and there is none that does not exist', () => {
    const { cluster, talkTo, time } = world()
    const asks = [talkTo(1), talkTo(1), talkTo(2)]
    for (const ask of asks) describeTopics(ask)
    time.advance(1)
    expect([1, 2, 3].map((id) => cluster.broker(id).connections)).toEqual([2, 1, 0])
    cluster.broker(1).disconnect()
    time.advance(1)
    expect([cluster.broker(1).connections, asks.map(({ open }) => open)]).toEqual([0, [false, false, true]])
    expect(() => cluster.broker(4)).toThrow(RangeError)
  })

  it('that was paused has any number of requests waiting', () => {
    const { cluster, talkTo, time } = world({ brokers: 1 })
    const ask = talkTo()
    cluster.broker(1).pause()
    const asked = Array.from({ length: 5000 }, () => describeTopics(ask))
    time.advance(1)
    cluster.broker(1).resume()
    time.advance(1)
    expect(asked.every(({ state }) => state === 'answered')).toBe(true)
  })
})
