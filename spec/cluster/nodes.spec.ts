import { request$ } from '../../lib/network/request'
import type { ConnectionFailure } from '../../lib/cluster/nodes'
import { at, harness } from '../support/harness'
import { silence, value } from '../support/scripted-broker'
import { METADATA } from '../support/scripted-cluster'

describe('nodes', () => {
  it('connect when a connection is asked for, and not before', () => {
    const { time, network, nodes, know } = harness()
    know(1, 2)
    time.settle()
    expect(network.dialled).toEqual([])

    expect(nodes.connectionOf(2)).toBeUndefined()
    time.settle()
    expect(nodes.connectionOf(2)?.address).toMatchObject(at(2))
    expect(network.dialled).toEqual(['broker-2:9092'])
  })

  it('connect once however often they are asked', () => {
    const { time, network, nodes, know } = harness()
    know(1)
    for (let i = 0; i < 10; i++) nodes.connectionOf(1)
    time.settle()
    expect(network.dialled).toEqual(['broker-1:9092'])
  })

  it('give nothing for a node that is not in the cluster', () => {
    const { time, network, nodes } = harness()
    expect(nodes.connectionOf(7)).toBeUndefined()
    time.settle()
    expect(network.dialled).toEqual([])
  })

  it('wake whoever waits when a connection is there, and he may ask from within', () => {
    const { time, nodes, know } = harness()
    know(1, 2)
    const seen: boolean[] = []
    nodes.changes$.subscribe(() => {
      seen.push(nodes.connectionOf(1) !== undefined)
      nodes.connectionOf(2)
    })
    nodes.connectionOf(1)
    time.settle()
    expect(seen).toEqual([true, true])
  })

  it('try again after 50 ms, then twice as long, up to a second, while somebody asks', () => {
    const { time, network, nodes, know } = harness()
    know(1)
    network.refuse(at(1))
    const attempts: number[] = []
    nodes.changes$.subscribe(() => {
      attempts.push(time.now)
      if (attempts.length < 8) nodes.connectionOf(1)
    })
    nodes.connectionOf(1)
    time.settle()
    // Each attempt takes 2 ms to fail, there and back.
    expect(attempts.map((when, i) => when - (attempts[i - 1] ?? 0) - 2)).toEqual([0, 50, 100, 200, 400, 800, 1000, 1000])
  })

  it('connect once when somebody asks at the end of a rest before its timer has fired', () => {
    const { time, clock, network, nodes, know } = harness()
    know(1)
    network.refuse(at(1))
    // Stands before the timer of the rest, as whatever a busy event loop runs first.
    clock.schedule(52, () => nodes.connectionOf(1))
    nodes.failures$.subscribe(() => nodes.connectionOf(1))
    nodes.connectionOf(1)
    time.advance(53)
    expect(network.dialled).toEqual(['broker-1:9092', 'broker-1:9092'])
  })

  it('do not try again while nobody asks', () => {
    const { time, network, nodes, know } = harness()
    know(1)
    network.refuse(at(1))
    nodes.connectionOf(1)
    time.settle()
    expect(network.dialled).toHaveLength(1)
    expect(nodes.lastError).toMatchObject({ code: 'CONNECT_FAILED' })
  })

  it('are reconnected after 50 ms when an open connection breaks', () => {
    const { time, network, nodes, know } = harness()
    know(1)
    nodes.connectionOf(1)
    time.settle()
    network.cut(at(1))
    const lost = time.now
    expect(nodes.connectionOf(1)).toBeUndefined()
    time.advance(49)
    expect(network.dialled).toHaveLength(1)
    time.settle()
    expect(nodes.connectionOf(1)).toBeDefined()
    expect(time.now - lost).toBe(54)
    expect(nodes.lastError).toBeUndefined()
  })

  it('do not give out a connection whose requests are just being failed', () => {
    const { time, network, nodes, know, broker } = harness()
    know(1)
    broker(1).on(METADATA, () => silence)
    nodes.connectionOf(1)
    time.settle()
    const connection = nodes.connectionOf(1)
    if (connection === undefined) throw new Error('no connection')
    const seen: unknown[] = []
    request$(connection, METADATA, { topics: [] }).subscribe({ error: () => seen.push(nodes.connectionOf(1)) })
    time.advance(10)
    network.cut(at(1))
    expect(seen).toEqual([undefined])
  })

  it('say which nodes were wanted in vain', () => {
    const { time, network, nodes, know } = harness()
    know(1, 2)
    network.refuse(at(2))
    const failures: ConnectionFailure[] = []
    nodes.failures$.subscribe((failure) => failures.push(failure))
    nodes.connectionOf(1)
    nodes.connectionOf(2)
    time.settle()
    network.cut(at(1))
    expect(failures).toMatchObject([
      { address: at(2), wanted: [2] },
      { address: at(1), wanted: [] },
    ])
  })

  it('reconnect a node whose address has changed', () => {
    const { time, network, nodes, know, broker } = harness()
    know(1)
    nodes.connectionOf(1)
    time.settle()
    nodes.update(new Map([[1, { id: 1, rack: null, ...at(2) }]]))
    nodes.connectionOf(1)
    time.settle()
    expect(nodes.connectionOf(1)?.address).toMatchObject(at(2))
    expect(broker(1).connections()).toBe(0)
    expect(network.dialled).toEqual(['broker-1:9092', 'broker-2:9092'])
  })

  it('let a node that has left answer what it was asked', () => {
    const { time, nodes, know, broker } = harness()
    know(1, 2)
    nodes.connectionOf(2)
    time.settle()
    const connection = nodes.connectionOf(2)
    if (connection === undefined) throw new Error('no connection')
    const answers: unknown[] = []
    request$(connection, METADATA, { topics: [] }).subscribe((answer) => answers.push(answer))
    know(1)
    expect(nodes.connectionOf(2)).toBeUndefined()
    expect(nodes.inFlight).toBe(1)
    time.settle()
    expect(nodes.inFlight).toBe(0)
    expect(answers).toHaveLength(1)
    expect(broker(2).connections()).toBe(0)
  })

  describe('any of them', () => {
    it('is a bootstrap address while none is known; they are tried in turn until one works', () => {
      const { time, network, nodes } = harness({ bootstrap: [at(8), at(9), at(3), at(1)] })
      nodes.changes$.subscribe(() => nodes.anyConnection())
      expect(nodes.anyConnection()).toBeUndefined()
      time.settle()
      expect(network.dialled).toEqual(['broker-8:9092', 'broker-9:9092', 'broker-3:9092'])
      expect(nodes.anyConnection()?.address).toEqual(at(3))
    })

    it('is sought at all bootstrap addresses again after all have failed', () => {
      const { time, network, nodes, cluster } = harness({ bootstrap: [at(1), at(2), at(3)] })
      for (const { address } of cluster.brokers) network.refuse(address)
      const subscription = nodes.changes$.subscribe(() => nodes.anyConnection())
      nodes.anyConnection()
      time.advance(300)
      subscription.unsubscribe()
      time.settle()
      const hosts = network.dialled.map((key) => key[7])
      expect(hosts.slice(0, 6)).toEqual(['1', '2', '3', '1', '2', '3'])
    })

    it('gives each address its turn also when all take long to fail', () => {
      const { time, network, nodes, cluster } = harness({ bootstrap: [at(1), at(2), at(3)] })
      for (const { address } of cluster.brokers) network.refuse(address, 'silence')
      nodes.changes$.subscribe(() => nodes.anyConnection())
      nodes.anyConnection()
      time.advance(2999)
      expect(network.dialled.map((key) => key[7])).toEqual(['1', '2', '3', '1', '2', '3'])
    })

    it('is an open one with the fewest requests in flight', () => {
      const { time, nodes, know, broker } = harness()
      know(1, 2)
      for (const id of [1, 2]) broker(id).on(METADATA, () => silence)
      nodes.connectionOf(1)
      nodes.connectionOf(2)
      time.settle()
      const ask = () => {
        const connection = nodes.anyConnection()
        if (connection === undefined) throw new Error('no connection')
        request$(connection, METADATA, { topics: [] }).subscribe({ error: () => undefined })
        return connection.address.host
      }
      expect([ask(), ask(), ask(), ask()].sort()).toEqual(['broker-1', 'broker-1', 'broker-2', 'broker-2'])
    })

    it('is a known node before a bootstrap address, and a bootstrap address when all known nodes have failed', () => {
      const { time, network, nodes, know } = harness({ bootstrap: [at(3)], random: () => 0 })
      know(1, 2)
      network.refuse(at(1))
      network.refuse(at(2))
      nodes.changes$.subscribe(() => nodes.anyConnection())
      nodes.anyConnection()
      time.settle()
      expect(network.dialled).toEqual(['broker-1:9092', 'broker-2:9092', 'broker-3:9092'])
    })
  })

  it('take over the connection of a bootstrap address that is theirs, and retire the others', () => {
    const { time, network, nodes, know, broker } = harness({ bootstrap: [at(1)] })
    nodes.anyConnection()
    time.settle()
    know(1, 2)
    expect(nodes.connectionOf(1)).toBeDefined()
    know(2, 3)
    time.settle()
    expect(broker(1).connections()).toBe(0)
    expect(network.dialled).toEqual(['broker-1:9092'])
  })

  it('begin again with the bootstrap addresses', () => {
    const { time, network, nodes, know } = harness({ bootstrap: [at(3)] })
    know(1)
    nodes.connectionOf(1)
    time.settle()
    nodes.rebootstrap()
    expect(nodes.connectionOf(1)).toBeUndefined()
    nodes.anyConnection()
    time.settle()
    expect(network.dialled).toEqual(['broker-1:9092', 'broker-3:9092'])
  })

  it('close all connections, in every state, and open none afterwards', () => {
    const { time, network, nodes, know, cluster } = harness()
    know(1, 2, 3)
    network.refuse(at(3))
    nodes.connectionOf(1)
    nodes.connectionOf(3)
    time.advance(10)
    nodes.connectionOf(3)
    nodes.connectionOf(2)
    nodes.close()
    expect([nodes.connectionOf(1), nodes.connectionOf(2), nodes.anyConnection()]).toEqual([undefined, undefined, undefined])
    time.settle()
    expect(cluster.brokers.map((broker) => broker.connections())).toEqual([0, 0, 0])
    expect(network.dialled).toHaveLength(3)
  })
})

