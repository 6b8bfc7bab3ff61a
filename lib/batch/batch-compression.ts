/** What compression means for a batch: how many bytes are to be expected of it, and that it is no reason to lose the records. */
import { HEADER_SIZE } from './batch-header'
import type { Compressor } from './compression/compression'

/** How the records of a batch are compressed when it closes. */
export interface BatchCompression {
  readonly compressor: Compressor
  /** Bytes after it for each byte before it, by what is known when the batch is opened. */
  readonly expectedRatio: number
}

/** Kafka's COMPRESSION_RATE_ESTIMATION_FACTOR: a guess that is a little too large costs less than one that is too small. */
const CAUTION = 1.05

/** Of a batch that is open: what is known of the topic says what its records will come to. */
export function expectedSize(held: number, { expectedRatio }: BatchCompression): number {
  return HEADER_SIZE + Math.ceil((held - HEADER_SIZE) * expectedRatio * CAUTION)
}

/** Undefined when the codec fails, be it for want of memory: the records can always leave as they are. */
export function compressedBy({ compress }: Compressor, records: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
  try {
    return compress(records)
  } catch {
    return undefined
  }
}
