import { crc32c } from '../../wire/crc32c'
import { CRC_START, HEADER_SIZE, writeBatchCompression, writeBatchCrc } from '../batch-header'
import { lengthOf } from '../pieces'
import type { Compressor } from './compression'

/**
 * A sealed batch with its records compressed: a new header, and the records behind it. `parts` is what `Batch.parts` gives, and stays
 * as it is.
 */
export function compressBatch(parts: readonly Uint8Array[], { id, compress }: Compressor): readonly Uint8Array[] {
  const [first = new Uint8Array(HEADER_SIZE), ...others] = parts
  const header = Uint8Array.from(first.subarray(0, HEADER_SIZE))
  const records = compress([first.subarray(HEADER_SIZE), ...others])
  writeBatchCompression(header, id, HEADER_SIZE + lengthOf(records))
  const crcOfHeader = crc32c(header.subarray(CRC_START))
  writeBatchCrc(
    header,
    records.reduce((crc, part) => crc32c(part, crc), crcOfHeader),
  )
  return [header, ...records]
}
