import { crc32c } from '../../wire/crc32c'
import { CRC_START, HEADER_SIZE, writeBatchCompression, writeBatchCrc } from '../batch-header'
import type { Compressor } from './compression'

/**
 * A sealed batch with its records compressed: a new header, and the records behind it. `parts` is what `Batch.parts` gives, and stays
 * as it is.
 */
export function compressBatch(
  parts: readonly Uint8Array[],
  { id, compress }: Compressor,
): readonly [header: Uint8Array, records: Uint8Array] {
  const [first = new Uint8Array(HEADER_SIZE), ...others] = parts
  const header = Uint8Array.from(first.subarray(0, HEADER_SIZE))
  const records = compress([first.subarray(HEADER_SIZE), ...others])
  writeBatchCompression(header, id, HEADER_SIZE + records.length)
  writeBatchCrc(header, crc32c(records, crc32c(header.subarray(CRC_START))))
  return [header, records]
}
