/**
 * One address and the connection to it, if there is one. Nothing happens unless it is asked for:
 *
 *     idle ── demand ──► connecting ── ready ──► open (throttled: not given out until the broker's quiet is over)
 *       ▲                  │   ▲                  │ │
 *       │               fails  │ the rest is over │ │
 *       │                  ▼   │ and demanded     │ │
 *       │                 resting ◄─────── breaks ┘ │
 *       └──────────── closed on purpose ────────────┘
 */
import { Subscription } from 'rxjs'
import type { Observable } from 'rxjs'
import { ConnectError, KafkaError } from '../errors'
import { backoffAfter } from '../network/backoff'
import type { Backoff } from '../network/backoff'
import type { Connection } from '../network/connection'
import type { Address } from '../network/transport'
import type { Cancel, Clock } from '../time'

export interface Endpoint {
  readonly address: Address
  /** The open connection, without asking for one. */
  readonly connection: Connection | undefined
  /** The same, when it may be sent to now. */
  readonly usable: Connection | undefined
  /** It has kept a request unanswered for long. */
  readonly isLate: boolean
  readonly connecting: boolean
  /** Unanswered requests; a connection that is retired may still have some. */
  readonly inFlight: number
  /** Nothing is open and nothing is being opened. */
  readonly idle: boolean
  /** When it may connect, or be sent to, on the clock; −Infinity for at once: those who may are equals, however the clock runs meanwhile. */
  readonly restsUntil: number
  /** Failed attempts and lost connections since the last one that got ready. */
  readonly failures: number
  /** The connection that may be sent to now; when there is none, begins to connect, at once or when the rest is over. */
  demand(): Connection | undefined
  /** Closes a connection that was not used for so long that somebody between may have forgotten it. */
  closeIdle(): void
  /** No longer needed: closes as soon as nothing is unanswered; at once when that has taken long already, so that it is sent elsewhere. */
  retire(): void
  /** Closes now, and fails what is unanswered. */
  close(): void
}

export interface EndpointOptions {
  readonly address: Address
  readonly clock: Clock
  readonly backoff: Backoff
  /** How long a connection may be unused, in ms. */
  readonly maxIdle: number
  /** `failures`: attempts in a row that came to nothing. */
  connect(failures: number): Observable<Connection>
  /** A connection is ready, or was closed on purpose, or may be sent to again. */
  changed(): void
  /** An attempt failed, or an open connection broke. */
  failed(error: KafkaError): void
}

type State =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting'; readonly link: Subscription }
  | { readonly type: 'open'; readonly link: Subscription; readonly connection: Connection }
  | { readonly type: 'resting'; readonly until: number }

export const endpoint = (options: EndpointOptions): Endpoint => new DemandedEndpoint(options)

class DemandedEndpoint implements Endpoint {
  readonly address: Address
  failures = 0
  private state: State = { type: 'idle' }
  /** Armed only while somebody wants a connection during the rest, or the quiet. */
  private wake: Cancel | undefined

  constructor(private readonly options: EndpointOptions) {
    this.address = options.address
  }

  get connection(): Connection | undefined {
    return this.state.type === 'open' ? openOnly(this.state.connection) : undefined
  }

  get usable(): Connection | undefined {
    const { connection } = this
    return connection !== undefined && !this.isStale(connection) && this.quietUntil(connection) === -Infinity ? connection : undefined
  }

  get isLate(): boolean {
    return this.state.type === 'open' && this.state.connection.isLate
  }

  get inFlight(): number {
    return this.state.type === 'open' ? this.state.connection.inFlight : 0
  }

  get connecting(): boolean {
    return this.state.type === 'connecting'
  }

  get idle(): boolean {
    return this.state.type === 'idle' || this.state.type === 'resting'
  }

  get restsUntil(): number {
    if (this.state.type === 'open') return this.quietUntil(this.state.connection)
    return this.state.type === 'resting' ? this.unlessPast(this.state.until) : -Infinity
  }

  demand(): Connection | undefined {
    this.closeIdle()
    const { usable } = this
    if (usable !== undefined || this.state.type === 'connecting') return usable
    const wait = this.restsUntil - this.options.clock.now()
    if (this.state.type !== 'open') this.after(wait, () => this.connect())
    // One that is just ending is not waited for: its end is told.
    else if (wait > 0) this.after(wait, () => this.options.changed())
    return undefined
  }

  closeIdle(): void {
    if (this.state.type === 'open' && this.isStale(this.state.connection)) this.drop()
  }

  retire(): void {
    this.stopWaking()
    if (this.state.type === 'open' && !this.isLate) this.state.connection.retire()
    else this.drop()
  }

  close(): void {
    this.drop()
  }

  private after(wait: number, work: () => void): void {
    if (wait <= 0) {
      // The rest is over, and its timer has not fired yet: it would do the same again.
      this.stopWaking()
      return work()
    }
    this.wake ??= this.options.clock.schedule(wait, () => {
      this.wake = undefined
      work()
    })
  }

  private connect(): void {
    const link = new Subscription()
    this.state = { type: 'connecting', link }
    link.add(
      this.options.connect(this.failures).subscribe({
        next: (connection) => this.opened(link, connection),
        error: (error: unknown) => this.broke(error),
        complete: () => this.closed(),
      }),
    )
  }

  private opened(link: Subscription, connection: Connection): void {
    this.failures = 0
    this.state = { type: 'open', link, connection }
    this.options.changed()
  }

  private broke(error: unknown): void {
    const { clock, backoff, failed } = this.options
    this.stopWaking()
    // The broker, or somebody between, was the first to clear away what nobody uses.
    if (this.state.type === 'open' && this.isUnused(this.state.connection)) return this.closed()
    this.failures++
    this.state = { type: 'resting', until: clock.now() + backoffAfter(this.failures, backoff, clock.random()) }
    failed(error instanceof KafkaError ? error : new ConnectError(`Connecting failed: ${String(error)}`, error))
  }

  private closed(): void {
    this.stopWaking()
    this.state = { type: 'idle' }
    this.options.changed()
  }

  /** The state first: closing fails requests, and who made them may ask again at once. */
  private drop(): void {
    const before = this.state
    this.stopWaking()
    this.state = { type: 'idle' }
    if (before.type === 'open' || before.type === 'connecting') before.link.unsubscribe()
  }

  private isStale(connection: Connection): boolean {
    return connection.inFlight === 0 && this.isUnused(connection)
  }

  private isUnused({ usedAt }: Connection): boolean {
    return this.options.clock.now() - usedAt >= this.options.maxIdle
  }

  private quietUntil({ throttledUntil }: Connection): number {
    return this.unlessPast(throttledUntil)
  }

  private unlessPast(time: number): number {
    return time > this.options.clock.now() ? time : -Infinity
  }

  private stopWaking(): void {
    this.wake?.()
    this.wake = undefined
  }
}

/** One that is about to end is not given out any more: its requests hear of the end before its endpoint does. */
const openOnly = (connection: Connection): Connection | undefined => (connection.open ? connection : undefined)
