import { isDeepStrictEqual } from 'node:util'
import { recordBatch } from '../../lib/batch/record-batch'
import type { RecordBatchInput } from '../../lib/batch/batch-input'
import { Chance, seedOf } from './chance'
import type { Java } from './java'
import { fromHex, fromJson, hex, toJson } from './json'
import type { Amount } from './messages'
import { eachInTurns, Tally } from './tally'
import type { Difference } from './vector'

/** `control`: written by Kafka's own builders of control batches. */
export type BatchKind = Codec | 'control'
type Codec = (typeof CODECS)[number]
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

export const BATCH_KINDS: readonly BatchKind[] = [...CODECS, 'control']

/** What goes into a batch, with all that both sides have defaults for. */
interface BatchValue extends Required<Omit<RecordBatchInput, 'compression' | 'control'>> {
  readonly compression: Codec
  readonly level?: number
  readonly control?: boolean
}

export interface BatchVector {
  readonly kind: BatchKind
  readonly value: BatchValue
  /** In hex. */
  readonly bytes: string
}

const NOW = 1_700_000_000_000
const SIZES = [0, 1, 63, 64, 100, 1000, 8191, 8192, 70_000] as const
/** That both sides can write. */
const LEVELS: Readonly<Record<Codec, readonly number[]>> = { none: [], gzip: [1, 6, 9], snappy: [], lz4: [9], zstd: [1, 3, 19] }

export const batchVectorOf = (line: string): BatchVector => {
  const [kind, value, bytes] = fromJson(line) as readonly [BatchKind, BatchValue, string]
  return { kind, value, bytes }
}

/** We read from Java's bytes what is in them; and write the same bytes, or, compressed, what reads the same: each compressor has its own way. */
export const differenceInBatch = ({ kind, value, bytes }: BatchVector): Difference | undefined => {
  const expected = contentOf(value)
  const differ = (ours: string): Difference => ({ where: `record batch, ${kind}`, value: toJson(value), ours, java: bytes })
  try {
    const read = readByUs(fromHex(bytes))
    if (!isDeepStrictEqual(read, expected)) return differ(`reads ${toJson(read)}`)
    const ours = writtenByUs(value)
    if (value.compression === 'none') return hex(ours) === bytes ? undefined : differ(hex(ours))
    return isDeepStrictEqual(readByUs(ours), expected) ? undefined : differ(hex(ours))
  } catch (error) {
    return differ(`throws ${String(error)}`)
  }
}

export const batchesFromJava = async (java: Java, amount: Amount & { readonly sample?: boolean }, onVector: (line: string) => void) => {
  await java.ask({ command: 'batches', ...amount }, onVector)
}

export const checkBatches = async (java: Java, amount: Amount): Promise<readonly Tally[]> => {
  const tallies = new Map(BATCH_KINDS.map((kind) => [kind, new Tally(`record batches, ${kind}`)]))
  await batchesFromJava(java, amount, (line) => {
    const vector = batchVectorOf(line)
    tallies.get(vector.kind)?.add(differenceInBatch(vector))
  })
  for (const codec of CODECS) {
    await eachInTurns(ourBatches(codec, amount), async (value) => tallies.get(codec)?.add(await differenceInJava(java, value)))
  }
  return [...tallies.values()]
}

/** Java reads from our bytes what we put there, and writes the same. */
const differenceInJava = async (java: Java, value: BatchValue): Promise<Difference | undefined> => {
  const bytes = hex(writtenByUs(value))
  const answer = (await java.ask({ command: 'batch', batch: value, bytes })) as { readonly bytes: string; readonly read: unknown }
  const differ = (theirs: string): Difference => ({ where: 'record batch', value: toJson(value), ours: bytes, java: theirs })
  if (!isDeepStrictEqual(answer.read, contentOf(value))) return differ(`reads ${toJson(answer.read)}`)
  return value.compression !== 'none' || answer.bytes === bytes ? undefined : differ(answer.bytes)
}

/** Java has levels that we do not: those batches are only read at them. */
const writtenByUs = ({ compression, level, ...value }: BatchValue): Uint8Array => {
  const chosen = level !== undefined && LEVELS[compression].includes(level)
  return recordBatch.encode({ ...value, compression: chosen ? { type: compression, level } : compression })
}

/** What a reader finds, in the order of the dump in Batches.java: nothing of how it was compressed or laid out. */
const readByUs = (bytes: Uint8Array) => {
  const batch = recordBatch.decode(bytes)
  const { baseOffset, lastOffset, partitionLeaderEpoch, producerId, producerEpoch, baseSequence } = batch
  const { transactional, control, timestampType, maxTimestamp, compression, records } = batch
  const header = { baseOffset, lastOffset, partitionLeaderEpoch, producerId, producerEpoch, baseSequence }
  return {
    ...header,
    ...{ transactional, control, timestampType, maxTimestamp, compression },
    records: records.map(({ offset, timestamp, key, value, headers }) => ({ offset, timestamp, key, value, headers })),
  }
}

/** What a reader must find. */
const contentOf = ({ control = false, records, level: _level, ...header }: BatchValue) => {
  const { baseOffset, timestampType } = header
  const maxTimestamp = Math.max(...records.map(({ timestamp }) => timestamp))
  return {
    ...header,
    lastOffset: baseOffset + BigInt(records.length - 1),
    control,
    maxTimestamp,
    records: records.map(({ timestamp, key, value, headers }, index) => ({
      offset: baseOffset + BigInt(index),
      timestamp: timestampType === 'append' ? maxTimestamp : timestamp,
      key,
      value,
      headers,
    })),
  }
}

function* ourBatches(codec: Codec, { seed, values }: Amount): Generator<BatchValue> {
  const chance = new Chance(seedOf(seed, 'batches', codec), false)
  for (let i = 0; i < values; i++) {
    const known = chance.one(2)
    yield {
      compression: codec,
      ...(LEVELS[codec].length > 0 && chance.one(2) && { level: chance.pick(LEVELS[codec]) }),
      baseOffset: chance.one(3) ? 0n : (chance.scalar('int64') as bigint) & 0xff_ffff_ffff_ffffn,
      partitionLeaderEpoch: chance.one(2) ? -1 : chance.below(1000),
      producerId: known ? (chance.scalar('int64') as bigint) & 0x7fff_ffff_ffff_ffffn : -1n,
      producerEpoch: known ? chance.below(1 << 15) : -1,
      baseSequence: known ? chance.pick([0, 0x7fffffff - chance.below(3)]) : -1,
      transactional: known && chance.one(2),
      timestampType: chance.one(4) ? 'append' : 'create',
      records: ourRecords(chance),
    }
  }
}

const ourRecords = (chance: Chance): BatchValue['records'] => {
  const count = chance.one(8) ? 1000 : 1 + chance.below(20)
  const content = (): Uint8Array | null => {
    if (chance.one(6)) return null
    const size = count > 100 ? chance.below(12) : chance.pick(SIZES)
    // Half of it compresses well.
    return chance.one(2) ? new Uint8Array(size) : chance.bytes(size)
  }
  return Array.from({ length: count }, () => ({
    timestamp: chance.one(20) ? -1 : NOW + chance.pick([0, 1, -1, 63, 64, -64, -65, 2 ** 20, -(2 ** 20), 2 ** 31, -(2 ** 31)]),
    key: content(),
    value: content(),
    headers: Array.from({ length: chance.one(2) ? 0 : chance.below(4) }, () => ({
      key: chance.one(5) ? '' : chance.text(),
      value: content(),
    })),
  }))
}
