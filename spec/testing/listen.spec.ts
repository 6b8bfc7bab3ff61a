import { once } from 'node:events'
import { createServer, connect } from 'node:net'
import type { Socket as NetSocket } from 'node:net'
import { concatMap, filter, firstValueFrom, lastValueFrom, Subject, toArray } from 'rxjs'
import { ListenError } from '../../lib/errors'
import { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { openConnection } from '../../lib/network/connection'
import { request$ } from '../../lib/network/request'
import { tcp } from '../../lib/network/tcp'
import type { Socket } from '../../lib/network/transport'
import { producer } from '../../lib/producer'
import { encodeRequest } from '../../lib/protocol/envelope'
import { listenerOf } from '../../lib/testing/listen'
import type { ListenOptions } from '../../lib/testing/listen'
import { settingsOf } from '../../lib/testing/settings'
import { ClusterState } from '../../lib/testing/state/cluster-state'
import type { NodeStatus } from '../../lib/testing/state/node'
import { testCluster } from '../../lib/testing/test-cluster'
import type { TestCluster } from '../../lib/testing/test-cluster'
import { clockOf } from '../../lib/time'

const METADATA = { request: MetadataRequest, response: MetadataResponse }

const addressOf = (broker: string) => {
  const [host = '', port] = broker.split(':')
  return { host, port: Number(port) }
}

const openTo = (broker: string): Promise<NetSocket> =>
  new Promise((resolve, reject) => {
    const socket = connect(addressOf(broker), () => resolve(socket)).once('error', reject)
  })

/** What becomes of an attempt to connect. */
const knock = (broker: string): Promise<string> =>
  openTo(broker).then(
    (socket) => {
      socket.destroy()
      return 'open'
    },
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? '',
  )

/** Resolves once the attempt comes to what is expected: ports open and close in the next turns of the event loop. */
const knockUntil = async (broker: string, expected: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) if ((await knock(broker)) === expected) return
  throw new Error(`${broker} did not become ${expected}`)
}

