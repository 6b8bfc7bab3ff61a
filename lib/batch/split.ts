import { Batch } from './batch'
import type { PieceSource } from './buffer-pool'
import { recordBatch } from './record-batch'
import type { DecodedRecord } from './record-batch'

/**
 * The records of one sealed batch in several, each with the age of the whole: `starts` are the indexes at which they begin, from 0 up. The
 * pieces come from `pieces`; the caller gives the whole back afterwards. A part is compressed as the whole was to be.
 */
export function cutBatch<C>(whole: Batch<C>, starts: readonly number[], pieces: PieceSource): Batch<C>[] {
  const { records } = recordBatch.decode(Buffer.concat(whole.parts), { maxDecompressedBytes: Infinity })
  return starts.map((start, at) => part(whole, records.slice(start, starts[at + 1]), { start, pieces }))
}

interface Place {
  readonly start: number
  readonly pieces: PieceSource
}

function part<C>(whole: Batch<C>, records: readonly DecodedRecord[], { start, pieces }: Place): Batch<C> {
  const batch = new Batch<C>(whole.topic, whole.partition, whole.createdAt, pieces)
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
