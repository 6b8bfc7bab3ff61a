/** Finds records in a log by their time. */
import { recordBatch } from '../../../batch/record-batch'
import type { RecordInBatch } from '../../../batch/record-decoding'
import { CompressionCodecMissingError } from '../../../errors'
import type { PartitionLog } from './partition-log'
import type { StoredBatch } from './stored-batch'

export interface TimedOffset {
  readonly offset: bigint
  /** Milliseconds since 1970; −1: it has none, or nobody looked. */
  readonly timestamp: number
  readonly leaderEpoch: number
}

type Found = Pick<RecordInBatch, 'offset' | 'timestamp'>

/** The first record that is not older. */
export function offsetByTimestamp({ batches, startOffset }: PartitionLog, timestamp: number): TimedOffset | undefined {
  for (const batch of batches) {
    if (batch.header.maxTimestamp < timestamp) continue
    const found = timedIn(batch, (each) => each.timestamp >= timestamp && each.offset >= startOffset)
    if (found !== undefined) return found
  }
  return undefined
}

/** The first record of the latest time. */
export function offsetOfLatest({ batches }: PartitionLog): TimedOffset | undefined {
  let latest: StoredBatch | undefined
  let time = -1
  for (const batch of batches) {
    const { maxTimestamp } = batch.header
    if (maxTimestamp > time) [latest, time] = [batch, maxTimestamp]
  }
  return latest && timedIn(latest, ({ timestamp }) => timestamp === time)
}

function timedIn(batch: StoredBatch, matches: (record: Found) => boolean): TimedOffset | undefined {
  const record = recordsOf(batch).find(matches)
  return record && { offset: record.offset, timestamp: record.timestamp, leaderEpoch: batch.header.partitionLeaderEpoch }
}

/** A batch whose codec is not installed counts as one record of its latest time. */
function recordsOf({ bytes, header }: StoredBatch): readonly Found[] {
  try {
    return recordBatch.decode(bytes).records
  } catch (error) {
    if (error instanceof CompressionCodecMissingError) return [{ offset: header.baseOffset, timestamp: header.maxTimestamp }]
    throw error
  }
}
