import type { Observable } from 'rxjs'
import { SerializationError, textOf } from '../errors'
import { Placeholder } from '../record'
import type { Delivery, ProducerRecord, Skip } from '../record'
import { pull } from './pull'
import { pullerOf } from './pull-source'
import type { PullSource } from './pull-source'
import type { Room } from './room'
import { sendPaced } from './send'
import type { Sending } from './send'
import { mapped, through } from './stage'

type ToRecord<T, K, V, C> = (value: T) => ProducerRecord<K, V, C> | Skip<C>

export interface SendFromOptions<T, K, V, C> extends Sending<K, V> {
  readonly toRecord: ToRecord<T, K, V, C>
  readonly room: Room
}

/** Sends what a source gives that is asked for one value at a time. `source` is called at subscribe. */
export function sendFrom<T, K, V, C>(source: () => PullSource<T>, options: SendFromOptions<T, K, V, C>): Observable<Delivery<C>> {
  const { room, shared, toRecord } = options
  const { maxInFlight = Infinity } = options.options
  const { clock, refusal } = shared
  return sendPaced<T, K, V, C>(
    (pace) => pull(() => pullerOf(source()), { ...pace, room, clock, refusal, maxInFlight }),
    (intake) => through(mapped(recordOf(toRecord)), intake),
    options,
  )
}

/** A value of which no record can be made fails by itself. */
function recordOf<T, K, V, C>(toRecord: ToRecord<T, K, V, C>): ToRecord<T, K, V, C> {
  return (value) => {
    try {
      return toRecord(value)
    } catch (cause) {
      const error = new SerializationError(`No record could be made of a value of the source: ${textOf(cause)}`, cause)
      return new Placeholder<C>({ type: 'failed', topic: '', error, context: undefined as C })
    }
  }
}
