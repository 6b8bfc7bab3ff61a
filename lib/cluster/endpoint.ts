/**
 * One address and the connection to it, if there is one. Nothing happens unless it is asked for:
 *
 *     idle ── demand ──► connecting ── ready ──► open
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
  readonly connecting: boolean
  /** Nothing is open and nothing is being opened. */
  readonly idle: boolean
  /** When it may connect, on the clock; −Infinity for at once: those who may are equals, however the clock runs meanwhile. */
  readonly restsUntil: number
  /** Failed attempts and lost connections since the last one that got ready. */
  readonly failures: number
  /** The open connection; when there is none, begins to connect, at once or when the rest is over. */
  demand(): Connection | undefined
  /** No longer needed: closes as soon as nothing is unanswered. */
  retire(): void
  /** Closes now, and fails what is unanswered. */
  close(): void
}

export interface EndpointOptions {
  readonly address: Address
  readonly clock: Clock
  readonly backoff: Backoff
  connect(address: Address): Observable<Connection>
  /** A connection is ready, or was closed on purpose. */
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
  /** Armed only while somebody wants a connection during the rest. */
  private wake: Cancel | undefined

  constructor(private readonly options: EndpointOptions) {
    this.address = options.address
  }

  get connection(): Connection | undefined {
    return this.state.type === 'open' ? openOnly(this.state.connection) : undefined
  }

  get connecting(): boolean {
    return this.state.type === 'connecting'
  }

  get idle(): boolean {
    return this.state.type === 'idle' || this.state.type === 'resting'
  }

  get restsUntil(): number {
    const until = this.state.type === 'resting' ? this.state.until : -Infinity
    return until > this.options.clock.now() ? until : -Infinity
  }

  demand(): Connection | undefined {
    if (this.state.type === 'open') return openOnly(this.state.connection)
    if (this.state.type === 'connecting') return undefined
    const { clock } = this.options
    const wait = this.restsUntil - clock.now()
    if (wait <= 0) this.connect()
    else this.wake ??= clock.schedule(wait, () => this.connect())
    return undefined
  }

  retire(): void {
    this.stopWaking()
    if (this.state.type === 'open') this.state.connection.retire()
    else this.drop()
  }

  close(): void {
    this.stopWaking()
    this.drop()
  }

  private connect(): void {
    this.stopWaking()
    const link = new Subscription()
    this.state = { type: 'connecting', link }
    link.add(
      this.options.connect(this.address).subscribe({
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
    this.failures++
    this.state = { type: 'resting', until: clock.now() + backoffAfter(this.failures, backoff, clock.random()) }
    failed(error instanceof KafkaError ? error : new ConnectError(`Connecting failed: ${String(error)}`, error))
  }

  private closed(): void {
    this.state = { type: 'idle' }
    this.options.changed()
  }

  /** The state first: closing fails requests, and who made them may ask again at once. */
  private drop(): void {
    const before = this.state
    this.state = { type: 'idle' }
    if (before.type === 'open' || before.type === 'connecting') before.link.unsubscribe()
  }

  private stopWaking(): void {
    this.wake?.()
    this.wake = undefined
  }
}

/** One that is about to end is not given out any more: its requests hear of the end before its endpoint does. */
const openOnly = (connection: Connection): Connection | undefined => (connection.open ? connection : undefined)
