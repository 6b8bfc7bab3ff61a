/** What an api is to a broker: two messages, and what it answers. Each file of `apis/` makes one. */
import { isObservable, map, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { apiName, apiKeyOf } from '../../protocol/api'
import { stableVersions } from '../../protocol/versions'
import type { Message, VersionRange } from '../../wire/message'
import { Reader } from '../../wire/reader'
import { Writer } from '../../wire/writer'
import type { ApiName } from '../../generated/apis'
import type { ClusterState } from '../state/cluster-state'
import type { ClusterNode } from '../state/node'
import type { Session } from './session'

/** Who asks, whom, and in which version. */
export interface Ask {
  readonly api: ApiName
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly session: Session
  /** The broker that was asked. */
  readonly node: ClusterNode
  readonly cluster: ClusterState
  /**
   * The error that somebody ordered for this topic or partition, or for the request as a whole; 0 when nobody did. An api asks it
   * where it would find such an error by itself, before it changes anything.
   */
  errorFor(topic?: string, partition?: number): number
  /** Milliseconds for which the client is told to be quiet; 0: it is not throttled. */
  readonly throttleTimeMs: number
  /** Makes another answer of the one that the api gave: whole, with every field at least at its default. */
  readonly change?: ((answer: unknown) => unknown) | undefined
}

/** A request that was read, and what answers it once subscribed. */
export interface Served {
  readonly request: unknown
  /** The body of the answer, once; or nothing, when there is none. */
  answer(ask: Ask): Observable<Writer>
}

export interface Handler {
  readonly api: ApiName
  readonly apiKey: number
  /** What Kafka 4.4 accepts. */
  readonly versions: VersionRange
  requestHeaderVersion(version: number): number
  responseHeaderVersion(version: number): number
  read(reader: Reader, version: number): Served
}

interface Pair<Q extends QI, QI, A extends AI, AI> {
  readonly request: Message<Q, QI>
  readonly response: Message<A, AI>
}

/** What is answered: at once, later, or (an Observable that completes empty) never. */
export type Answer<AI> = AI | Observable<AI>

export function handler<Q extends QI, QI, A extends AI, AI extends object>(
  { request, response }: Pair<Q, QI, A, AI>,
  answer: (request: Q, ask: Ask) => Answer<AI>,
): Handler {
  const canThrottle = 'throttleTimeMs' in response.create()

  const encoded = (value: AI, version: number): Writer => {
    const writer = new Writer()
    try {
      response.write(writer, value, version)
    } catch (cause) {
      // Not the ProtocolError itself, by which an api says that the client is to blame.
      throw new Error(`${response.name} version ${String(version)} cannot be written: ${String(cause)}`, { cause })
    }
    return writer
  }
  const whole = (value: AI, version: number): A => response.read(new Reader(encoded(value, version).finish()), version)

  const write = (value: AI, { version, throttleTimeMs, change }: Ask): Writer => {
    const answer = throttleTimeMs > 0 && canThrottle ? { ...value, throttleTimeMs } : value
    return encoded(change === undefined ? answer : (change(whole(answer, version)) as AI), version)
  }

  const read = (reader: Reader, version: number): Served => {
    // Bytes behind it are not looked at, as in Kafka.
    const asked = request.read(reader, version)
    return { request: asked, answer: (ask) => later(answer(asked, ask)).pipe(map((value) => write(value, ask))) }
  }

  return {
    api: apiName(request) as ApiName,
    apiKey: apiKeyOf(request),
    versions: stableVersions(request),
    requestHeaderVersion: (version) => request.headerVersion(version),
    responseHeaderVersion: (version) => response.headerVersion(version),
    read,
  }
}

const later = <AI>(answer: Answer<AI>): Observable<AI> => (isObservable(answer) ? answer : of(answer))
