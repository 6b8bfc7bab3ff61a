/**
 * Requests out and answers back over one open socket. It ends once, whatever the reason, and every request that it took is reported
 * exactly once.
 */
import { Subscription } from 'rxjs'
import { RequestTimeoutError } from '../errors'
import type { KafkaError } from '../errors'
import { ApiVersionsRequest } from '../generated/messages/ApiVersionsRequest'
import type { Api } from '../protocol/api'
import { correlationIdOf, decodeResponse, encodeRequest } from '../protocol/envelope'
import { throttleOf } from '../protocol/throttling'
import type { Clock } from '../time'
import { deadlineTimer } from './deadline-timer'
import type { DeadlineTimer } from './deadline-timer'
import { asKafkaError, closedBefore, closedByBroker, disconnectError, hungUp, tookTooLong } from './exchange-errors'
import { frames } from './frames'
import { correlationIds, InFlightRequests } from './in-flight'
import type { Correlated } from './in-flight'
import type { Address, Socket } from './transport'

/** What became of a request: once for each. */
export type Outcome<A> =
  | { readonly type: 'answered'; readonly response: A; readonly version: number }
  /** Of a request without an answer (acks 0): its bytes were handed to the operating system. */
  | { readonly type: 'written'; readonly version: number }
  /** `sent`: some of its bytes may have reached the broker. */
  | { readonly type: 'failed'; readonly error: KafkaError; readonly sent: boolean }

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
  /** When it was last written to, or opened, on the clock. */
  readonly usedAt: number
  /** An answer has not come for long: who can ask elsewhere does. */
  readonly isLate: boolean
  /** The broker asked for quiet until then, on the clock; −Infinity when it never did. Whoever sends all the same is kept waiting by it. */
  readonly throttledUntil: number
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
  /** The oldest request has become late, or is so still: said every `LATE_AFTER` ms. */
  late?(): void
  /** Called once, after every request has its outcome; without a cause when it was closed on purpose. */
  ended(cause: KafkaError | undefined): void
}

/**
 * Milliseconds. A broker that is frozen, or behind a network that swallows everything, is replaced within seconds; until `requestTimeout`
 * only asking another one can tell. One that is merely slow costs a question now and then.
 */
export const LATE_AFTER = 2000

/** A request in the queue, its types forgotten. */
interface Pending extends Correlated {
  /** As its schema says. */
  readonly name: string
  /** On the clock, less what the exchange had been throttled for when it was sent. */
  readonly deadline: number
  /** Decodes at once, which may throw. */
  decode(frame: Uint8Array): Decoded
  written(): void
  failed(error: KafkaError): void
}

interface Decoded {
  /** For how long the broker asks for quiet, in ms. */
  readonly throttle: number
  tell(): void
}

/** Over an open socket, which it owns from now on. */
export const exchange = (socket: Socket, options: ExchangeOptions): Exchange => new SocketExchange(socket, options)

class SocketExchange implements Exchange {
  private life: 'open' | 'retiring' | 'closed' = 'open'
  private readonly nextId = correlationIds()
  private readonly unanswered = new InFlightRequests<Pending>()
  /** Without an answer to wait for: until they are written. */
  private readonly unwritten = new InFlightRequests<Pending>()
  private readonly timer: DeadlineTimer
  private readonly lateTimer: DeadlineTimer
  private saidLateAt = -Infinity
  /**
   * What the broker has asked for in all, in ms: it does nothing about a request while it keeps its client quiet, and that must not count
   * as its time to answer (KAFKA-16083).
   */
  private throttled = 0
  throttledUntil = -Infinity
  usedAt: number
  /** The broker has answered more than the question that every listener answers. */
  private worked = false
  private readonly reading = new Subscription()

  constructor(
    private readonly socket: Socket,
    private readonly options: ExchangeOptions,
  ) {
    this.usedAt = options.clock.now()
    this.timer = deadlineTimer({
      clock: options.clock,
      earliest: () => this.earliestDeadline,
      passed: () => this.end(tookTooLong(options, this.oldest)),
    })
    this.lateTimer = deadlineTimer({
      clock: options.clock,
      earliest: () => this.nextLateAt,
      passed: () => this.becameLate(),
    })
    this.reading.add(
      socket.data.pipe(frames(options.maxResponseBytes)).subscribe({
        next: (frame) => this.receive(frame),
        error: (error: unknown) => this.end(asKafkaError(error)),
        complete: () => this.end(this.worked ? closedByBroker(options) : hungUp(options)),
      }),
    )
  }

  get inFlight(): number {
    return this.unanswered.size + this.unwritten.size
  }

  get open(): boolean {
    return this.life === 'open'
  }

