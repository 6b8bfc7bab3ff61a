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
  /** When it may connect, on the clock: now, or later. */
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

export function endpoint(options: EndpointOptions): Endpoint {
  const { address, clock } = options
  let state: State = { type: 'idle' }
  let failures = 0
  /** Armed only while somebody wants a connection during the rest. */
  let wake: Cancel | undefined

  function stopWaking(): void {
    wake?.()
    wake = undefined
  }

  function connect(): void {
    stopWaking()
    const link = new Subscription()
    state = { type: 'connecting', link }
    link.add(
      options.connect(address).subscribe({
        next: (connection) => opened(link, connection),
        error: (error: unknown) => broke(error),
        complete: () => idle(),
      }),
    )
  }

  function opened(link: Subscription, connection: Connection): void {
    failures = 0
    state = { type: 'open', link, connection }
    options.changed()
  }

  function broke(error: unknown): void {
    failures++
    state = { type: 'resting', until: clock.now() + backoffAfter(failures, options.backoff, clock.random()) }
    options.failed(error instanceof KafkaError ? error : new ConnectError(`Connecting failed: ${String(error)}`, error))
  }

  function idle(): void {
    state = { type: 'idle' }
    options.changed()
  }

  function demand(): Connection | undefined {
    if (state.type === 'open') return openOnly(state.connection)
    if (state.type === 'connecting') return undefined
    const wait = state.type === 'resting' ? state.until - clock.now() : 0
    if (wait <= 0) connect()
    else wake ??= clock.schedule(wait, connect)
    return undefined
  }

  /** The state first: closing fails requests, and who made them may ask again at once. */
  function drop(): void {
    const before = state
    state = { type: 'idle' }
    if (before.type === 'open' || before.type === 'connecting') before.link.unsubscribe()
  }

  return {
    address,
    get connection() {
      return state.type === 'open' ? openOnly(state.connection) : undefined
    },
    get connecting() {
      return state.type === 'connecting'
    },
    get restsUntil() {
      return Math.max(clock.now(), state.type === 'resting' ? state.until : 0)
    },
    get failures() {
      return failures
    },
    demand,
    retire: () => {
      stopWaking()
      if (state.type === 'open') state.connection.retire()
      else drop()
    },
    close: () => {
      stopWaking()
      drop()
    },
  }
}

/** One that is about to end is not given out any more: its requests hear of the end before its endpoint does. */
const openOnly = (connection: Connection): Connection | undefined => (connection.open ? connection : undefined)
