/** Where the examples run here: an in-process cluster and a producer, both in virtual time. */
import { defer } from 'rxjs'
import type { Observable } from 'rxjs'
import { testCluster, virtualTime } from '../../lib/entries/testing'
import type { TestClusterOptions } from '../../lib/entries/testing'
import { producer } from '../../lib/index'
import type { ProducerConfig } from '../../lib/index'

export function virtually(topics: Readonly<Record<string, number>>, options: Partial<ProducerConfig & TestClusterOptions> = {}) {
  const time = virtualTime()
  const { scheduler } = time
  const { latency = 1, configs, ...config } = options
  const cluster = testCluster({ topics, scheduler, latency, ...(configs && { configs }) })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler, ...config })

  /** Everything that comes, and `|` or the error at the end. */
  const recorded = <T>(source$: Observable<T>): (T | string)[] => {
    const seen: (T | string)[] = []
    source$.subscribe({
      next: (value) => seen.push(value),
      error: (error: unknown) => seen.push(String(error)),
      complete: () => seen.push('|'),
    })
    return seen
  }
  const valuesIn = (topic: string): string[] => cluster.records(topic).map(({ value }) => Buffer.from(value ?? []).toString())
  return { time, cluster, kafka, recorded, valuesIn }
}

/** An Observable that knows how often it was subscribed to. */
export function counted<T>(source$: Observable<T>, count: () => void): Observable<T> {
  return defer(() => {
    count()
    return source$
  })
}
