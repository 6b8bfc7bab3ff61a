/** A source that can be told to pause is paced by the memory that is free: npx tsx examples/paced-by-demand.ts */
import { concat, count, ignoreElements, Observable, Subject } from 'rxjs'
import { producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Delivery, Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

/** A device, a subscription to another broker: whatever pushes, stops for a while when it is asked to, and begins when it is resumed first. */
export interface Feed {
  readonly lines$: Observable<string>
  pause(): void
  resume(): void
}

/** `reserve`: bytes for what the feed still gives after it was told to pause. */
export const sendPaced = ({ lines$, pause, resume }: Feed, kafka: Producer, reserve: number): Observable<Delivery<string>> =>
  concat(
    // What waits for its topic to be known is not in `bufferMemory` yet, and nothing that `demand$` could tell of.
    kafka.partitionsFor('lines').pipe(ignoreElements()),
    new Observable<Delivery<string>>((subscriber) => {
      subscriber.add(lines$.pipe(kafka.to('lines')).subscribe(subscriber))
      // The free bytes of `bufferMemory`, now and whenever they have changed by a sixteenth. Ends with the lines.
      subscriber.add(kafka.demand$.subscribe((free) => (free < reserve ? pause() : resume())))
    }),
  )

/** A stand-in: `lines` lines of 1,000 characters, twenty each millisecond unless it is paused. */
export function fastFeed(lines: number, everyMs: (work: () => void) => { unsubscribe(): void }): Feed & { readonly pauses: number } {
  const lines$ = new Subject<string>()
  let [given, pauses, isPaused] = [0, 0, true]
  const ticking = everyMs(() => {
    for (let i = 0; i < 20 && !isPaused && given < lines; i++) lines$.next(`${String(given++)} `.padEnd(1_000, '.'))
    if (given < lines) return
    ticking.unsubscribe()
    lines$.complete()
  })
  return {
    lines$,
    pause: () => {
      if (!isPaused) pauses++
      isPaused = true
    },
    resume: () => void (isPaused = false),
    get pauses() {
      return pauses
    },
  }
}

if (process.argv[1]?.endsWith('paced-by-demand.ts')) {
  const cluster = testCluster({ topics: { lines: 3 }, latency: 50 })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, bufferMemory: 1_000_000 })
  const feed = fastFeed(10_000, (work) => {
    const timer = setInterval(work, 1)
    return { unsubscribe: () => clearInterval(timer) }
  })
  sendPaced(feed, kafka, 250_000)
    .pipe(count())
    .subscribe({ next: (lines) => console.log(`${String(lines)} lines, ${String(feed.pauses)} pauses`), complete: () => kafka.close() })
}
