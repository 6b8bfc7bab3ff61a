/**
 * One broker at the end of many connections: cuts requests from the bytes, finds who answers them, and sends the answers.
 *
 * As Kafka: one request of a connection at a time, answers in order. What it cannot read (a frame too long, an api or version it does not
 * know) ends the connection without an answer, as does a ProtocolError of an api; bytes behind a request are not looked at. An
 * ApiVersions version that it does not know is answered with UNSUPPORTED_VERSION and its range, at version 0. When the client has
 * closed, what it sent before is still handled; when the connection broke, only the request that is being handled.
 *
 * Any other error of an api is a defect of the api: the connection ends and the cluster reports the error, so that it fails a spec.
 */
import { BehaviorSubject, concatMap, defer, filter, finalize, map, of, startWith, Subscription, switchMap, take, takeWhile } from 'rxjs'
import type { Observable } from 'rxjs'
import { DisconnectError, ProtocolError, TlsError } from '../../errors'
import { ErrorCode } from '../../generated/error-codes'
import { ApiVersionsRequest } from '../../generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../generated/messages/ApiVersionsResponse'
import { RequestHeader } from '../../generated/messages/RequestHeader'
import { frames } from '../../network/frames'
import type { Socket } from '../../network/transport'
import type { VersionRange } from '../../wire/message'
import { Reader } from '../../wire/reader'
import { Writer } from '../../wire/writer'
import { answerRawToken, awaitsRawToken } from '../sasl/raw-token'
import type { ClusterState } from '../state/cluster-state'
import { isAlive } from '../state/node'
import type { ClusterNode, ListenerName } from '../state/node'
import { cutWithinRequests } from './cut-within-requests'
import type { RequestHead } from './cut-within-requests'
import type { Arrived, Disturbances } from './disturbances'
import { framed, speakerOn } from './frames-out'
import type { Ask, Handler, Served } from './handler'
import { servedInTurn, UNHINDERED } from './in-turn'
import type { Flow } from './in-turn'
import type { Session } from './session'
import { mayAsk } from './sasl-gate'
import { spokenVersions } from './spoken-versions'
import { whileOpen } from './while-open'

/** socket.request.max.bytes */
const MAX_REQUEST_BYTES = 100 * 1024 * 1024

export interface BrokerOptions {
  readonly node: ClusterNode
  readonly cluster: ClusterState
  readonly handlers: ReadonlyMap<number, Handler>
  readonly disturbances: Disturbances
  /** Hears of each request before it is answered. */
  readonly arrived: (arrived: Arrived) => void
  /** Hears of defects. */
  readonly failed: (error: unknown) => void
}

interface Connection {
  end(): void
  /** Ends when what was written is out. */
  finish(): void
}

interface Conversation {
  readonly session: Session
  /** Says true when the connection is over. */
  readonly over$: Observable<boolean>
}

interface Answering extends Pick<Conversation, 'over$'> {
  readonly served: Served
  readonly handler: Handler
}

export class Broker {
  readonly #options: BrokerOptions
  readonly #connections = new Set<Connection>()
  #sessions = 0

