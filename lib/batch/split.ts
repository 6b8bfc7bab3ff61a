import { Batch } from './batch'
import type { BufferPool } from './buffer-pool'
import { recordBatch } from './record-batch'
import type { DecodedRecord } from './record-batch'

/**
 * The records of one sealed batch in several, each with the age of the whole: `starts` are the indexes at which they begin, from 0 up. The
 * parts take the place of the whole in the pool; undefined, and nothing has changed, when there is no room for what they need beyond it. A
 * part is compressed as the whole was to be.
 */
export function cutBatch<C>(whole: Batch<C>, starts: readonly number[], pool: BufferPool): Batch<C>[] | undefined {
  // A copy: the pieces of the whole go to the parts.
  const { records } = recordBatch.decode(Buffer.concat(whole.parts), { maxDecompressedBytes: Infinity })
  const parts = starts.map((start, at) => part(whole, records.slice(start, starts[at + 1]), { start, pool }))
  return whole.handOver((pieces) => moveIntoPool(parts, pieces, pool)) ? parts : undefined
}

interface Place {
  readonly start: number
  readonly pool: BufferPool
}

/**
 * Made outside of the pool: what it will have, compressed, is known only then. A compressed batch holds less of the pool than its
 * records need uncompressed, and there may be no room but its own.
 */
function part<C>(whole: Batch<C>, records: readonly DecodedRecord[], { start, pool }: Place): Batch<C> {
  const outside = { take: (size: number) => Buffer.allocUnsafe(size), give: (pieces: readonly Uint8Array[]) => pool.give(pieces) }
  const batch = new Batch<C>(whole.topic, whole.partition, whole.createdAt, outside)
  batch.compression = whole.compression
  records.forEach(({ key, value, headers, timestamp }, at) => {
    batch.append({ key, value, headers, context: whole.contexts[start + at], outlet: whole.runs.outletAt(start + at) }, timestamp)
  })
  batch.close()
  return batch
}

/** Each into a piece of exactly its size: it never grows. False, and nothing has changed, when the pool has no room for them. */
function moveIntoPool<C>(parts: readonly Batch<C>[], old: readonly Uint8Array[], pool: BufferPool): boolean {
  const sizes = parts.map(({ size }) => size)
  const pieces = pool.exchange(old, sizes)
  if (pieces === undefined) return false
  parts.forEach((batch, at) => {
    batch.moveInto(pieces[at])
    batch.seal()
  })
  return true
}

/** Where the two halves of a batch begin. */
export const halves = ({ recordCount }: Batch): readonly number[] => [0, Math.ceil(recordCount / 2)]

/** Where the runs of records begin that are all marked, or all not: each marked one is a run of its own. */
export function runs(recordCount: number, isMarked: (index: number) => boolean): readonly number[] {
  const starts: number[] = []
  for (let index = 0; index < recordCount; index++) if (index === 0 || isMarked(index) || isMarked(index - 1)) starts.push(index)
  return starts
}
