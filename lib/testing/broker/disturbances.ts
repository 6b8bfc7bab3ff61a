/** The seam through which faults reach the answers of a broker. Without faults, `undisturbed`. */
import type { Observable } from 'rxjs'
import type { ApiName } from '../../generated/apis'
import type { ClusterNode } from '../state/node'
import type { Ask } from './handler'
import type { Session } from './session'

/** A request as it arrived, before anybody answered. */
export interface Arrived extends Omit<Ask, 'errorFor' | 'throttleTimeMs' | 'change' | 'cluster'> {
  readonly request: unknown
  /** Milliseconds of the cluster's clock. */
  readonly at: number
}

/** What is known of a request while the rest of it is still coming. */
export interface Arriving {
  /** Bytes of the whole request, with its length. */
  readonly size: number
  readonly api: ApiName
  readonly version: number
  readonly clientId: string | null
  readonly session: Session
  readonly node: ClusterNode
}

export interface Disturbances {
  /** What is to happen to a request: asked once for each, before it is answered. */
  at(arrived: Arrived): Disturbance
  /** Of how many bytes of a request the connection is to be cut, if it is: asked once for each, when its head is there. */
  cutWithin(arriving: Arriving): number | undefined
}

export interface Disturbance extends Pick<Ask, 'errorFor' | 'throttleTimeMs' | 'change'> {
  /**
   * What the broker sends instead of `answer$`, which emits one whole frame, length included, or none, and handles the request when it
   * is subscribed. An error ends the connection, after what was emitted before it. The connection's next request is looked at when
   * this completes. `over$` says true when the client has closed the connection.
   */
  around(answer$: Observable<Uint8Array>, over$: Observable<boolean>): Observable<Uint8Array>
}

const NOTHING: Disturbance = { around: (answer$) => answer$, errorFor: () => 0, throttleTimeMs: 0 }

export const undisturbed: Disturbances = { at: () => NOTHING, cutWithin: () => undefined }
