/** One request at a given version, as an Observable. */
import { Observable } from 'rxjs'
import type { Api } from '../protocol/api'
import type { Exchange } from './exchange'

/** Cold: each subscription asks again; unsubscribing ignores the answer. Emits the answer and completes, or errors with a KafkaError. */
export function ask<Q, A>(target: Pick<Exchange, 'send'>, api: Api<Q, A>, value: Q, version: number): Observable<A> {
  return new Observable((subscriber) => {
    target.send({
      api,
      value,
      version,
      answer: 'expected',
      answered: (outcome) => {
        if (outcome.type === 'failed') return subscriber.error(outcome.error)
        if (outcome.type === 'answered') subscriber.next(outcome.response)
        subscriber.complete()
      },
    })
  })
}
