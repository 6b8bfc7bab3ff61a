/** A client of one broker of a test cluster that says exactly what a spec wants to say, in virtual time. */
import type { Subscription } from 'rxjs'
import { frames } from '../../../lib/network/frames'
import type { Address, Socket } from '../../../lib/network/transport'
import { correlationIdOf, decodeResponse, encodeRequest } from '../../../lib/protocol/envelope'
import { stableVersions } from '../../../lib/protocol/versions'
import type { TestCluster } from '../../../lib/testing/test-cluster'
import type { VirtualTime } from '../../../lib/testing/virtual-time'
import type { Message } from '../../../lib/wire/message'

export interface ClientOptions {
  /** Which broker is asked. Default 1. */
  readonly node?: number
  readonly time: VirtualTime
  readonly clientId?: string
}

/** What was asked and may not be answered yet. Look at it after time has passed. */
export interface Asked<A> {
  readonly state: 'waiting' | 'answered' | 'ended'
  /** Throws while there is none. */
  readonly answer: A
  /** Virtual milliseconds at which the answer came, or the connection ended. */
  readonly at: number | undefined
}

export interface Client {
  /**
   * Asks on the client's connection, which it opens when there is none, and moves time until the answer is there: no further than the
   * answer takes, a minute at most. Throws when the broker ends the connection instead, or does not answer.
   * `version` is the newest one that Kafka speaks unless another is given.
   */
  <Q extends QI, QI, A extends AI, AI>(request: Message<Q, QI>, response: Message<A, AI>, value: QI, version?: number): A
  /** Writes the request and returns at once: for what is answered late or never. Time has to be moved by the caller. */
  begin<Q extends QI, QI, A extends AI, AI>(request: Message<Q, QI>, response: Message<A, AI>, value: QI, version?: number): Asked<A>
  /** Whether its connection is open. */
  readonly open: boolean
  close(): void
}

/** Longer than any broker waits. */
const PATIENCE = 60_000

interface Waiting {
  readonly correlationId: number
  answered(frame: Uint8Array): void
  ended(): void
}

/** `const ask = client(cluster, { time })`, then `ask(MetadataRequest, MetadataResponse, { topics: null })`. */
export function client(cluster: TestCluster, options: ClientOptions): Client {
  const { node = 1, time, clientId = 'spec' } = options
  const connection = connectionOf(cluster, addressOf(cluster, node), time)
  let correlationId = 0

  const begin: Client['begin'] = (request, response, value, version = stableVersions(request).max) => {
    const asked = askedOf((frame: Uint8Array) => decodeResponse(response, frame, version), time)
    const id = ++correlationId
    connection.write(encodeRequest(request, value, version, { clientId, correlationId: id }), { correlationId: id, ...asked.waiting })
    return asked.view
  }

  const ask = (...[request, response, value, version]: Parameters<Client['begin']>): unknown => {
    const asked = begin(request, response, value, version)
    // What is due now runs first, so that an answer without latency takes no time at all.
    time.advance(0)
    for (let passed = 0; asked.state === 'waiting' && passed < PATIENCE; passed++) time.advance(1)
    return asked.answer
  }

  return Object.defineProperty(Object.assign(ask, { begin, close: () => connection.close() }), 'open', {
    get: () => connection.open,
  }) as Client
}

function addressOf(cluster: TestCluster, node: number): Address {
  const [host, port] = cluster.brokers[node - 1]?.split(':') ?? []
  if (host === undefined) throw new Error(`The cluster has no broker ${String(node)}`)
  return { host, port: Number(port) }
}

/** One connection at a time, a new one when it is needed. */
function connectionOf(cluster: TestCluster, address: Address, time: VirtualTime) {
  const waiting: Waiting[] = []
  let socket: Socket | undefined
  let subscription: Subscription | undefined

  const ended = (): void => {
    socket = undefined
    subscription?.unsubscribe()
    for (const each of waiting.splice(0)) each.ended()
  }

  const take = (frame: Uint8Array): void => {
    const next = waiting.shift()
    const id = correlationIdOf(frame)
    if (next?.correlationId !== id) throw new Error(`Request ${String(next?.correlationId)} was due, ${String(id)} was answered`)
    next.answered(frame)
  }

  const dial = (): Socket => {
    const dialled: Socket[] = []
    cluster.transport.connect(address).subscribe({ next: (each) => dialled.push(each), error: () => undefined })
    time.advance(0)
    for (let passed = 0; dialled.length === 0 && passed < PATIENCE; passed++) time.advance(1)
    const [first] = dialled
    if (first === undefined) throw new Error(`${address.host} cannot be reached`)
    return first
  }

  const opened = (): Socket => {
    if (socket !== undefined) return socket
    socket = dial()
    subscription = socket.data.pipe(frames(2 ** 31 - 1)).subscribe({ next: take, error: ended, complete: ended })
    return socket
  }

  return {
    get open() {
      return socket !== undefined
    },
    write(chunks: readonly Uint8Array[], each: Waiting): void {
      const to = opened()
      waiting.push(each)
      to.write(chunks)
    },
    close(): void {
      socket?.close()
      ended()
    },
  }
}

function askedOf<A>(decode: (frame: Uint8Array) => A, time: VirtualTime) {
  let state: Asked<A>['state'] = 'waiting'
  let answer: A | undefined
  let at: number | undefined
  const view: Asked<A> = {
    get state() {
      return state
    },
    get at() {
      return at
    },
    get answer() {
      if (answer === undefined) throw new Error(state === 'ended' ? 'The broker ended the connection' : 'There is no answer')
      return answer
    },
  }
  const waiting = {
    answered: (frame: Uint8Array): void => {
      ;[state, at, answer] = ['answered', time.now, decode(frame)]
    },
    ended: (): void => {
      ;[state, at] = ['ended', time.now]
    },
  }
  return { view, waiting }
}
