/** Bytes that lie in pieces of memory, one behind the other, with room for the header of a batch in the first. */
import { HEADER_SIZE } from './batch-header'

export const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((total, { length }) => total + length, 0)

/** Writes the parts over what lies in the pieces, from behind the header on, and gives how far each is filled; those beyond are spare. */
export function fillPieces(pieces: readonly Uint8Array[], parts: readonly Uint8Array[]): number[] {
  const lengths = [HEADER_SIZE]
  let at = 0
  for (const part of parts) {
    for (let from = 0; from < part.length;) {
      if (lengths[at] === pieces[at].length) lengths[++at] = 0
      const fitting = part.subarray(from, from + pieces[at].length - lengths[at])
      pieces[at].set(fitting, lengths[at])
      lengths[at] += fitting.length
      from += fitting.length
    }
  }
  return lengths
}
