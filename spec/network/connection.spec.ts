import { TestScheduler } from 'rxjs/testing'
import type { Subscription } from 'rxjs'
import { BrokerError, ConnectError, DisconnectError, ProtocolError, RequestTimeoutError, UnsupportedVersionError } from '../../lib/errors'
import type { KafkaError } from '../../lib/errors'
import { ApiVersionsRequest } from '../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../lib/generated/messages/ApiVersionsResponse'
import type { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import { openConnection } from '../../lib/network/connection'
import type { Connection } from '../../lib/network/connection'
import type { Outcome } from '../../lib/network/exchange'
import { request$ } from '../../lib/network/request'
import { clockOf } from '../../lib/time'
import { memoryNetwork } from '../support/memory-transport'
import { bytes, hangUp, silence, value } from '../support/scripted-broker'
import { METADATA, PRODUCE, scriptedCluster } from '../support/scripted-cluster'
import { virtualTime } from '../support/virtual-time'

const VERSIONS = { request: ApiVersionsRequest, response: ApiVersionsResponse }
const address = { host: 'broker-1', port: 9092 }
const nobody = { host: 'nobody', port: 1 }

function setUp({ chunk = Infinity } = {}) {
  const time = virtualTime()
  const { clock } = time
  const network = memoryNetwork({ clock, latency: 5, chunk })
  const cluster = scriptedCluster(network, clock)
  cluster.create('orders', 2)
  const [broker] = cluster.brokers
  if (broker === undefined) throw new Error('no broker')
  const options = {
    transport: network.transport,
    clock,
    clientId: 'spec',
    software: { name: 'kafkarx', version: '0.1.0' },
    requestTimeout: 1000,
    connectTimeout: 300,
  }
  const open = (to = address) => {
    const seen: { connection: Connection | undefined; ended: unknown; subscription: Subscription } = {
      connection: undefined,
      ended: undefined,
      subscription: openConnection(to, options).subscribe({
        next: (connection) => (seen.connection = connection),
        error: (error: unknown) => (seen.ended = error),
        complete: () => (seen.ended = 'complete'),
      }),
    }
    return seen
  }
  const opened = () => {
    const seen = open()
    time.advance(50)
    if (seen.connection === undefined) throw new Error(`not open: ${String(seen.ended)}`)
    return { ...seen, connection: seen.connection, state: seen }
  }
  return { time, clock, network, cluster, broker, options, open, opened }
}

/** What became of each request, in the order in which it was told. */
function outcomes() {
  const log: string[] = []
  const note = (name: string) => (outcome: Outcome<unknown>) =>
    void log.push(`${name} ${outcome.type === 'failed' ? outcome.error.code : outcome.type}`)
  return { log, note }
}

const sendMetadata = (connection: Connection, answered: (outcome: Outcome<MetadataResponse>) => void, released?: () => void) => {
  const version = connection.versionOf(METADATA)
  const value = { topics: [{ name: 'orders' }] }
  connection.send({ api: METADATA, value, version, answer: 'expected', answered, ...(released && { released }) })
}

const sendProduce = (
  connection: Connection,
  acks: number,
  { answered, released }: { answered: (o: Outcome<unknown>) => void; released?: () => void },
) =>
  connection.send({
    api: PRODUCE,
    value: { acks, timeoutMs: 1000, topicData: [{ name: 'orders', partitionData: [{ index: 0, records: new Uint8Array(5000) }] }] },
    version: 9,
    answer: acks === 0 ? 'none' : 'expected',
    answered,
    ...(released && { released }),
  })

describe('a connection', () => {
  it('opens when it is subscribed, not before, and comes when the versions are known', () => {
    const { network, options, time, broker, open } = setUp()
    openConnection(address, options)
    time.settle()
    expect(network.dialled).toEqual([])

    const seen = open()
    time.advance(19)
    expect(seen.connection).toBeUndefined()
    time.advance(1)
    expect(seen.connection?.address).toEqual(address)
    expect(broker.received).toMatchObject([
      {
        api: 'ApiVersions',
        version: 5,
        headerVersion: 2,
        clientId: 'spec',
        value: { clientSoftwareName: 'kafkarx', clientSoftwareVersion: '0.1.0' },
      },
    ])
    expect(seen.ended).toBeUndefined()
  })

  it('asks and gets answers, in chunks of any size', () => {
    for (const chunk of [1, 2, 3, 7, 1000]) {
      const { time, opened } = setUp({ chunk })
      const answers: MetadataResponse[] = []
      request$(opened().connection, METADATA, { topics: [{ name: 'orders' }] }).subscribe((answer) => answers.push(answer))
      time.settle()
      expect(answers).toMatchObject([{ clusterId: 'scripted', topics: [{ name: 'orders', errorCode: 0 }] }])
    }
  })

  it('answers requests in their order and counts those in flight', () => {
    const { time, opened } = setUp()
    const { connection } = opened()
    const { log, note } = outcomes()
    for (const name of ['a', 'b', 'c']) sendMetadata(connection, note(name))
    expect(connection.inFlight).toBe(3)
    time.settle()
    expect(log).toEqual(['a answered', 'b answered', 'c answered'])
    expect(connection.inFlight).toBe(0)
  })

  it('is kept by a subscriber that asks again from within an answer', () => {
    const { time, opened } = setUp()
    const { connection } = opened()
    const { log, note } = outcomes()
    sendMetadata(connection, (outcome) => {
      note('first')(outcome)
      expect(connection.inFlight).toBe(0)
      sendMetadata(connection, note('second'))
    })
    time.settle()
    expect(log).toEqual(['first answered', 'second answered'])
  })

  it('gives every request its outcome although a callback throws', () => {
    const { time, opened } = setUp({ chunk: Infinity })
    const { connection } = opened()
    const { log, note } = outcomes()
    sendMetadata(connection, () => {
      throw new Error('thrown by a subscriber')
    })
    sendMetadata(connection, note('second'))
    expect(() => time.settle()).toThrow('thrown by a subscriber')
    time.settle()
    expect(log).toEqual(['second answered'])
    expect(connection.open).toBe(true)
  })

  describe('whose broker speaks other versions', () => {
    it('falls back to the version that the broker names', () => {
      const { broker, opened } = setUp()
      broker.speaks(VERSIONS, { min: 0, max: 3 })
      expect(opened().connection.open).toBe(true)
      expect(broker.received.map(({ version }) => version)).toEqual([3])
    })

    it('falls back to version 0 when the broker names none', () => {
      const { broker, time, open } = setUp()
      broker.on(VERSIONS, (_, version) => {
        if (version === 0) return value({ errorCode: 0, apiKeys: [] })
        return bytes(Uint8Array.of(0, 0, 0, 10, 0, 0, 0, 0, 0, 35, 0, 0, 0, 0))
      })
      const seen = open()
      time.advance(100)
      expect(seen.connection).toBeDefined()
      expect(broker.received.map(({ version }) => version)).toEqual([5, 0])
    })

    it('asks ever lower versions of a broker that contradicts itself, and comes to an end', () => {
      const { broker, time, open } = setUp()
      broker.on(VERSIONS, () => value({ errorCode: 35, apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 5 }] }))
      const seen = open()
      time.settle()
      expect(seen.ended).toMatchObject({ code: 'UNSUPPORTED_VERSION' })
      expect(broker.received.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1, 0])
    })

    it('fails when the broker refuses for another reason, and says which', () => {
      const { broker, time, open } = setUp()
      broker.on(VERSIONS, () => value({ errorCode: 58, apiKeys: [] }))
      const seen = open()
      time.settle()
      expect(seen.ended).toBeInstanceOf(BrokerError)
      expect(seen.ended).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED' })
    })

    it('uses the highest version in common, within limits', () => {
      const { broker, opened } = setUp()
      broker.speaks(METADATA, { min: 0, max: 11 })
      const { connection } = opened()
      expect(connection.versionOf(METADATA)).toBe(11)
      expect(connection.versionOf(METADATA, { min: 4, max: 9 })).toBe(9)
      expect(() => connection.versionOf(METADATA, { min: 12, max: 13 })).toThrow(UnsupportedVersionError)
    })

    it('names a request that the broker does not know, and fails that request alone', () => {
      const { broker, time, opened } = setUp()
      broker.speaks(METADATA, null)
      const { connection } = opened()
      const errors: unknown[] = []
      request$(connection, METADATA, { topics: [] }).subscribe({ error: (error: unknown) => errors.push(error) })
      time.settle()
      expect(errors).toMatchObject([{ code: 'UNSUPPORTED_VERSION', message: expect.stringContaining('Metadata') as string }])
      expect(connection.open).toBe(true)
    })
  })

  describe('that cannot be opened', () => {
    it('errors with a ConnectError when nobody listens', () => {
      const { time, open } = setUp()
      const seen = open(nobody)
      time.settle()
      expect(seen.ended).toBeInstanceOf(ConnectError)
    })

    it('errors when it takes too long, handshake included', () => {
      const { broker, time, open } = setUp()
      broker.on(VERSIONS, () => silence)
      const seen = open()
      time.advance(299)
      expect(seen.ended).toBeUndefined()
      time.advance(1)
      expect(seen.ended).toBeInstanceOf(ConnectError)
      time.settle()
      expect(broker.connections()).toBe(0)
    })

    it('errors when the broker hangs up during the handshake', () => {
      const { broker, time, open } = setUp()
      broker.on(VERSIONS, () => hangUp)
      const seen = open()
      time.settle()
      expect(seen.ended).toBeInstanceOf(DisconnectError)
      expect(String(seen.ended)).toContain('does the listener expect TLS or SASL?')
      expect(time.now).toBeLessThan(300)
    })

    it('errors with what was wrong with the answer, and not with what became of the question', () => {
      const { time, broker, open } = setUp()
      broker.on(VERSIONS, () => bytes(Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50)))
      const seen = open()
      time.settle()
      expect(seen.ended).toMatchObject({ code: 'TLS_REQUIRED', message: expect.stringContaining('set tls') })
    })

    it('gives up when it is unsubscribed, and leaves nothing behind', () => {
      const { broker, time, open } = setUp()
      for (const after of [0, 3, 7, 12]) {
        const seen = open()
        time.advance(after)
        seen.subscription.unsubscribe()
        time.settle()
        expect(seen.connection).toBeUndefined()
        expect(broker.connections()).toBe(0)
      }
    })
  })

  describe('that dies', () => {
    it('fails all it carries, each once, before it errors itself', () => {
      const { network, time, broker, opened } = setUp()
      broker.on(METADATA, () => silence)
      const { connection, state } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      sendMetadata(connection, (outcome) => {
        note('b')(outcome)
        log.push(`then ${connection.open ? 'open' : 'not open'}, ${state.ended === undefined ? 'not ended' : 'ended'}`)
      })
      time.advance(100)
      network.cut(address)
      expect(log).toEqual(['a NETWORK_EXCEPTION', 'b NETWORK_EXCEPTION', 'then not open, not ended'])
      expect(state.ended).toBeInstanceOf(DisconnectError)
      time.settle()
      expect(log).toHaveLength(3)
    })

    it('gives up when the oldest request is not answered in time, and only that one is called late', () => {
      const { time, broker, opened } = setUp()
      broker.on(METADATA, () => silence)
      const { connection, state } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      time.advance(600)
      sendMetadata(connection, note('b'))
      time.advance(399)
      expect(log).toEqual([])
      time.advance(1)
      expect(log).toEqual(['a REQUEST_TIMEOUT', 'b NETWORK_EXCEPTION'])
      expect(state.ended).toBeInstanceOf(RequestTimeoutError)
      expect(String(state.ended)).toContain('Metadata')
      time.settle()
      expect(broker.connections()).toBe(0)
    })

    it('does not mind requests that are answered in time, however many follow', () => {
      const { time, broker, cluster, opened } = setUp()
      broker.on(METADATA, () => value(cluster.metadata([]), 800))
      const { connection } = opened()
      const { log, note } = outcomes()
      for (let i = 0; i < 10; i++) {
        sendMetadata(connection, note('x'))
        time.advance(400)
      }
      time.settle()
      expect(log).toEqual(Array.from({ length: 10 }, () => 'x answered'))
    })

    it.each([
      ['an id that is not the oldest', Uint8Array.of(0, 0, 0, 5, 0, 0, 0, 99, 0)],
      ['an answer that ends too early', Uint8Array.of(0, 0, 0, 6, 0, 0, 0, 1, 0, 0)],
      ['a frame too short for an id', Uint8Array.of(0, 0, 0, 1, 0)],
      ['a length beyond the bound', Uint8Array.of(0x7f, 0xff, 0xff, 0xff)],
      ['a negative length', Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
      ['an HTTP answer', new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ])('dies of %s, with the reason as the cause', (_, raw) => {
      const { time, broker, opened } = setUp()
      broker.on(METADATA, () => bytes(raw))
      const { connection, state } = opened()
      const errors: KafkaError[] = []
      sendMetadata(connection, (outcome) => void (outcome.type === 'failed' && errors.push(outcome.error)))
      time.settle()
      expect(errors).toHaveLength(1)
      expect(errors[0]).toBeInstanceOf(DisconnectError)
      expect(errors[0]?.cause).toBeInstanceOf(ProtocolError)
      expect(state.ended).toBeInstanceOf(ProtocolError)
    })

    it('dies of an answer that nobody asked for', () => {
      const { time, broker, opened } = setUp()
      broker.on(METADATA, () => bytes(Uint8Array.of(0, 0, 0, 4, 0, 0, 0, 2)))
      const { connection, state } = opened()
      request$(connection, METADATA, { topics: [] }).subscribe({ error: () => undefined })
      time.settle()
      expect(state.ended).toBeInstanceOf(ProtocolError)
    })

    it('dies when the broker hangs up', () => {
      const { time, broker, opened } = setUp()
      broker.on(METADATA, () => hangUp)
      const { connection, state } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      time.settle()
      expect(log).toEqual(['a NETWORK_EXCEPTION'])
      expect(state.ended).toBeInstanceOf(DisconnectError)
      // So does a listener that wants a login, which anybody may ask for its versions.
      expect(String(state.ended)).toContain('does the listener expect TLS or SASL?')
    })

    it('dies without a word of TLS or SASL when the broker had answered before', () => {
      const { time, broker, opened } = setUp()
      const { connection, state } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      time.settle()
      broker.on(METADATA, () => hangUp)
      sendMetadata(connection, note('b'))
      time.settle()
      expect(log).toEqual(['a answered', 'b NETWORK_EXCEPTION'])
      expect(state.ended).toMatchObject({ message: 'broker-1:9092 closed the connection' })
    })
  })

  describe('that is closed on purpose', () => {
    it.each(['close', 'unsubscribe'] as const)('by %s fails what is unanswered and completes', (how) => {
      const { time, broker, opened } = setUp()
      broker.on(METADATA, () => silence)
      const { connection, state } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      if (how === 'close') connection.close()
      else state.subscription.unsubscribe()
      expect(log).toEqual(['a NETWORK_EXCEPTION'])
      expect(state.ended).toBe(how === 'close' ? 'complete' : undefined)
      time.settle()
      expect(broker.connections()).toBe(0)
    })

    it('fails later requests, but never from within send', () => {
      const { time, opened } = setUp()
      const { connection } = opened()
      connection.close()
      const { log, note } = outcomes()
      sendMetadata(connection, note('late'), () => log.push('released'))
      expect(log).toEqual([])
      time.settle()
      expect(log).toEqual(['released', 'late NETWORK_EXCEPTION'])
    })

    it('by retiring answers what is in flight first, and takes no more', () => {
      const { time, broker, opened } = setUp()
      const { connection, state } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      sendMetadata(connection, note('b'))
      connection.retire()
      expect(connection.open).toBe(false)
      sendMetadata(connection, note('refused'))
      time.settle()
      expect(log).toEqual(['refused NETWORK_EXCEPTION', 'a answered', 'b answered'])
      expect(state.ended).toBe('complete')
      expect(broker.connections()).toBe(0)
    })

    it('by retiring closes at once when nothing is in flight', () => {
      const { opened } = setUp()
      const { connection, state } = opened()
      connection.retire()
      expect(state.ended).toBe('complete')
    })
  })

  describe('with requests that are not answered (acks 0)', () => {
    it('counts them as done when they are written', () => {
      const { time, opened } = setUp()
      const { connection } = opened()
      const { log, note } = outcomes()
      sendProduce(connection, 0, { answered: note('p'), released: () => log.push('released') })
      expect(connection.inFlight).toBe(1)
      expect(log).toEqual([])
      time.advance(1)
      expect(log).toEqual(['released', 'p written'])
      expect(connection.inFlight).toBe(0)
      time.settle()
    })

    it('keeps the answers of others in step', () => {
      const { time, opened } = setUp()
      const { connection } = opened()
      const { log, note } = outcomes()
      sendMetadata(connection, note('a'))
      sendProduce(connection, 0, { answered: note('p') })
      sendMetadata(connection, note('b'))
      time.settle()
      expect(log).toEqual(['p written', 'a answered', 'b answered'])
    })

    it('fails them when the connection dies before they are written', () => {
      const { network, time, opened } = setUp()
      const { connection } = opened()
      const { log, note } = outcomes()
      sendProduce(connection, 0, { answered: note('p'), released: () => log.push('released') })
      network.cut(address)
      time.settle()
      expect(log.sort()).toEqual(['p NETWORK_EXCEPTION', 'released'])
    })
  })

  it('releases the bytes of every request exactly once, also of those that cannot be written', () => {
    const { network, time, opened } = setUp()
    const { connection } = opened()
    const { log, note } = outcomes()
    const released = () => log.push('released')
    sendProduce(connection, 1, { answered: note('p'), released })
    time.settle()
    expect(log).toEqual(['released', 'p answered'])
    log.length = 0

    const tooMany = { topics: [{ name: 'x'.repeat(40_000) }] }
    connection.send({ api: METADATA, value: tooMany, version: 9, answer: 'expected', answered: note('bad'), released })
    time.settle()
    expect(log).toEqual(['released', 'bad PROTOCOL_ERROR'])
    log.length = 0

    sendProduce(connection, 1, { answered: note('p'), released })
    network.cut(address)
    time.settle()
    expect(log.sort()).toEqual(['p NETWORK_EXCEPTION', 'released'])
  })

  it('arms no timer while nothing is unanswered, so that TestScheduler.run comes to an end', () => {
    new TestScheduler(() => undefined).run(({ flush }) => {
      const clock = clockOf()
      const network = memoryNetwork({ clock })
      scriptedCluster(network, clock)
      const software = { name: 'kafkarx', version: '0' }
      const options = { transport: network.transport, clock, clientId: null, software, requestTimeout: 30_000, connectTimeout: 10_000 }
      const seen: Connection[] = []
      openConnection(address, options).subscribe((connection) => seen.push(connection))
      flush()
      expect(seen).toHaveLength(1)
      expect(clock.now()).toBeLessThan(100)
    })
  })
})
