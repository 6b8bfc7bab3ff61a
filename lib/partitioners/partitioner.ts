import type { SerializedRecord } from '../record'

/**
 * Chooses a partition in [0, partitionCount), or null to leave the choice to the accumulator, which sticks to a partition for a
 * batch's worth of bytes. What it throws fails that one record.
 */
export type Partitioner = (record: SerializedRecord, partitionCount: number) => number | null
