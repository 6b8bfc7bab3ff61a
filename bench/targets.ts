import type { CaseName } from './cases'
import type { ClientName } from './clients/client'
import { OTHER_NODE_CLIENTS } from './clients/all'
import type { Metric } from './metrics'

/** What this project wants to reach. */
export interface Target {
  readonly case: CaseName
  readonly metric: Metric
  readonly bound: 'at least' | 'at most'
  readonly value: number
  /** `value` is a ratio to the best of these, where they are given; otherwise it is the figure itself. */
  readonly of?: { readonly title: string; readonly clients: readonly ClientName[] }
}

const C = { title: 'C librdkafka', clients: ['librdkafka'] } as const
const JAVA = { title: 'the best Java', clients: ['java', 'java-tuned'] } as const
const JAVA_DEFAULT = { title: 'Java', clients: ['java'] } as const
const NODE = { title: 'the best other Node client', clients: OTHER_NODE_CLIENTS }
const CEILING = { title: 'the ceiling', clients: ['ceiling'] } as const

const atLeast = (name: CaseName, metric: Metric, value: number, of?: Target['of']): Target => ({
  ...{ case: name, metric, bound: 'at least', value },
  ...(of && { of }),
})
const atMost = (name: CaseName, metric: Metric, value: number, of?: Target['of']): Target => ({
  ...atLeast(name, metric, value, of),
  bound: 'at most',
})

const CODECS: readonly CaseName[] = ['lz4', 'snappy', 'zstd', 'gzip']

export const TARGETS: readonly Target[] = [
  atLeast('bulk-100', 'recordsPerSecond', 1.0, C),
  atLeast('bulk-100', 'recordsPerSecond', 1.8, JAVA),
  atLeast('bulk-100', 'recordsPerSecond', 5, NODE),
  atLeast('bulk-100', 'recordsPerSecond', 0.7, CEILING),
  atMost('bulk-100', 'cpuPerMillion', 0.9, C),
  atMost('bulk-100', 'cpuPerMillion', 0.2, NODE),
  atMost('bulk-100', 'peakMegabytes', 120),
  atLeast('bulk-1k', 'recordsPerSecond', 0.95, C),
  atLeast('bulk-1k', 'recordsPerSecond', 1.3, JAVA),
  atLeast('bulk-1k', 'recordsPerSecond', 0.7, CEILING),
  atMost('bulk-1k', 'cpuPerMillion', 0.9, C),
  atLeast('burst', 'recordsPerSecond', 1_000_000),
  atMost('burst', 'held', 250),
  atMost('burst', 'peakMegabytes', 200),
  atLeast('awaited', 'recordsPerSecond', 1.0, C),
  atMost('rate-50k-linger-0', 'p99', 1.0, C),
  atMost('rate-50k-linger-0', 'cpuPerMillion', 0.8, C),
  atMost('rate-50k-linger-5', 'p99', 1.0, JAVA_DEFAULT),
  ...CODECS.flatMap((name) => [atLeast(name, 'recordsPerSecond', 1.0, NODE), atLeast(name, 'recordsPerSecond', 1.0, JAVA)]),
]
