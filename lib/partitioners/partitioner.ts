import type { SerializedRecord } from '../record'

/**
 * Chooses a partition in [0, partitionCount), or null to leave the choice to the accumulator, which sticks to a partition for a
 * batch's worth of bytes. `isAvailable` says whether a partition has a leader now. What it throws fails that one record.
 */
export type Partitioner = (
  record: SerializedRecord,
  partitionCount: number,
  isAvailable: (topic: string, partition: number) => boolean,
) => number | null
