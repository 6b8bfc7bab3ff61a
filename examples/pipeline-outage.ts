/** A pipeline of one's own, tested in virtual time: linger with marbles, and a broker that dies. npx tsx examples/pipeline-outage.ts */
import { deepEqual } from 'node:assert'
import { filter, map, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { json, producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster, virtualTime } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

interface Reading {
  readonly sensor: string
  readonly celsius: number
}

/** What is to be tested: readings that are too hot become alarms. It is given its producer, and makes none. */
export const alarms = (readings$: Observable<Reading>, kafka: Producer): Observable<string> =>
  readings$.pipe(
    filter(({ celsius }) => celsius > 90),
    kafka.to('alarms', { key: ({ sensor }) => sensor, value: json<Reading>() }),
    map(({ type, context }) => `${context.sensor} ${type}`),
  )

const hot = (sensor: string): Reading => ({ sensor, celsius: 100 })

export function alarmsThatCloselyFollowTravelTogether(equal: (actual: unknown, expected: unknown) => void): void {
  new TestScheduler(equal).run(({ cold, expectObservable }) => {
    const cluster = testCluster({ topics: { alarms: 1 }, latency: 1 })
    const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, linger: 20 })
    const readings$ = cold('a-c-b 95ms d 99ms |', { a: hot('a'), b: hot('b'), c: { sensor: 'c', celsius: 20 }, d: hot('d') })
    // 2 ms each to connect, for the versions and for the metadata; 20 of linger; 2 for the request. d finds all of that done.
    const expected = '      28ms (ab) 90ms d 77ms |'
    expectObservable(alarms(readings$, kafka)).toBe(expected, { a: 'a delivered', b: 'b delivered', d: 'd delivered' })
  })
}

export async function alarmsOutliveTheDeathOfABroker(equal: (actual: unknown, expected: unknown) => void): Promise<void> {
  const time = virtualTime()
  const { scheduler } = time
  const cluster = testCluster({ brokers: 3, topics: { alarms: 1 }, scheduler })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler })
  const readings$ = new Subject<Reading>()
  const seen: string[] = []
  alarms(readings$, kafka).subscribe((alarm) => seen.push(alarm))

  cluster.broker(cluster.leaderOf('alarms', 0) ?? 0).kill()
  readings$.next(hot('a'))
  time.advance(9_000) // until then the cluster takes the dead broker for alive
  equal(seen, [])
  await time.settle() // however long it takes: here another leader is found within a second or two
  equal(seen, ['a delivered'])
  equal(cluster.records('alarms').length, 1)
}

if (process.argv[1]?.endsWith('pipeline-outage.ts')) {
  alarmsThatCloselyFollowTravelTogether(deepEqual)
  void alarmsOutliveTheDeathOfABroker(deepEqual).then(() => console.log('Both went as expected.'))
}