describe('listenerOf', () => {
  const closers: (() => void)[] = []
  afterEach(() => closers.splice(0).forEach((close) => close()))

  const doors = (brokers = 1) => {
    const cluster = new ClusterState(settingsOf({ brokers }), clockOf())
    const entered: { readonly node: number; readonly socket: Socket }[] = []
    const listener = listenerOf({ cluster, accept: ({ id: node }, socket) => entered.push({ node, socket }) })
    closers.push(() => {
      listener.close()
      entered.forEach(({ socket }) => socket.close())
    })
    const become = (id: number, status: NodeStatus): void => {
      const node = cluster.nodes.get(id)
      if (node !== undefined) node.status = status
      cluster.changed$.next()
    }
    return { cluster, listener, entered, become }
  }

  /** Takes a port until the spec is over; false when somebody else has it. */
  const take = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => {
        closers.push(() => void server.close())
        resolve(true)
      })
    })
  /** So many free ports in a row, the first of them. Below those that systems give to whoever asks for any: nobody takes them meanwhile. */
  const freeInARow = async (count: number): Promise<number> => {
    const isFree = async (port: number): Promise<boolean> => (await knock(`127.0.0.1:${port}`)) === 'ECONNREFUSED'
    for (let port = 20_000 + (process.pid % 10_000); ; port += count) {
      const row = await Promise.all(Array.from({ length: count }, (_, i) => isFree(port + i)))
      if (!row.includes(false)) return port
    }
  }

  it('opens a port for each broker, and tells clients of it', async () => {
    const { cluster, listener, entered } = doors(3)
    const addresses = await listener.listen()
    expect(new Set(addresses).size).toBe(3)
    expect([...cluster.nodes.values()].map(({ addresses: { socket } }) => socket)).toEqual(addresses.map(addressOf))
    for (const address of [...addresses].reverse()) expect(await knock(address)).toBe('open')
    expect(entered.map(({ node }) => node)).toEqual([3, 2, 1])
  })

  it('takes the port that it is given, and those after it', async () => {
    const port = await freeInARow(2)
    const { listener } = doors(2)
    expect(await listener.listen({ port })).toEqual([`127.0.0.1:${port}`, `127.0.0.1:${port + 1}`])
  })

  it.each<readonly [ListenOptions, string]>([
    [{ host: '0.0.0.0' }, '127.0.0.1'],
    [{ host: 'localhost' }, 'localhost'],
    [{ host: '0.0.0.0', advertisedHost: 'kafka.test' }, 'kafka.test'],
  ])('with %j tells clients of %s', async (options, host) => {
    const { cluster, listener } = doors()
    const [address] = await listener.listen(options)
    expect(cluster.nodes.get(1)?.addresses.socket?.host).toBe(host)
    expect(address).toBe(`${host}:${cluster.nodes.get(1)?.addresses.socket?.port ?? ''}`)
  })

  it('says which port is taken and what to do, opens none then, and may be asked again', async () => {
    const port = (await freeInARow(2)) + 1
    expect(await take(port)).toBe(true)
    const { cluster, listener } = doors(2)
    const failed = await listener.listen({ port: port - 1 }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(ListenError)
    expect(failed).toMatchObject({ code: 'LISTEN_FAILED', message: expect.stringMatching(`127.0.0.1:${port}: .*choose another port`) })
    expect(await knock(`127.0.0.1:${port - 1}`)).toBe('ECONNREFUSED')
    expect(cluster.nodes.get(1)?.addresses.socket).toBeUndefined()
    expect(await listener.listen()).toHaveLength(2)
  })

  it('refuses to listen twice, or when it is closed', async () => {
    const { listener } = doors()
    await listener.listen()
    await expect(listener.listen()).rejects.toThrow('listens already')
    listener.close()
    await expect(listener.listen()).rejects.toThrow('is closed')
  })

  it('opens nothing when it is closed while it opens', async () => {
    const { listener } = doors(2)
    const port = await freeInARow(2)
    const listening = listener.listen({ port })
    listener.close()
    await expect(listening).rejects.toThrow('closed before it listened')
    expect(await knock(`127.0.0.1:${port}`)).toBe('ECONNREFUSED')
  })

  it('refuses connections to a broker that is down, and has the same port when it is back', async () => {
    const { listener, become } = doors(2)
    const [first = '', second = ''] = await listener.listen()
    become(1, 'down')
    expect([await knock(first), await knock(second)]).toEqual(['ECONNREFUSED', 'open'])
    become(1, 'up')
    await knockUntil(first, 'open')
  })

  it('takes connections to a broker that is paused', async () => {
    const { listener, become, entered } = doors()
    const [address = ''] = await listener.listen()
    become(1, 'paused')
    expect(await knock(address)).toBe('open')
    expect(entered).toHaveLength(1)
  })

  it('stays closed when the broker goes down again before its port was open', async () => {
    const { listener, become } = doors()
    const [address = ''] = await listener.listen()
    for (const status of ['down', 'up', 'down', 'up', 'down'] as const) become(1, status)
    await knockUntil(address, 'ECONNREFUSED')
    await new Promise((resolve) => setImmediate(resolve))
    expect(await knock(address)).toBe('ECONNREFUSED')
  })
})

/** Real sockets, and megabytes through them, on a machine that may be busy. */
jest.setTimeout(30_000)

