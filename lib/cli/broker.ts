/** `kafkarx broker`: a cluster of `kafkarx/testing` on sockets, and what arrives there. */
import { catchError, concat, concatMap, defer, finalize, from, of, switchMap, takeUntil } from 'rxjs'
import type { Observable } from 'rxjs'
import { testCluster } from '../entries/testing'
import type { TestCluster } from '../entries/testing'
import { activity } from './activity'
import type { Activity, Change } from './activity'
import { activityLine, activityPicture, summary } from './activity-text'
import { brokerHelp, parseBroker } from './broker-options'
import type { BrokerOptions } from './broker-options'
import { line, UsageError } from './command'
import type { Command, Output, Surroundings } from './command'

/** Lines stay, so that one a second is plenty. */
const LINE_EVERY = 1000
const PICTURE_EVERY = 500

export const broker: Command = {
  summary: 'runs a Kafka for development, in memory',
  help: brokerHelp,
  run: (args, surroundings) => {
    const options = parseBroker(args)
    return defer(() => {
      const cluster = testCluster({ ...options.cluster, scheduler: surroundings.scheduler })
      return serve(cluster, options, surroundings).pipe(finalize(() => cluster.close()))
    })
  },
}

const serve = (cluster: TestCluster, options: BrokerOptions, surroundings: Surroundings): Observable<Output> =>
  from(cluster.listen(options.listen)).pipe(
    catchError((error: unknown) => {
      throw new UsageError(`${error instanceof Error ? error.message : String(error)} (--port, --host)`)
    }),
    takeUntil(surroundings.interrupted$),
    switchMap((addresses) => concat(greeting(addresses, options), arrivals(cluster, options, surroundings))),
  )

function greeting(addresses: readonly string[], { topics }: BrokerOptions): Observable<Output> {
  const named = Object.entries(topics).map(([name, partitions]) => `${name} (${String(partitions)})`)
  return of(
    line(`Kafka for development, in memory: what it holds is gone when it ends (Ctrl-C)`),
    line(`listening on ${addresses.join(', ')}`),
    line(named.length === 0 ? 'no topics yet' : `topics and their partitions: ${named.join(', ')}`),
  )
}

/** What arrives until it is interrupted, and what it comes to. */
function arrivals(cluster: TestCluster, options: BrokerOptions, { terminal, interrupted$, scheduler }: Surroundings): Observable<Output> {
  const topics = Object.keys(options.topics)
  const every = terminal ? PICTURE_EVERY : LINE_EVERY
  const shown = terminal ? pictureOf : linesOf
  return defer(() => {
    let last: Activity | undefined
    const change$ = activity(cluster, { topics, every, scheduler, until$: interrupted$ })
    return concat(
      change$.pipe(
        concatMap((change) => {
          last = change.now
          return shown(change)
        }),
      ),
      defer(() => (last === undefined ? [] : [line(summary(last))])),
    )
  })
}

const pictureOf = (change: Change): readonly Output[] => [{ type: 'picture', text: `\n${activityPicture(change)}` }]

function linesOf(change: Change): readonly Output[] {
  const text = activityLine(change)
  return text === undefined ? [] : [line(text)]
}
