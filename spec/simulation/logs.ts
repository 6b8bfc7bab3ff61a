/** What lay in the logs of a topic: of one that was deleted, or at the end. */
import type { TestCluster } from '../../lib/testing/test-cluster'
import { idIn } from './records'

/** A record as it was found. */
export interface Found {
  readonly id: string
  readonly partition: number
  readonly offset: number
}

/** The life of a topic: one that is deleted and made anew has two. */
export interface Life {
  readonly topic: string
  readonly isOver: boolean
  readonly records: readonly Found[]
}

export const recordsOf = (cluster: TestCluster, topic: string): readonly Found[] =>
  cluster.records(topic).map(({ value, partition, offset }) => ({ id: idIn(value), partition, offset: Number(offset) }))

/** From where on the logs of a partition were cut off: what had been there may be missing, and that is nobody's fault but the plan's. */
export interface Cuts {
  appended(topic: string, partition: number, baseOffset: number, records: number): void
  /** The log of the partition is a new one. */
  forget(topic: string): void
  /** The lowest offset that was there once and then was not, or is not now that the log ends at `end`. */
  lowest(topic: string, partition: number, end: number): number
}

export function cutsOf(): Cuts {
  const ends = new Map<string, number>()
  const lowest = new Map<string, number>()
  const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`

  return {
    appended: (topic, partition, baseOffset, records) => {
      const key = keyOf(topic, partition)
      if (baseOffset < (ends.get(key) ?? 0)) lowest.set(key, Math.min(baseOffset, lowest.get(key) ?? Infinity))
      ends.set(key, baseOffset + records)
    },
    forget: (topic) => {
      for (const map of [ends, lowest]) for (const key of map.keys()) if (key.startsWith(`${topic}/`)) map.delete(key)
    },
    lowest: (topic, partition, end) => {
      const key = keyOf(topic, partition)
      const now = end < (ends.get(key) ?? 0) ? end : Infinity
      return Math.min(now, lowest.get(key) ?? Infinity)
    },
  }
}