describe('a connection that nobody has used for long', () => {
  const used = () => {
    const harnessed = harness({ connectionsMaxIdle: 60_000 })
    harnessed.know(1, 2)
    for (const id of [1, 2]) harnessed.nodes.connectionOf(id)
    harnessed.time.settle()
    return harnessed
  }
  const isOpen = ({ broker }: ReturnType<typeof harness>) => [1, 2].map((id) => broker(id).connections())

  it('is closed and opened anew when it is needed again', () => {
    const harnessed = used()
    const { time, nodes, network } = harnessed
    time.advance(60_000)
    expect(nodes.connectionOf(1)).toBeUndefined()
    time.settle()
    expect(nodes.connectionOf(1)?.open).toBe(true)
    expect(network.dialled.filter((key) => key === 'broker-1:9092')).toHaveLength(2)
  })

  it('is closed while others are used', () => {
    const harnessed = used()
    const { time, nodes } = harnessed
    for (let i = 0; i < 8; i++) {
      time.advance(10_000)
      const connection = nodes.connectionOf(1)
      if (connection !== undefined) request$(connection, METADATA, { topics: [] }).subscribe()
    }
    time.settle()
    expect(isOpen(harnessed)).toEqual([1, 0])
  })

  it('stays while it waits for an answer', () => {
    const harnessed = used()
    const { time, nodes, broker } = harnessed
    time.advance(59_000)
    broker(1).on(METADATA, () => silence)
    const connection = nodes.connectionOf(1)
    if (connection === undefined) throw new Error('not open')
    request$(connection, METADATA, { topics: [] }).subscribe({ error: () => undefined })
    time.advance(500)
    expect([nodes.connectionOf(1) === connection, isOpen(harnessed)[0]]).toEqual([true, 1])
  })

  it('is no failure, whoever closes it', () => {
    const harnessed = used()
    const { time, nodes, network } = harnessed
    const failures: unknown[] = []
    nodes.failures$.subscribe((failure) => failures.push(failure))
    time.advance(60_000)
    network.cut(at(2))
    nodes.anyConnection()
    time.settle()
    expect([failures, nodes.lastError]).toEqual([[], undefined])
    // No rest: it connects at once.
    nodes.connectionOf(2)
    const before = time.now
    time.settle()
    expect(time.now - before).toBeLessThan(10)
  })

  it('is not waited for by a timer', () => {
    const { time } = used()
    const before = time.now
    time.settle()
    expect(time.now).toBe(before)
  })
})

