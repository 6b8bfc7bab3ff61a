/**
 * Requests out and answers back over one open socket. It ends once, whatever the reason, and every request that it took is reported
 * exactly once.
 */
import { Subscription } from 'rxjs'
import { DisconnectError, KafkaError, ProtocolError, RequestTimeoutError } from '../errors'
import { apiName } from '../protocol/api'
import type { Api } from '../protocol/api'
import { correlationIdOf, decodeResponse, encodeRequest } from '../protocol/envelope'
import type { Clock } from '../time'
import { deadlineTimer } from './deadline-timer'
import { frames } from './frames'
import { correlationIds, inFlightRequests } from './in-flight'
import type { Correlated } from './in-flight'
import type { Address, Socket } from './transport'

/** What became of a request: once for each. */
export type Outcome<A> =
  | { readonly type: 'answered'; readonly response: A; readonly version: number }
  /** Of a request without an answer (acks 0): its bytes were handed to the operating system. */
  | { readonly type: 'written'; readonly version: number }
  | { readonly type: 'failed'; readonly error: KafkaError }

/** One request. Both callbacks come exactly once, whatever happens, in either order, and never from within `send`. */
export interface Call<Q, A> {
  readonly api: Api<Q, A>
  readonly value: Q
  readonly version: number
  /** `none`: the broker will not answer (Produce with acks 0). */
  readonly answer: 'expected' | 'none'
  answered(outcome: Outcome<A>): void
  /** The network no longer reads the bytes of this request. */
  released?(): void
}

export interface Exchange {
  /** Requests that have no outcome yet. */
  readonly inFlight: number
  /** False as soon as it takes no more requests, before any of those that it fails is told. */
  readonly open: boolean
  send<Q, A>(call: Call<Q, A>): void
  /** Takes no more requests, and closes when the last one is answered. */
  retire(): void
  /** Ends now. What is unanswered fails with a DisconnectError. */
  close(cause?: KafkaError): void
}

export interface ExchangeOptions {
  readonly address: Address
  readonly clock: Clock
  readonly clientId: string | null
  /** How long a request may be unanswered, in ms, before the connection is given up. */
  readonly requestTimeout: number
  /** The longest answer that is believed, in bytes. */
  readonly maxResponseBytes: number
  /** Called once, after every request has its outcome; without a cause when it was closed on purpose. */
  ended(cause: KafkaError | undefined): void
}

/** A request in the queue, its types forgotten. */
interface Pending extends Correlated {
  readonly name: string
  readonly deadline: number
  /** Decodes at once, which may throw, and gives what tells the caller. */
  decode(frame: Uint8Array): () => void
  written(): void
  failed(error: KafkaError): void
}

type Life = 'open' | 'retiring' | 'closed'

