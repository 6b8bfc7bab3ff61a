/**
 * Logs in again before a session ends (KIP-368), on the same connection:
 *
 *     steady ── a request after 85 to 95 % of the session ──► renewing ── let in ──► steady
 *                                                                └── refused: the connection ends
 *
 * What is in flight is answered first, as brokers serve one request after another; what is sent meanwhile waits, in order, and leaves when
 * the login is over. Nothing happens while nothing is sent, so no timer stands on a connection that is not used: a broker looks at the end
 * of a session only when it is asked something, and lets in whoever begins with a login.
 */
import { Subscription } from 'rxjs'
import type { Observable } from 'rxjs'
import { RequestTimeoutError } from '../../errors'
import type { KafkaError } from '../../errors'
import type { Clock } from '../../time'
import type { Call, Exchange } from '../exchange'
import type { Address } from '../transport'

/** Of the session. As Java's client: others that began together must not all come back together. */
const EARLIEST = 0.85
const SPREAD = 0.1

/** Brokers hang up on who logs in again sooner, in ms. */
const LEAST_BETWEEN = 1000

export interface RenewalOptions {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly address: Address
  /** How long the session lasts that has just begun, in ms; 0: for ever. */
  readonly lifetime: number
  /** How long a login may take, in ms, not counting what the broker is waited for: that has the limit of its requests. */
  readonly timeout: number
  /** Logs in, and emits the lifetime of the new session. */
  login(): Observable<number>
}

export interface Renewal {
  /** What requests go through from now on. */
  readonly exchange: Exchange
  /** To be called when the exchange has ended: what waits is refused by it. */
  ended(): void
}

export const renewal = (options: RenewalOptions): Renewal => new RenewedExchange(options)

class RenewedExchange implements Exchange, Renewal {
  readonly exchange = this
  /** Requests that wait, in order; each is called once, when it may leave or when nothing will. */
  private readonly held: (() => void)[] = []
  private state: 'steady' | 'renewing' | 'ended' = 'steady'
  private retiring = false
  private renewAt: number
  private work = new Subscription()

  constructor(private readonly options: RenewalOptions) {
    this.renewAt = this.endOf(options.lifetime)
  }

  get inFlight(): number {
    return this.options.exchange.inFlight + this.held.length
  }

  get open(): boolean {
    return this.options.exchange.open && !this.retiring
  }

  get isLate(): boolean {
    return this.options.exchange.isLate
  }

  get usedAt(): number {
    return this.options.exchange.usedAt
  }

  get throttledUntil(): number {
    return this.options.exchange.throttledUntil
  }

  send<Q, A>(call: Call<Q, A>): void {
    const { exchange, clock } = this.options
    if (this.state === 'steady' && this.open && clock.now() >= this.renewAt) this.renew()
    if (this.state === 'renewing') this.held.push(() => exchange.send(call))
    else exchange.send(call)
  }

  retire(): void {
    this.retiring = true
    if (this.state !== 'renewing') this.options.exchange.retire()
  }

  close(cause?: KafkaError): void {
    this.options.exchange.close(cause)
  }

  ended(): void {
    this.state = 'ended'
    this.work.unsubscribe()
    this.release()
  }

  /** In a turn of its own: a login may fail at once, and nobody is told of anything from within `send`. */
  private renew(): void {
    const { clock, login, exchange } = this.options
    this.state = 'renewing'
    const work = new Subscription()
    this.work = work
    this.limit(work)
    const begin = (): void => {
      work.add(login().subscribe({ next: (lifetime) => this.renewed(lifetime), error: (error: KafkaError) => exchange.close(error) }))
    }
    work.add(clock.yield(begin))
  }

  /** What the broker has been asked is timed by the exchange, its quiet included. This is for whoever gives a password, and may never do. */
  private limit(work: Subscription): void {
    const { clock, timeout, exchange } = this.options
    const look = (): void => {
      if (exchange.inFlight > 0) this.limit(work)
      else exchange.close(this.tookTooLong())
    }
    work.add(clock.schedule(timeout, look))
  }

  private renewed(lifetime: number): void {
    this.work.unsubscribe()
    this.renewAt = this.endOf(lifetime)
    this.state = 'steady'
    this.release()
    if (this.retiring) this.options.exchange.retire()
  }

  /** An exchange that has ended refuses them, one after another, in a turn of its own. */
  private release(): void {
    for (const leave of this.held.splice(0)) leave()
  }

  private endOf(lifetime: number): number {
    const { clock } = this.options
    if (lifetime <= 0) return Infinity
    return clock.now() + Math.max(LEAST_BETWEEN, lifetime * (EARLIEST + SPREAD * clock.random()))
  }

  private tookTooLong(): RequestTimeoutError {
    const { address, timeout } = this.options
    return new RequestTimeoutError(`Logging in again to ${address.host}:${String(address.port)} took longer than ${String(timeout)} ms`)
  }
}
