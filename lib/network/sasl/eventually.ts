/** What users hand in may be there at once or come as a Promise. What is there at once stays within the call: virtual time depends on it. */
import { from, of } from 'rxjs'
import type { Observable } from 'rxjs'

export type Eventually<T> = T | Promise<T>

export const isPromise = <T>(value: Eventually<T>): value is Promise<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

export const whenThere = <T, R>(value: Eventually<T>, then: (value: T) => Eventually<R>): Eventually<R> =>
  isPromise(value) ? value.then(then) : then(value)

export const eventually$ = <T>(value: Eventually<T>): Observable<T> => (isPromise(value) ? from(value) : of(value))
