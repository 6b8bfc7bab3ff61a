import type * as BatchFile from '../../../lib/batch/batch'
import type { Batch } from '../../../lib/batch/batch'
import type * as PoolFile from '../../../lib/batch/buffer-pool'
import type { Outlet } from '../../../lib/record'
import type { Library } from './library'
import { partitionedRecords, TOPIC } from './records'

/** Open batches of so many records each; their memory is never short. */
export function openBatches(library: Library, outlet: Outlet<number>, records: number): () => Batch<number> {
  const { Batch } = library.load<typeof BatchFile>('batch/batch')
  const { BufferPool } = library.load<typeof PoolFile>('batch/buffer-pool')
  const pool = new BufferPool(Infinity)
  const next = partitionedRecords(outlet)
  let partition = 0
  return () => {
    const batch = new Batch<number>(TOPIC, partition++, 0, pool)
    for (let i = 0; i < records; i++) batch.append(next(), i)
    return batch
  }
}
