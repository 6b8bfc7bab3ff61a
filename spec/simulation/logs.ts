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

/** How many partitions it has now. */
export function partitionsOf(cluster: TestCluster, topic: string): number {
  let count = 0
  try {
    for (;;) {
      cluster.leaderOf(topic, count)
      count++
    }
  } catch (error) {
    if (error instanceof RangeError) return count
    throw error
  }
}

/** What was lost of the logs, and when: nobody's fault but the plan's. */
export interface Cuts {
  appended(topic: string, partition: number, batch: { readonly baseOffset: number; readonly records: number; readonly at: number }): void
  /** The logs of the topic are new ones. */
  forget(topic: string): void
  /** The lowest offset that was there once and then was not, or is not now that the log ends at `end`. */
  lowest(topic: string, partition: number, end: number): number
  /** When a log took its first batch after it was made anew or cut off: it may not have known the producer any more. */
  renewed(topic: string, partition: number): readonly number[]
}

export function cutsOf(): Cuts {
  const ends = new Map<string, number>()
  const lowest = new Map<string, number>()
  const renewals = new Map<string, number[]>()
  const lost = new Set<string>()
  const keyOf = (topic: string, partition: number): string => `${topic}/${partition}`

  return {
    appended: (topic, partition, { baseOffset, records, at }) => {
      const key = keyOf(topic, partition)
      const isCut = baseOffset < (ends.get(key) ?? 0)
      if (isCut) lowest.set(key, Math.min(baseOffset, lowest.get(key) ?? Infinity))
      if (isCut || (baseOffset === 0 && lost.has(topic))) renewals.set(key, [...(renewals.get(key) ?? []), at])
      ends.set(key, baseOffset + records)
    },
    forget: (topic) => {
      lost.add(topic)
      for (const map of [ends, lowest]) for (const key of map.keys()) if (key.startsWith(`${topic}/`)) map.delete(key)
    },
    lowest: (topic, partition, end) => {
      const key = keyOf(topic, partition)
      const now = end < (ends.get(key) ?? 0) ? end : Infinity
      return Math.min(now, lowest.get(key) ?? Infinity)
    },
    renewed: (topic, partition) => renewals.get(keyOf(topic, partition)) ?? [],
  }
}
