/** In which directions a producer is made to grow, and how far. */
import type { GroundName } from './grounds'
import type { Spread } from './load'

export type DimensionName = 'partitions' | 'brokers' | 'streams' | 'size'

export interface Case {
  /** Cases of one line are steps of one growth; what grows is `of`. */
  readonly line: string
  readonly of: number
  readonly ground: GroundName
  readonly partitions: number
  readonly spread: Spread
  readonly streams: number
  readonly recordBytes: number
  readonly records: number
}

export interface Dimension {
  readonly name: DimensionName
  /** The head of the column of what grows. */
  readonly head: string
  readonly about: string
  readonly cases: readonly Case[]
}

const USUAL: Omit<Case, 'line' | 'of'> = {
  ...{ ground: 'one real broker', partitions: 6, spread: 'sticky', streams: 1 },
  ...{ recordBytes: 100, records: 2_000_000 },
}

const SPREADS: readonly Spread[] = ['sticky', 'in turn']

const partitions: Dimension = {
  name: 'partitions',
  head: 'partitions',
  about: `Records of 100 B, no keys, one real broker. sticky: the producer chooses partitions. in turn: each record names the next one, so that every
partition has a batch open all the time. Where no partition is met twice within linger, each record is a batch of its own: then a record costs
what a batch costs, and that is the most, however many partitions there are.`,
  cases: SPREADS.flatMap((spread) =>
    [1, 10, 100, 1_000, 10_000].map((of) => ({
      ...USUAL,
      line: spread,
      of,
      partitions: of,
      spread,
      records: of < 1_000 ? 2_000_000 : 1_000_000,
    })),
  ),
}

const REAL: readonly (readonly [number, GroundName])[] = [
  [1, 'one real broker'],
  [3, 'three real brokers'],
]
const OWN: readonly (readonly [number, GroundName])[] = [
  [1, 'own: 1'],
  [3, 'own: 3'],
  [50, 'own: 50'],
]

const brokersOf = (line: string, grounds: readonly (readonly [number, GroundName])[]): readonly Case[] =>
  grounds.map(([of, ground]) => ({ ...USUAL, line, of, ground, partitions: 300, spread: 'in turn', records: 1_000_000 }))

const brokers: Dimension = {
  name: 'brokers',
  head: 'brokers',
  about: `Records of 100 B to 300 partitions in turn, which are spread over the brokers. real: Apache Kafka. own: \`kafkarx broker\`, a cluster within one
process, so that records/s are what one core makes of it all; what the client pays for is beside it.`,
  cases: [...brokersOf('real', REAL), ...brokersOf('own', OWN)],
}

const streams: Dimension = {
  name: 'streams',
  head: 'streams',
  about: 'Records of 100 B to 6 partitions of one real broker, from so many pulled sources at once, all sends of one producer.',
  cases: [1, 10, 1_000].map((of) => ({ ...USUAL, line: 'pulled', of, streams: of })),
}

const MOST_BYTES = 300_000_000

const size: Dimension = {
  name: 'size',
  head: 'bytes',
  about: `To 6 partitions of one real broker, no keys. From 1 KB on it is bytes that cost: copying, checksum, socket. A record beyond 32 KiB lies in memory of
its own, which is new each time.`,
  cases: [10, 100, 1_000, 10_000, 100_000, 1_000_000].map((of) => ({
    ...{ ...USUAL, line: 'sticky', of },
    ...{ recordBytes: of, records: Math.min(2_000_000, Math.round(MOST_BYTES / of)) },
  })),
}

export const DIMENSIONS: readonly Dimension[] = [partitions, brokers, streams, size]