  constructor(options: BrokerOptions) {
    this.#options = options
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Serves a connection until either side ends it. */
  accept(socket: Socket, listener: ListenerName, flow: Flow = UNHINDERED): void {
    if (this.#options.node.status === 'down') return socket.close()
    const session: Session = { id: ++this.#sessions, listener, principal: null, software: null }
    const life = new Subscription()
    const end = (): void => life.unsubscribe()
    const speaker = speakerOn(socket, end)
    const connection: Connection = { end, finish: speaker.hangUp }
    this.#connections.add(connection)
    life.add(() => {
      this.#connections.delete(connection)
      socket.close()
    })
    const refuse = (error: unknown): void => {
      speaker.hangUp()
      if (!isOfClient(error)) this.#options.failed(error)
    }
    life.add(this.#answers(socket, session, flow).subscribe({ next: speaker.write, error: refuse, complete: speaker.hangUp }))
  }

  /** Ends all connections without a word. */
  hangUp(): void {
    for (const { end } of [...this.#connections]) end()
  }

  /** Ends all connections when what was written on them is out. */
  finish(): void {
    for (const { finish } of [...this.#connections]) finish()
  }

  #answers({ data }: Socket, session: Session, flow: Flow): Observable<Uint8Array> {
    const over$ = new BehaviorSubject(false)
    return data.pipe(
      // Also when the connection broke: what a fault kept back is handled, and does not wait for nobody.
      finalize(() => over$.next(true)),
      cutWithinRequests((head) => this.#cutWithin(head, session)),
      frames(MAX_REQUEST_BYTES),
      servedInTurn(flow, (frame) => this.#whenUp(() => this.#frozenWhenPaused(this.#serve(frame, { session, over$ })))),
    )
  }

  #cutWithin({ apiKey, ...head }: RequestHead, session: Session): number | undefined {
    const { handlers, disturbances, node } = this.#options
    const api = handlers.get(apiKey)?.api
    return api === undefined ? undefined : disturbances.cutWithin({ ...head, api, session, node })
  }

  /** A paused broker looks at the request when it goes on; one that dies first never does, whatever comes up in its place. */
  #whenUp(serve: () => Observable<Uint8Array>): Observable<Uint8Array> {
    const { node, cluster } = this.#options
    if (isAlive(node)) return serve()
    return cluster.changed$.pipe(
      startWith(undefined),
      takeWhile(() => node.status !== 'down'),
      filter(() => isAlive(node)),
      take(1),
      switchMap(serve),
    )
  }

  /** What would be answered meanwhile is answered when it goes on. */
  #frozenWhenPaused(answers$: Observable<Uint8Array>): Observable<Uint8Array> {
    return answers$.pipe(concatMap((answer) => this.#whenUp(() => of(answer))))
  }

  #serve(frame: Uint8Array, { session, over$ }: Conversation): Observable<Uint8Array> {
    if (awaitsRawToken(session)) return answerRawToken(frame, session, this.#options.cluster)
    const reader = new Reader(frame)
    const [apiKey, version] = [reader.int16(), reader.int16()]
    reader.position = 0
    const { node, cluster, handlers } = this.#options
    const handler = handlers.get(apiKey)
    if (handler === undefined) throw new ProtocolError(`There is no api ${String(apiKey)} here`)
    const range = spokenVersions(handler, cluster.settings)
    if (!isWithin(range, version)) return refuseVersion(reader, { handler, version, range })
    const { correlationId, clientId } = RequestHeader.read(reader, handler.requestHeaderVersion(version))
    const served = handler.read(reader, version)
    const arrived: Arrived = {
      ...{ api: handler.api, version, correlationId, clientId, session, node },
      request: served.request,
      at: cluster.clock.now(),
    }
    if (!mayAsk(arrived, cluster.settings)) throw new ProtocolError(`${handler.api} came before anybody had logged in`)
    return this.#answer(arrived, { served, handler, over$ })
  }

  #answer(arrived: Arrived, { served, handler, over$ }: Answering): Observable<Uint8Array> {
    const { cluster, disturbances } = this.#options
    const { request: _request, at: _at, ...who } = arrived
    this.#options.arrived(arrived)
    const { around, ...disturbance } = disturbances.at(arrived)
    const ask: Ask = { ...who, ...disturbance, cluster }
    const answer$ = defer(() => served.answer(ask)).pipe(
      map((body) => framed(body, arrived.correlationId, handler.responseHeaderVersion(arrived.version))),
    )
    // Asked again: a fault may have kept the request until the broker is paused.
    const handled$ = defer(() => this.#whenUp(() => whileOpen(answer$, over$)))
    return around(handled$, over$)
  }
}

const isWithin = ({ min, max }: VersionRange, version: number): boolean => version >= min && version <= max

interface UnknownVersion {
  readonly handler: Handler
  readonly version: number
  readonly range: VersionRange
}

/** KIP-511: ApiVersions is answered at the version that every client can read; anything else ends the connection. */
function refuseVersion(reader: Reader, { handler, version, range: { min, max } }: UnknownVersion): Observable<Uint8Array> {
  const { api, apiKey, versions } = handler
  if (apiKey !== ApiVersionsRequest.apiKey) throw new ProtocolError(`${api} is not spoken here in this version`)
  const nearest = Math.min(Math.max(version, versions.min), versions.max)
  const { correlationId } = RequestHeader.read(reader, handler.requestHeaderVersion(nearest))
  const body = new Writer()
  ApiVersionsResponse.write(body, { errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: [{ apiKey, minVersion: min, maxVersion: max }] }, 0)
  return of(framed(body, correlationId, 0))
}

/** The client left, or spoke TLS, or no Kafka: no defect of ours. */
const isOfClient = (error: unknown): boolean =>
  error instanceof ProtocolError || error instanceof DisconnectError || error instanceof TlsError
