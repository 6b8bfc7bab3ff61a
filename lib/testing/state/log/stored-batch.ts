/** A batch in a log, with its offset in place. What it says of itself is read from its bytes when it is asked: logs hold very many. */
import { readBatchHeader } from '../../../batch/batch-header'
import type { BatchHeader } from '../../../batch/batch-header'

export class StoredBatch {
  constructor(
    readonly bytes: Uint8Array,
    readonly lastOffset: bigint,
    /** How many bytes of batches were appended before it. */
    readonly position: number,
  ) {}

  get header(): BatchHeader {
    return readBatchHeader(this.bytes, 0)
  }

  get baseOffset(): bigint {
    return this.header.baseOffset
  }

  get producerId(): bigint {
    return this.header.producerId
  }

  get producerEpoch(): number {
    return this.header.producerEpoch
  }
}
