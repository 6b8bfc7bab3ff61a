/** What has arrived at a cluster, looked at now and then. */
import { audit, concat, defer, map, merge, Observable, of, pairwise, startWith, switchMap, takeUntil, tap } from 'rxjs'
import type { SchedulerLike } from 'rxjs'
import type { TestCluster } from '../entries/testing'

export interface Counted {
  readonly records: number
  readonly bytes: number
}

/** Since the beginning. */
export interface Activity {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly topics: ReadonlyMap<string, Counted>
  readonly requests: number
  /** What they call themselves. */
  readonly clients: ReadonlySet<string>
}

/** Two looks, one after the other. */
export interface Change {
  readonly before: Activity
  readonly now: Activity
  /** In which it came: nothing had come for a while before that. */
  readonly seconds: number
}

export interface WatchOptions {
  /** Shown from the beginning, also while nothing has come to them. */
  readonly topics: readonly string[]
  /** Milliseconds between two looks at least. */
  readonly every: number
  readonly scheduler: SchedulerLike
  /** The last look is taken when this emits. */
  readonly until$: Observable<unknown>
}

/**
 * A look at once, one after each `every` ms in which something came, one more when nothing does any longer (rates fall to 0), and the last.
 */
export function activity(cluster: Pick<TestCluster, 'appended$' | 'requests$'>, options: WatchOptions): Observable<Change> {
  const { topics, every, scheduler, until$ } = options
  return defer(() => {
    const tally = tallyOf(topics, scheduler)
    const came$ = merge(cluster.appended$.pipe(tap(tally.appended)), cluster.requests$.pipe(tap(tally.arrived)))
    const looks$ = came$.pipe(
      audit(() => after(every, scheduler)),
      switchMap(() => concat(of(undefined), after(SILENCE * every, scheduler))),
      takeUntil(until$),
    )
    const first = tally.look()
    return concat(of(first), concat(looks$, of(undefined)).pipe(map(tally.look))).pipe(
      startWith(first),
      pairwise(),
      map(([before, now]) => ({ before, now, seconds: secondsBetween(before.at, now.at, every) })),
    )
  })
}

/** More than 1: the next look of a stream that goes on comes first, and calls this one off. */
const SILENCE = 1.5

const NOTHING: Counted = { records: 0, bytes: 0 }

function tallyOf(names: readonly string[], scheduler: SchedulerLike) {
  const topics = new Map(names.map((name) => [name, NOTHING]))
  const clients = new Set<string>()
  let requests = 0
  return {
    appended: ({ topic, records, bytes }: Counted & { readonly topic: string }): void => {
      const before = topics.get(topic) ?? NOTHING
      topics.set(topic, { records: before.records + records, bytes: before.bytes + bytes })
    },
    arrived: ({ clientId }: { readonly clientId: string | null }): void => {
      requests++
      if (clientId !== null && clientId !== '') clients.add(clientId)
    },
    look: (): Activity => ({ at: scheduler.now(), topics: new Map(topics), requests, clients: new Set(clients) }),
  }
}

/** Two looks that are far apart have silence between them, and then what came within `every`. */
const secondsBetween = (before: number, now: number, every: number): number =>
  (now > before && now - before <= 2 * every ? now - before : every) / 1000

const after = (delay: number, scheduler: SchedulerLike): Observable<void> =>
  new Observable((subscriber) =>
    scheduler.schedule(() => {
      subscriber.next()
      subscriber.complete()
    }, delay),
  )