describe('a cluster that listens', () => {
  let cluster: TestCluster
  afterEach(() => cluster.close())

  const options = {
    ...{ transport: tcp(), clock: clockOf(), clientId: 'spec', software: { name: 'spec', version: '1' } },
    ...{ requestTimeout: 10_000, connectTimeout: 10_000 },
  }

  /** Has a long answer where there are many partitions. */
  const question = (correlationId: number): readonly Uint8Array[] =>
    encodeRequest(MetadataRequest, { topics: null }, 9, { clientId: 'spec', correlationId })

  it('answers over a socket, and names the sockets of all brokers', async () => {
    cluster = testCluster({ brokers: 3, topics: { orders: 3 } })
    const addresses = await cluster.listen()
    const question = { ...MetadataRequest.create(), topics: [{ name: 'orders' }] }
    const answer$ = openConnection(addressOf(addresses[1] ?? ''), options).pipe(
      concatMap((connection) => request$(connection, METADATA, question)),
    )
    const answer = await firstValueFrom(answer$)
    expect(answer.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(addresses)
    expect(answer.topics).toMatchObject([{ name: 'orders', partitions: [{}, {}, {}] }])
  })

  it('ends every connection and port when it is closed', async () => {
    cluster = testCluster({ brokers: 2 })
    const addresses = await cluster.listen()
    const sockets = await Promise.all(addresses.map(openTo))
    const ended = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).resume())))
    cluster.close()
    await ended
    expect(await Promise.all(addresses.map(knock))).toEqual(['ECONNREFUSED', 'ECONNREFUSED'])
  })

  it('keeps a producer going through a broker that dies and comes back', async () => {
    cluster = testCluster({ brokers: 3, topics: { orders: 3 }, sessionTimeout: 50 })
    const kafka = producer({ brokers: await cluster.listen(), retryBackoff: 10, reconnectBackoff: 10 })
    const values$ = new Subject<string>()
    const delivered = lastValueFrom(values$.pipe(kafka.to('orders', { key: (value) => value }), toArray()))
    const send = (from: number, to: number): void => {
      for (let i = from; i < to; i++) values$.next(String(i))
    }
    send(0, 100)
    cluster.broker(2).kill()
    send(100, 200)
    await lastValueFrom(kafka.flush(), { defaultValue: undefined })
    cluster.broker(2).start()
    send(200, 300)
    values$.complete()

    expect((await delivered).filter(({ type }) => type !== 'delivered')).toEqual([])
    const values = new Set(cluster.records('orders').map(({ value }) => Number(Buffer.from(value ?? []).toString())))
    expect(values.size).toBe(300)
    await lastValueFrom(kafka.close())
  })

  it('is silent while its broker is paused, and answers when it goes on', async () => {
    cluster = testCluster()
    const [address = ''] = await cluster.listen()
    cluster.broker(1).pause()
    const client = await openTo(address)
    for (const chunk of question(7)) client.write(chunk)
    let heard = 0
    client.on('data', (chunk: Buffer) => (heard += chunk.length))
    expect(await untilStill(() => heard)).toBe(0)
    cluster.broker(1).resume()
    while (heard === 0) await once(client, 'data')
    client.destroy()
  })

  it('makes no answers without end for a client that does not read', async () => {
    cluster = testCluster({ topics: { orders: 4000 } })
    const [address = ''] = await cluster.listen()
    let arrived = 0
    cluster.requests$.subscribe(() => arrived++)
    const client = await openTo(address)
    client.pause()
    const asked = 200
    for (let i = 0; i < asked; i++) for (const chunk of question(i)) client.write(chunk)

    const stalled = await untilStill(() => arrived)
    expect(stalled).toBeGreaterThan(0)
    expect(stalled).toBeLessThan(asked / 2)

    const all = firstValueFrom(cluster.requests$.pipe(filter(() => arrived === asked)))
    client.resume()
    expect((await all).correlationId).toBe(asked - 1)
    client.destroy()
  })

  it('takes in no requests without end while its broker is paused', async () => {
    cluster = testCluster({ topics: { orders: 1 } })
    const [address = ''] = await cluster.listen()
    let arrived = 0
    cluster.requests$.subscribe(() => arrived++)
    cluster.broker(1).pause()
    const client = await openTo(address)
    const [asked, size] = [64, 1024 * 1024]
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records: new Uint8Array(size) }] }]
    for (let i = 0; i < asked; i++) {
      const request = encodeRequest(ProduceRequest, { acks: 1, timeoutMs: 0, topicData }, 9, { clientId: 'spec', correlationId: i })
      for (const chunk of request) client.write(chunk)
    }
    expect(await untilStill(() => client.writableLength)).toBeGreaterThan((asked * size) / 2)

    cluster.broker(1).resume()
    client.resume()
    expect(await untilStill(() => arrived)).toBe(asked)
    client.destroy()
  })
})

/** Turns of the event loop with nothing new, after which a socket has nothing more to give. */
const STILL_TURNS = 2000

async function untilStill(count: () => number): Promise<number> {
  let [last, still] = [count(), 0]
  while (still < STILL_TURNS) {
    await new Promise((resolve) => setImmediate(resolve))
    still = count() === last ? still + 1 : 0
    last = count()
  }
  return last
}
