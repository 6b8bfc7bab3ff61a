import { Batch } from './batch'
import type { PieceSource } from './buffer-pool'
import { recordBatch } from './record-batch'

/**
 * The records of one batch in several, each with the age of the whole, ready to be sent. `groups` are the indexes of their records.
 * The pieces come from `pieces`; the caller settles the whole afterwards.
 */
export function regroup<C>(whole: Batch<C>, groups: readonly (readonly number[])[], pieces: PieceSource): Batch<C>[] {
  const { records } = recordBatch.decode(Buffer.concat(whole.parts))
  return groups.map((indexes) => {
    const batch = new Batch<C>(whole.topic, whole.partition, whole.createdAt, pieces)
    for (const index of indexes) {
      const { key, value, headers, timestamp } = records[index]
      batch.append({ key, value, headers, context: whole.contexts[index], outlet: whole.outlets[index] }, timestamp)
    }
    batch.seal()
    return batch
  })
}

/** The two halves of a batch that the broker found too large. */
export function splitBatch<C>(whole: Batch<C>, pieces: PieceSource): Batch<C>[] {
  const indexes = [...whole.contexts.keys()]
  const middle = Math.ceil(indexes.length / 2)
  return regroup(whole, [indexes.slice(0, middle), indexes.slice(middle)], pieces)
}