  send<Q, A>(call: Call<Q, A>): void {
    if (this.life !== 'open') return this.refuse(call, closedBefore(this.options))
    const { clientId, clock, requestTimeout } = this.options
    this.usedAt = clock.now()
    const correlationId = this.nextId()
    let chunks: readonly Uint8Array[]
    try {
      chunks = encodeRequest(call.api.request, call.value, call.version, { clientId, correlationId })
    } catch (error) {
      return this.refuse(call, asKafkaError(error))
    }
    const queue = call.answer === 'none' ? this.unwritten : this.unanswered
    queue.add(pending(call, correlationId, this.usedAt + requestTimeout - this.throttled))
    this.timer.update()
    this.lateTimer.update()
    try {
      this.socket.write(chunks, () => this.released(call))
    } catch (error) {
      // The request is in the queue: it fails there, once, with all others.
      this.end(asKafkaError(error))
    }
  }

  retire(): void {
    if (this.life === 'open') this.life = 'retiring'
    if (this.inFlight === 0) this.end(undefined)
  }

  close(cause?: KafkaError): void {
    this.end(cause)
  }

  private get oldest(): Pending | undefined {
    return older(this.unanswered.oldest, this.unwritten.oldest)
  }

  private get earliestDeadline(): number | undefined {
    const { oldest } = this
    return oldest && oldest.deadline + this.throttled
  }

  private get lateAt(): number | undefined {
    const { earliestDeadline } = this
    return earliestDeadline && earliestDeadline - this.options.requestTimeout + LATE_AFTER
  }

  private get nextLateAt(): number | undefined {
    const { lateAt } = this
    return lateAt && Math.max(lateAt, this.saidLateAt + LATE_AFTER)
  }

  get isLate(): boolean {
    const { lateAt } = this
    return lateAt !== undefined && lateAt <= this.options.clock.now()
  }

  private becameLate(): void {
    this.saidLateAt = this.options.clock.now()
    this.lateTimer.update()
    this.guarded(() => this.options.late?.())
  }

  private receive(frame: Uint8Array): void {
    let decoded: Decoded
    try {
      decoded = this.unanswered.expect(correlationIdOf(frame)).decode(frame)
    } catch (error) {
      return this.end(asKafkaError(error))
    }
    const request = this.unanswered.takeOldest()
    this.worked ||= request?.name !== ApiVersionsRequest.name
    if (decoded.throttle > 0) this.beQuiet(decoded.throttle)
    this.settle(decoded.tell)
  }

  private beQuiet(ms: number): void {
    this.throttled += ms
    this.throttledUntil = Math.max(this.throttledUntil, this.options.clock.now() + ms)
  }

  private released<Q, A>(call: Call<Q, A>): void {
    // When the socket has closed, `end` came first and took the request out.
    const written = call.answer === 'none' && this.life !== 'closed' ? this.unwritten.takeOldest() : undefined
    this.guarded(() => call.released?.())
    if (written !== undefined) this.settle(() => written.written())
  }

  private settle(tell: () => void): void {
    this.timer.update()
    this.lateTimer.update()
    this.guarded(tell)
    if (this.life === 'retiring' && this.inFlight === 0) this.end(undefined)
  }

  private refuse<Q, A>(call: Call<Q, A>, error: KafkaError): void {
    this.options.clock.yield(() => {
      this.guarded(() => call.released?.())
      this.guarded(() => call.answered({ type: 'failed', error, sent: false }))
    })
  }

  /** A callback that throws must not cost its neighbours their outcome: its error is thrown later, at nobody. */
  private guarded(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.options.clock.yield(() => {
        throw error
      })
    }
  }

  /** The state first, then the requests, the owner last: he may ask for another connection, and find the requests where they belong. */
  private end(cause: KafkaError | undefined): void {
    if (this.life === 'closed') return
    this.life = 'closed'
    this.timer.end()
    this.lateTimer.end()
    this.reading.unsubscribe()
    const late = cause instanceof RequestTimeoutError ? this.oldest : undefined
    const lost = [...this.unanswered.takeAll(), ...this.unwritten.takeAll()]
    this.socket.close()
    const disconnected = disconnectError(this.options, cause)
    for (const request of lost) this.guarded(() => request.failed(request === late && cause !== undefined ? cause : disconnected))
    this.options.ended(cause)
  }
}

function pending<Q, A>(call: Call<Q, A>, correlationId: number, deadline: number): Pending {
  const { api, version } = call
  return {
    name: api.request.name,
    correlationId,
    deadline,
    decode: (frame) => {
      const response = decodeResponse(api.response, frame, version)
      return { throttle: throttleOf(api, version, response), tell: () => call.answered({ type: 'answered', response, version }) }
    },
    written: () => call.answered({ type: 'written', version }),
    failed: (error) => call.answered({ type: 'failed', error, sent: true }),
  }
}

function older(a: Pending | undefined, b: Pending | undefined): Pending | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return b.deadline < a.deadline ? b : a
}
