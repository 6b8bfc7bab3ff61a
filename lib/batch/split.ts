import { Batch } from './batch'
import type { PieceSource } from './buffer-pool'
import { recordBatch } from './record-batch'

/**
 * Two batches that hold the records of one that the broker found too large, in order, with the age of the whole. The pieces come
 * from `pieces`; the caller settles the whole afterwards.
 */
export function splitBatch<C>(whole: Batch<C>, pieces: PieceSource): Batch<C>[] {
  const { records } = recordBatch.decode(Buffer.concat(whole.parts))
  const middle = Math.ceil(records.length / 2)
  return [records.slice(0, middle), records.slice(middle)].map((half, index) => {
    const first = index * middle
    const batch = new Batch<C>(whole.topic, whole.partition, whole.createdAt, pieces)
    half.forEach((record, at) => {
      batch.append({ ...record, context: whole.contexts[first + at], outlet: whole.outlets[first + at] }, record.timestamp)
    })
    batch.flushed = true
    batch.seal()
    return batch
  })
}
