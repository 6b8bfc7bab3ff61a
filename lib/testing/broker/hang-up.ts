/** A connection that ends because a login failed. The error ends it when what was written is out. */
import { concat, Observable, throwError } from 'rxjs'
import { ProtocolError } from '../../errors'
import type { ClusterState } from '../state/cluster-state'
import { brokerNumber } from '../state/configs/configs'

/** After the time that Kafka lets a client wait that failed (connection.failed.authentication.delay.ms). */
export const hangUp = (cluster: ClusterState): Observable<never> => concat(pause(cluster), failed())

export const answerAndHangUp = <A>(answer: A, cluster: ClusterState): Observable<A> => concat(pause(cluster), [answer], failed())

const pause = (cluster: ClusterState): Observable<never> =>
  new Observable((subscriber) => {
    const delay = brokerNumber(cluster, 'connection.failed.authentication.delay.ms')
    return cluster.clock.schedule(delay, () => subscriber.complete())
  })

const failed = (): Observable<never> => throwError(() => new ProtocolError('The login failed'))
