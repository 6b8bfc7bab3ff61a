/** Bytes that lie in pieces of memory, one behind the other, with room for the header of a batch in the first. */
import { HEADER_SIZE } from './batch-header'

/** Writes `records` over what lies in the pieces, from behind the header on, and gives how far each is filled; those beyond are spare. */
export function fillPieces(pieces: readonly Uint8Array[], records: Uint8Array): number[] {
  const lengths: number[] = []
  let from = 0
  for (const piece of pieces) {
    if (from === records.length && lengths.length > 0) break
    const start = lengths.length === 0 ? HEADER_SIZE : 0
    const part = records.subarray(from, from + piece.length - start)
    piece.set(part, start)
    lengths.push(start + part.length)
    from += part.length
  }
  return lengths
}
