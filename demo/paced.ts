import { BehaviorSubject, concatMap, defer, EMPTY, expand, filter, from, take, tap } from 'rxjs'
import type { Observable } from 'rxjs'

export interface Paced<T> {
  readonly records$: Observable<T>
  /** To be called once for each record, when it is delivered or has failed. */
  settled(): void
}

/**
 * A pull source for an operator that cannot pause its source: the next chunk is pulled when fewer than `limit` records are on their way.
 * (`from` an async iterable would pull as fast as the source gives, and hold all of it.)
 */
export const paced = <T>(chunks: AsyncIterator<readonly T[]>, limit: number): Paced<T> => {
  const onTheirWay$ = new BehaviorSubject(0)
  const room$ = onTheirWay$.pipe(
    filter((count) => count < limit),
    take(1),
  )
  const pull$ = defer(() => chunks.next())
  const records$ = pull$.pipe(
    // `expand` emits a chunk before it asks for the next: its records are counted by then.
    expand(({ done }) => (done ? EMPTY : room$.pipe(concatMap(() => pull$)))),
    concatMap((pulled) => (pulled.done ? EMPTY : from(pulled.value))),
    tap(() => onTheirWay$.next(onTheirWay$.value + 1)),
  )
  return { records$, settled: () => onTheirWay$.next(onTheirWay$.value - 1) }
}
