import type { ClientName } from './clients/client'
import type { Codec, Job, Kind, Linger, Source } from './job'
import type { Metric } from './metrics'
import type { Payload } from './payloads'

export type CaseName =
  | 'bulk-100'
  | 'bulk-1k'
  | 'push-100'
  | 'pull-async-100'
  | 'burst'
  | 'awaited'
  | 'rate-1k-linger-0'
  | 'rate-1k-linger-5'
  | 'rate-50k-linger-0'
  | 'rate-50k-linger-5'
  | 'lz4'
  | 'snappy'
  | 'zstd'
  | 'gzip'
  | 'java-tuning'

/** One line of the bench: what is sent, by whom, and what is looked at. */
export interface Case {
  readonly name: CaseName
  readonly title: string
  readonly kind: Kind
  readonly payload: Payload
  readonly records: number
  readonly warmUp: number
  readonly warmUpAwaited: number
  readonly linger: Linger
  readonly codec: Codec
  readonly source: Source
  readonly perTick: number
  readonly clients: readonly ClientName[]
  readonly metrics: readonly Metric[]
  /** Only when it is asked for by name. */
  readonly onlyByName?: true
}

const BULK: readonly Metric[] = ['recordsPerSecond', 'cpuPerMillion', 'peakMegabytes', 'p50', 'p99']
const SOURCES: readonly Metric[] = [...BULK, 'held']
const BURST: readonly Metric[] = ['recordsPerSecond', 'held', 'peakMegabytes']
const AWAITED: readonly Metric[] = ['recordsPerSecond', 'p50', 'p99', 'cpuPerMillion']
const RATE: readonly Metric[] = ['p50', 'p99', 'p999', 'cpuPerMillion']
const COMPRESSED: readonly Metric[] = ['recordsPerSecond', 'cpuPerMillion', 'peakMegabytes']

const USUAL = { linger: 'default', codec: 'none', source: 'iterable', perTick: 0, warmUpAwaited: 0 } as const

const letters = (recordBytes: number): Payload => ({ recordBytes, content: 'letters' })
const JSON_LIKE: Payload = { recordBytes: 1_000, content: 'json' }

const bulk = (name: CaseName, title: string, recordBytes: number, clients: readonly ClientName[]): Case => {
  const records = recordBytes > 500 ? 800_000 : 4_000_000
  return { ...USUAL, name, title, kind: 'bulk', payload: letters(recordBytes), records, warmUp: records / 8, clients, metrics: BULK }
}

/** Who lingers takes as many milliseconds for each. */
const warm = (linger: number) => ({ warmUp: 20_000, warmUpAwaited: linger === 0 ? 10_000 : 500 })

/** As many records as come to some seconds of the metronome. */
const RATE_SECONDS = 3
const atRate = (name: CaseName, perSecond: number, linger: number, clients: readonly ClientName[]): Case => {
  const title = `${perSecond.toLocaleString('en-US')} records/s of 100 B, linger ${linger}`
  const [records, perTick] = [perSecond * RATE_SECONDS, perSecond / 1_000]
  const load = { ...USUAL, kind: 'rate', payload: letters(100), linger, records, perTick, ...warm(linger) } as const
  return { ...load, name, title, clients, metrics: RATE }
}

const compressed = (codec: Exclude<Codec, 'none'>, records: number): Case => ({
  ...{ ...USUAL, name: codec, title: `${codec}, records of 1 KB like JSON`, kind: 'bulk', payload: JSON_LIKE, codec },
  ...{ records, warmUp: records / 8, metrics: COMPRESSED },
  clients: ['kafkarx', 'kafkarx-24', 'librdkafka', 'java-tuned', 'confluent', 'platformatic'],
})

const HERE: readonly ClientName[] = ['kafkarx', 'kafkarx-24', 'librdkafka', 'java']
const AT_RATE: readonly ClientName[] = ['kafkarx', 'kafkarx-24', 'kafkarx-adaptive', 'librdkafka', 'java']
const SINGLES: readonly ClientName[] = [...HERE, 'confluent-send', 'platformatic', 'kafkajs']

export const CASES: readonly Case[] = [
  bulk('bulk-100', '100 B, as fast as it goes', 100, [
    ...(['kafkarx', 'kafkarx-24', 'kafkarx-adaptive', 'librdkafka', 'librdkafka-debian', 'java', 'java-tuned'] as const),
    ...(['node-rdkafka', 'confluent', 'confluent-send', 'platformatic', 'kafkajs', 'ceiling'] as const),
  ]),
  bulk('bulk-1k', '1 KB, as fast as it goes', 1_000, [
    ...(['kafkarx', 'kafkarx-24', 'librdkafka', 'java', 'java-tuned'] as const),
    ...(['node-rdkafka', 'confluent', 'platformatic', 'kafkajs', 'ceiling'] as const),
  ]),
  { ...bulk('push-100', '100 B, pushed by a Subject', 100, ['kafkarx', 'kafkarx-24']), source: 'subject', metrics: SOURCES },
  {
    ...bulk('pull-async-100', '100 B, pulled from an async iterable', 100, ['kafkarx', 'kafkarx-24']),
    source: 'async-iterable',
    metrics: SOURCES,
  },
  {
    ...{
      ...USUAL,
      name: 'burst',
      title: '200,000 single records of 100 B at once',
      kind: 'burst',
      payload: letters(100),
      source: 'subject',
    },
    ...{ records: 200_000, warmUp: 50_000, clients: [...SINGLES, 'node-rdkafka'], metrics: BURST },
  },
  {
    ...{ ...USUAL, name: 'awaited', title: 'one after another, each awaited, linger 0', kind: 'awaited', payload: letters(100), linger: 0 },
    ...{ ...warm(0), records: 10_000, clients: ['kafkarx-adaptive', ...SINGLES, 'ceiling'], metrics: AWAITED },
  },
  atRate('rate-1k-linger-0', 1_000, 0, [...AT_RATE, 'platformatic']),
  atRate('rate-1k-linger-5', 1_000, 5, AT_RATE),
  atRate('rate-50k-linger-0', 50_000, 0, [...AT_RATE, 'platformatic']),
  atRate('rate-50k-linger-5', 50_000, 5, AT_RATE),
  compressed('lz4', 600_000),
  compressed('snappy', 600_000),
  compressed('zstd', 400_000),
  compressed('gzip', 100_000),
  {
    ...bulk('java-tuning', "Java's settings, 100 B", 100, ['java', 'java-64k', 'java-tuned', 'java-1m', 'java-linger-20']),
    onlyByName: true,
  },
]

/** A tenth: shows that it runs, not how fast. */
const QUICK = 10

export const quickened = (one: Case): Case => {
  const less = (count: number): number => Math.ceil(count / QUICK)
  const records = less(one.records)
  const warm = { warmUp: less(one.warmUp), warmUpAwaited: less(one.warmUpAwaited) }
  return { ...one, ...warm, records: one.perTick > 0 ? Math.ceil(records / one.perTick) * one.perTick : records }
}

/** What one client is asked to do. In bulk the slow ones are given a share, so that each takes some seconds. */
export const jobOf = (one: Case, share: number, where: Pick<Job, 'bootstrap' | 'topic' | 'payloads'>): Job => {
  const { kind, linger, codec, source, perTick, payload, warmUpAwaited } = one
  const part = kind === 'bulk' ? share : 1
  const [records, warmUp] = [Math.ceil(one.records * part), Math.ceil(one.warmUp * part)]
  return { ...where, kind, linger, codec, source, perTick, recordBytes: payload.recordBytes, records, warmUp, warmUpAwaited }
}
