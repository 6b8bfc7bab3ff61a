/** A connection to a broker: opened, its versions known, ready for requests. */
import { map, Observable, of, Subscription, switchMap } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { ConnectError, CredentialsError, DisconnectError, KafkaError, TlsError } from '../errors'
import type { Api } from '../protocol/api'
import { chooseVersion } from '../protocol/versions'
import type { ApiVersions } from '../protocol/versions'
import type { Clock } from '../time'
import type { VersionRange } from '../wire/message'
import { exchange } from './exchange'
import type { Call, Exchange } from './exchange'
import { handshake, versionsBeforeLogin } from './handshake'
import type { ClientSoftware, MeantNode } from './handshake'
import { login } from './sasl/login'
import type { SaslMechanism } from './sasl/mechanism'
import { renewal } from './sasl/renewal'
import type { Renewal, RenewalOptions } from './sasl/renewal'
import type { Address, Socket, Transport } from './transport'

export interface Connection extends Exchange {
  readonly address: Address
  /** The highest version in common. Throws UnsupportedVersionError when there is none within `limits`. */
  versionOf(api: Pick<Api<never, unknown>, 'request'>, limits?: VersionRange): number
}

export interface ConnectionOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly clientId: string | null
  readonly software: ClientSoftware
  /** Who is believed to be there. Default: any broker. */
  readonly meant?: MeantNode | undefined
  /** How long a request may be unanswered before the connection is given up, in ms. */
  readonly requestTimeout: number
  /** How long it may take until the connection is ready, handshake included, in ms. */
  readonly connectTimeout: number
  /** How to log in, before anything else. Default: nobody has to. */
  readonly sasl?: SaslMechanism | undefined
  /** Its oldest request has been unanswered for long; said every two seconds. */
  late?(): void
  /** The longest answer that is believed, in bytes. Default 100 MiB. */
  readonly maxResponseBytes?: number
}

/** Brokers refuse requests above this by default (socket.request.max.bytes); no answer to a producer comes near it. */
const MAX_RESPONSE_BYTES = 100 * 1024 * 1024

/**
 * Cold: subscribing opens. Emits the Connection once, when it is ready. Completes when it was closed on purpose; errors once with the
 * cause when it could not be opened or dies, after every request on it has failed. Unsubscribing closes it, and fails what is unanswered.
 */
export function openConnection(address: Address, options: ConnectionOptions): Observable<Connection> {
  return new Observable((subscriber) => {
    const opening = new Subscription()
    let requests: Exchange | undefined
    const opened = (exchange: Exchange): void => void (requests = exchange)
    opening.add(options.clock.schedule(options.connectTimeout, () => subscriber.error(tookTooLong(address, options, requests))))
    const ready = (connection: Connection): void => {
      opening.unsubscribe()
      subscriber.next(connection)
    }
    opening.add(
      options.transport.connect(address).subscribe({
        next: (socket) => opening.add(introduce(socket, { address, options, subscriber, opened, ready })),
        error: (error: unknown) => subscriber.error(error),
      }),
    )
    return opening
  })
}

interface Introduction {
  readonly address: Address
  readonly options: ConnectionOptions
  readonly subscriber: Subscriber<Connection>
  /** Requests can be sent. */
  opened(exchange: Exchange): void
  ready(connection: Connection): void
}

/** Puts the socket to use; what is returned ends the handshake, the subscriber's end closes the socket. */
function introduce(socket: Socket, { address, options, subscriber, opened, ready }: Introduction): Subscription {
  let renewed: Renewal | undefined
  const requests = exchange(socket, {
    address,
    ...options,
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
    ended: (cause) => {
      renewed?.ended()
      if (cause === undefined) subscriber.complete()
      else subscriber.error(cause)
    },
  })
  subscriber.add(() => requests.close())
  opened(requests)
  return letIn(requests, address, options)
    .pipe(switchMap((session) => handshake(requests, options.software, options.meant).pipe(map((versions) => ({ session, versions })))))
    .subscribe({
      next: ({ session, versions }) => {
        renewed = session && renewal({ exchange: requests, address, clock: options.clock, timeout: options.connectTimeout, ...session })
        ready(new IntroducedExchange(renewed?.exchange ?? requests, address, versions))
      },
      error: (error: unknown) => subscriber.error(originOf(error, address)),
    })
}

/** A session that ends. */
type Session = Pick<RenewalOptions, 'lifetime' | 'login'>

/** Logs in, where it is asked for; gives the session, when it ends. */
function letIn(requests: Exchange, address: Address, { sasl }: ConnectionOptions): Observable<Session | undefined> {
  if (sasl === undefined) return of(undefined)
  return versionsBeforeLogin(requests).pipe(
    switchMap((versions) => {
      const again = login({ exchange: requests, mechanism: sasl, versions, address })
      return again.pipe(map((lifetime) => (lifetime > 0 ? { lifetime, login: () => again } : undefined)))
    }),
  )
}

/** A request that fails because its connection ends tells that; whoever wanted the connection is told why it ended, and with whom. */
function originOf(error: unknown, { host, port }: Address): unknown {
  const origin = error instanceof DisconnectError && error.cause instanceof KafkaError ? error.cause : error
  const isNameless = origin instanceof TlsError && origin.code === 'TLS_REQUIRED'
  return isNameless ? new TlsError(`${host}:${String(port)} ${origin.message}`, 'required') : origin
}

/** An exchange whose versions are known. */
class IntroducedExchange implements Connection {
  constructor(
    private readonly requests: Exchange,
    readonly address: Address,
    private readonly versions: ApiVersions,
  ) {}

  get inFlight(): number {
    return this.requests.inFlight
  }

  get open(): boolean {
    return this.requests.open
  }

  get isLate(): boolean {
    return this.requests.isLate
  }

  get usedAt(): number {
    return this.requests.usedAt
  }

  get throttledUntil(): number {
    return this.requests.throttledUntil
  }

  versionOf({ request }: Pick<Api<never, unknown>, 'request'>, limits?: VersionRange): number {
    return chooseVersion(request, this.versions, limits)
  }

  send<Q, A>(call: Call<Q, A>): void {
    this.requests.send(call)
  }

  retire(): void {
    this.requests.retire()
  }

  close(cause?: KafkaError): void {
    this.requests.close(cause)
  }
}

/** While the broker owes no answer, a login waits for what the user's function is to give. */
function tookTooLong({ host, port }: Address, { connectTimeout, sasl }: ConnectionOptions, requests: Exchange | undefined): KafkaError {
  const where = `${host}:${String(port)}`
  if (sasl === undefined || requests?.inFlight !== 0)
    return new ConnectError(`${where} was not ready within ${String(connectTimeout)} ms: is a Kafka broker listening there?`)
  return new CredentialsError(
    `${sasl.name} had nothing to show to ${where} within ${String(connectTimeout)} ms: does the function for the password or the token hang?`,
  )
}