export function exchange(socket: Socket, options: ExchangeOptions): Exchange {
  const { clock, clientId, requestTimeout, maxResponseBytes } = options
  const nextId = correlationIds()
  const unanswered = inFlightRequests<Pending>()
  const unwritten = inFlightRequests<Pending>()
  const reading = new Subscription()
  let life: Life = 'open'

  const oldest = (): Pending | undefined => older(unanswered.oldest, unwritten.oldest)
  const timer = deadlineTimer({
    clock,
    earliest: () => oldest()?.deadline,
    passed: () => end(tookTooLong(options, oldest())),
  })
  const inFlight = (): number => unanswered.size + unwritten.size

  function receive(frame: Uint8Array): void {
    let tell: () => void
    try {
      tell = unanswered.expect(correlationIdOf(frame)).decode(frame)
    } catch (error) {
      return end(asProtocolError(error))
    }
    unanswered.takeOldest()
    settle(tell)
  }

  function released(call: Pick<Call<unknown, unknown>, 'released' | 'answer'>): void {
    const written = call.answer === 'none' && life !== 'closed' ? unwritten.takeOldest() : undefined
    guarded(() => call.released?.())
    if (written !== undefined) settle(() => written.written())
  }

  function settle(tell: () => void): void {
    timer.update()
    guarded(tell)
    if (life === 'retiring' && inFlight() === 0) end(undefined)
  }

  /** A callback that throws must not cost its neighbours their outcome: its error is thrown later, at nobody. */
  function guarded(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      clock.yield(() => {
        throw error
      })
    }
  }

  function refuse<Q, A>(call: Call<Q, A>, error: KafkaError): void {
    clock.yield(() => {
      guarded(() => call.released?.())
      guarded(() => call.answered({ type: 'failed', error }))
    })
  }

  function send<Q, A>(call: Call<Q, A>): void {
    if (life !== 'open') return refuse(call, closedBefore(options))
    const correlationId = nextId()
    let chunks: readonly Uint8Array[]
    try {
      chunks = encodeRequest(call.api.request, call.value, call.version, { clientId, correlationId })
    } catch (error) {
      return refuse(call, asProtocolError(error))
    }
    const queue = call.answer === 'none' ? unwritten : unanswered
    queue.add(pending(call, correlationId, clock.now() + requestTimeout))
    timer.update()
    socket.write(chunks, () => released(call))
  }

  function end(cause: KafkaError | undefined): void {
    if (life === 'closed') return
    life = 'closed'
    timer.stop()
    reading.unsubscribe()
    const late = cause instanceof RequestTimeoutError ? oldest() : undefined
    const lost = [...unanswered.takeAll(), ...unwritten.takeAll()]
    socket.close()
    const disconnected = disconnectError(options, cause)
    for (const request of lost) guarded(() => request.failed(request === late && cause !== undefined ? cause : disconnected))
    options.ended(cause)
  }

  reading.add(
    socket.data.pipe(frames(maxResponseBytes)).subscribe({
      next: receive,
      error: (error: unknown) => end(asProtocolError(error)),
      complete: () => end(closedByBroker(options)),
    }),
  )

  return {
    get inFlight() {
      return inFlight()
    },
    get open() {
      return life === 'open'
    },
    send,
    retire: () => {
      if (life === 'open') life = 'retiring'
      if (inFlight() === 0) end(undefined)
    },
    close: (cause) => end(cause),
  }
}

function pending<Q, A>(call: Call<Q, A>, correlationId: number, deadline: number): Pending {
  const { api, version } = call
  return {
    name: apiName(api.request),
    correlationId,
    deadline,
    decode: (frame) => {
      const response = decodeResponse(api.response, frame, version)
      return () => call.answered({ type: 'answered', response, version })
    },
    written: () => call.answered({ type: 'written', version }),
    failed: (error) => call.answered({ type: 'failed', error }),
  }
}

function older(a: Pending | undefined, b: Pending | undefined): Pending | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.deadline < a.deadline ? b : a
}

/** A bug in a codec must look like bad bytes: it ends this connection and not the process. */
const asProtocolError = (error: unknown): KafkaError =>
  error instanceof KafkaError ? error : new ProtocolError(`Not readable: ${String(error)}`)

const where = ({ address: { host, port } }: ExchangeOptions): string => `${host}:${String(port)}`

const tookTooLong = (options: ExchangeOptions, request: Pending | undefined): RequestTimeoutError =>
  new RequestTimeoutError(
    `${where(options)} did not answer ${request?.name ?? 'a request'} within ${String(options.requestTimeout)} ms: ` +
      'if it is only slow, give it a greater requestTimeout',
  )

const closedBefore = (options: ExchangeOptions): DisconnectError =>
  new DisconnectError(`The connection to ${where(options)} was closed before the request was sent`)

const closedByBroker = (options: ExchangeOptions): DisconnectError =>
  new DisconnectError(`${where(options)} closed the connection: does the listener expect TLS or SASL?`)

const disconnectError = (options: ExchangeOptions, cause: KafkaError | undefined): DisconnectError =>
  cause instanceof DisconnectError
    ? cause
    : new DisconnectError(`The connection to ${where(options)} was closed before the answer came`, cause)
