/** What stands in a control batch instead of a user's record: the end of a transaction, or a word of the controllers to each other. */
import { Reader } from '../wire/reader'

/** What a control batch says; `unknown` is one that Kafka may add. */
export type ControlType =
  'abort' | 'commit' | 'leader-change' | 'snapshot-header' | 'snapshot-footer' | 'kraft-version' | 'kraft-voters' | 'unknown'

/** One marker of a control batch, read out of its key and value. */
export interface ControlMarker {
  readonly version: number
  readonly type: ControlType
  /** Of an abort or commit: how often the coordinator of the transaction had moved when it was written. */
  readonly coordinatorEpoch?: number
}

/** Their place is Kafka's number (ControlRecordType). */
const TYPES: readonly ControlType[] = [
  'abort',
  'commit',
  'leader-change',
  'snapshot-header',
  'snapshot-footer',
  'kraft-version',
  'kraft-voters',
]
const KEY_SIZE = 4
/** Its version, then the epoch (EndTxnMarker). */
const END_OF_TRANSACTION_SIZE = 6

/** Undefined for what is no marker; a later version of one may be longer. */
export function controlMarkerOf(key: Uint8Array | null, value: Uint8Array | null): ControlMarker | undefined {
  if (key === null || key.length < KEY_SIZE) return undefined
  const reader = new Reader(key)
  const version = reader.int16()
  const type = TYPES[reader.int16()] ?? 'unknown'
  if (version < 0) return undefined
  const ends = type === 'abort' || type === 'commit'
  if (!ends || value === null || value.length < END_OF_TRANSACTION_SIZE) return { version, type }
  return { version, type, coordinatorEpoch: coordinatorEpochIn(value) }
}

function coordinatorEpochIn(value: Uint8Array): number {
  const reader = new Reader(value)
  reader.int16()
  return reader.int32()
}
