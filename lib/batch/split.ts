import { Batch } from './batch'
import { HEADER_SIZE } from './batch-header'
import type { BufferPool } from './buffer-pool'
import { recordBatch } from './record-batch'
import type { DecodedRecord } from './record-batch'
import { sizeOfVarint } from '../wire/varint'
import { sizeOfRecordBody } from './record-encoding'

/**
 * The records of one sealed batch in several, each with the age of the whole: `starts` are the indexes at which they begin, from 0 up. The
 * parts take the place of the whole in the pool; undefined, and nothing has changed, when there is no room for what they need beyond it. A
 * part is compressed as the whole was to be.
 */
export function cutBatch<C>(whole: Batch<C>, starts: readonly number[], pool: BufferPool): Batch<C>[] | undefined {
  // A copy: the pieces of the whole go to the parts.
  const { records } = recordBatch.decode(Buffer.concat(whole.parts), { maxDecompressedBytes: Infinity })
  const groups = starts.map((start, at) => records.slice(start, starts[at + 1]))
  let pieces: readonly Uint8Array[] | undefined
  const taken = whole.handOver((old) => (pieces = pool.exchange(old, groups.map(sizeOf))) !== undefined)
  return taken ? groups.map((group, at) => part(whole, group, { start: starts[at], piece: pieces?.[at], pool })) : undefined
}

/** Exactly what it will have: a part never grows, and the whole may have left no room but its own. */
function sizeOf(records: readonly DecodedRecord[]): number {
  const base = records[0].timestamp
  return records.reduce((size, record, at) => {
    const body = sizeOfRecordBody(record, record.timestamp - base, at)
    return size + sizeOfVarint(body) + body
  }, HEADER_SIZE)
}

interface Place {
  readonly start: number
  readonly piece: Uint8Array | undefined
  readonly pool: BufferPool
}

function part<C>(whole: Batch<C>, records: readonly DecodedRecord[], { start, piece, pool }: Place): Batch<C> {
  const batch = new Batch<C>(whole.topic, whole.partition, whole.createdAt, { take: () => piece, give: (pieces) => pool.give(pieces) })
  batch.compression = whole.compression
  records.forEach(({ key, value, headers, timestamp }, at) => {
    batch.append({ key, value, headers, context: whole.contexts[start + at], outlet: whole.outlets[start + at] }, timestamp)
  })
  batch.seal()
  return batch
}

/** Where the two halves of a batch begin. */
export const halves = ({ recordCount }: Batch): readonly number[] => [0, Math.ceil(recordCount / 2)]

/** Where the runs of records begin that are all marked, or all not: each marked one is a run of its own. */
export function runs(recordCount: number, isMarked: (index: number) => boolean): readonly number[] {
  const starts: number[] = []
  for (let index = 0; index < recordCount; index++) if (index === 0 || isMarked(index) || isMarked(index - 1)) starts.push(index)
  return starts
}
