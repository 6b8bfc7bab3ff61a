/** What is encoded and decoded, in nobody's format: each client's tasks translate it into the values that the client takes. */

export interface Name {
  readonly name: string
  /** Sixteen bytes in hex. */
  readonly id: string
}

export interface RecordContent {
  readonly timestamp: number
  readonly key: Buffer
  readonly value: Buffer
  readonly header: { readonly key: string; readonly value: Buffer }
}

export interface PartitionRecords {
  readonly index: number
  readonly records: readonly RecordContent[]
}

export interface Written {
  readonly topic: Name
  readonly partitions: readonly PartitionRecords[]
}

const START = 1_700_000_000_000
const VALUE_BYTES = 100

const letters = (length: number, seed: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(97 + ((i * 7 + seed * 13) % 26))).join('')

const range = (length: number): readonly number[] => Array.from({ length }, (_, i) => i)

const topicNamed = (name: string, index: number): Name => ({ name, id: (0xabcd_0000 + index).toString(16).padStart(32, '7') })

const record = (i: number): RecordContent => ({
  timestamp: START + i,
  key: Buffer.from(`key-${String(i % 10_000).padStart(4, '0')}`),
  value: Buffer.from(letters(VALUE_BYTES, i)),
  header: { key: 'trace', value: Buffer.from(letters(16, i)) },
})

/** 2 topics × 3 partitions × 50 records: a request as a producer under load sends it, and as an answer of Fetch brings it. */
export const WRITTEN: readonly Written[] = ['orders', 'payments'].map((name, t) => ({
  topic: topicNamed(name, t),
  partitions: range(3).map((index) => ({ index, records: range(50).map((i) => record(t * 1000 + index * 100 + i)) })),
}))

/** 10 topics × 10 partitions: what a consumer asks for, and what a producer is answered. */
export const ASKED = range(10).map((t) => ({
  topic: topicNamed(`topic-of-a-usual-length-${t}`, t),
  partitions: range(10).map((index) => ({ index, offset: 1_000_000_000_000 + t * 100 + index })),
}))

/** 1,000 topics × 10 partitions on 6 brokers: the metadata of a big cluster. */
export const CLUSTER = {
  id: 'bm90LWEtcmVhbC1vbmU',
  brokers: range(6).map((id) => ({ id, host: `broker-${id}.kafka.example.com`, port: 9092, rack: `rack-${id % 3}` })),
  topics: range(1000).map((t) => ({
    topic: topicNamed(`metadata-topic-${t}`, t),
    partitions: range(10).map((index) => ({ index, leader: (t + index) % 6, replicas: range(3).map((i) => (t + index + i) % 6) })),
  })),
}
