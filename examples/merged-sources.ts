/** Several sources, one producer, and for each source its own deliveries: npx tsx examples/merged-sources.ts */
import { catchError, map, merge, of, reduce } from 'rxjs'
import type { Observable } from 'rxjs'
import { json, producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Delivery, Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

export interface Reading {
  readonly device: string
  readonly value: number
}

export interface Report {
  readonly topic: string
  readonly delivered: number
  readonly failed: number
  /** Why the source ended early, if it did. */
  readonly broke?: string
}

const count = (report: Report, { type }: Delivery): Report => ({
  ...report,
  delivered: report.delivered + (type === 'delivered' ? 1 : 0),
  failed: report.failed + (type === 'failed' ? 1 : 0),
})

/** A source that breaks is reported, and is no reason for the others to end. Its error comes after the deliveries of what it gave. */
const survey = (topic: string, readings$: Observable<Reading>, kafka: Producer): Observable<Report> => {
  let broke: string | undefined
  return readings$.pipe(
    kafka.to(topic, { key: ({ device }) => device, value: json<Reading>() }),
    catchError((error: unknown) => {
      broke = String(error)
      return []
    }),
    reduce(count, { topic, delivered: 0, failed: 0 }),
    map((report) => (broke === undefined ? report : { ...report, broke })),
  )
}

/** A report per source, when it has ended and everything of it is settled. They share batches and connections, and nothing else. */
export const surveyAll = (sources: Readonly<Record<string, Observable<Reading>>>, kafka: Producer): Observable<Report> =>
  merge(...Object.entries(sources).map(([topic, readings$]) => survey(topic, readings$, kafka)))

if (process.argv[1]?.endsWith('merged-sources.ts')) {
  const cluster = testCluster({ topics: { temperatures: 3, pressures: 3 } })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
  const temperatures = of({ device: 'boiler', value: 71 }, { device: 'boiler', value: 72 })
  surveyAll({ temperatures, pressures: of({ device: 'boiler', value: 2 }) }, kafka).subscribe({
    next: (report) => console.log(report),
    complete: () => kafka.close(),
  })
}
