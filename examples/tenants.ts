/** Each tenant has a topic, and a stream of its own: npx tsx examples/tenants.ts */
import { debounceTime, groupBy, map, mergeMap, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { json, producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

export interface TenantEvent {
  readonly tenant: string
  readonly user: string
  readonly action: string
}

/** A tenant that was silent for so long is forgotten until it says something again. */
const IDLE_MS = 60_000

/**
 * What one tenant's topic refuses (it is full, it may not be written, it is not there) holds up and fails nobody else's events, and
 * `maxInFlight` keeps one that is loud from taking all the memory. All share the producer's batches, requests and connections.
 */
export const perTenant = (events$: Observable<TenantEvent>, kafka: Producer): Observable<string> =>
  events$.pipe(
    // Without a duration, groupBy remembers every tenant that there ever was.
    groupBy(({ tenant }) => tenant, { duration: (events$) => events$.pipe(debounceTime(IDLE_MS)) }),
    mergeMap((events$) =>
      events$.pipe(
        kafka.to(`events.${events$.key}`, {
          key: ({ user }) => user,
          value: json<TenantEvent>(),
          options: { maxInFlight: 1_000 },
        }),
      ),
    ),
    map(({ type, context: { tenant, user, action } }) => `${tenant}: ${user} ${action}: ${type}`),
  )

if (process.argv[1]?.endsWith('tenants.ts')) {
  const cluster = testCluster({ topics: { 'events.acme': 3, 'events.globex': 3 } })
  cluster.every('Produce', { topic: 'events.globex' }).fail('TOPIC_AUTHORIZATION_FAILED')
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
  const events$ = of(
    { tenant: 'acme', user: 'ann', action: 'logs in' },
    { tenant: 'globex', user: 'hank', action: 'logs in' },
    { tenant: 'acme', user: 'ann', action: 'logs out' },
  )
  perTenant(events$, kafka).subscribe({ next: (line) => console.log(line), complete: () => kafka.close() })
}