describe('a node that wants to be left alone', () => {
  const throttled = () => {
    const harnessed = harness()
    const { know, nodes, time, broker } = harnessed
    know(1)
    nodes.connectionOf(1)
    time.settle()
    broker(1).on(METADATA, () => value({ throttleTimeMs: 5000, brokers: [], topics: [] }))
    const connection = nodes.connectionOf(1)
    if (connection === undefined) throw new Error('not open')
    request$(connection, METADATA, { topics: [] }).subscribe()
    time.settle()
    return { ...harnessed, connection }
  }

  it('is not given out, and whoever wants it is woken when its time is over', () => {
    const { nodes, time, connection, network } = throttled()
    const start = time.now
    const woken: number[] = []
    nodes.changes$.subscribe(() => woken.push(time.now - start))
    for (let i = 0; i < 3; i++) expect(nodes.connectionOf(1)).toBeUndefined()
    time.settle()
    expect(woken).toEqual([5000])
    expect(nodes.connectionOf(1)).toBe(connection)
    expect(network.dialled).toHaveLength(1)
  })

  it('wakes nobody when nobody wants it, nor after the end', () => {
    const { nodes, time } = throttled()
    const start = time.now
    time.settle()
    expect(time.now).toBe(start)
    nodes.connectionOf(1)
    nodes.close()
    time.settle()
    expect(time.now - start).toBeLessThan(10)
  })

  it('is connected anew at once when its connection breaks: a new one knows nothing of it', () => {
    const { nodes, time, network } = throttled()
    nodes.connectionOf(1)
    network.cut(at(1))
    nodes.connectionOf(1)
    time.advance(100)
    expect(nodes.connectionOf(1)).toBeDefined()
  })
})

describe('attempts to connect', () => {
  it('are told how many came to nothing before, until one is ready', () => {
    const { time, nodes, know, network, attempts } = harness()
    know(1)
    network.refuse(at(1))
    for (let i = 0; i < 3; i++) {
      nodes.connectionOf(1)
      time.settle()
    }
    network.restore(at(1))
    nodes.connectionOf(1)
    time.settle()
    network.cut(at(1))
    nodes.connectionOf(1)
    time.settle()
    expect(attempts).toEqual([0, 1, 2, 3, 1])
  })
})
