/** Finds the batches in what a client calls records, without believing any of it. */

export type BatchCut =
  | { readonly type: 'batch'; readonly bytes: Uint8Array; readonly magic: number; readonly end: number }
  /** Nothing is there, or less than it says: as if it was not there. */
  | { readonly type: 'none' }
  /** No batch of any format begins so. */
  | { readonly type: 'corrupt' }

const AT = { length: 8, magic: 16 } as const
/** The length counts what follows it. */
const LENGTH_END = 12
const NEWEST_MAGIC = 2
/** What the first format had in front of a record, after the length. */
const SHORTEST_LENGTH = 14

const NONE: BatchCut = { type: 'none' }
const CORRUPT: BatchCut = { type: 'corrupt' }

/** The batch that begins at `at`. */
export function cutBatch(records: Uint8Array, at: number): BatchCut {
  const left = records.length - at
  if (left < LENGTH_END) return NONE
  const view = new DataView(records.buffer, records.byteOffset + at, left)
  const length = view.getInt32(AT.length)
  if (length < SHORTEST_LENGTH) return CORRUPT
  if (left <= AT.magic) return NONE
  const magic = view.getInt8(AT.magic)
  if (magic < 0 || magic > NEWEST_MAGIC) return CORRUPT
  const size = length + LENGTH_END
  return size > left ? NONE : { type: 'batch', bytes: records.subarray(at, at + size), magic, end: at + size }
}
