/** Who waits for a topic's partitions to become known. */
import type { Subscriber } from 'rxjs'
import type { PartitionInfo } from './cluster'

export type Waiter = Subscriber<readonly PartitionInfo[]>

export interface TopicWaiters {
  /** For which somebody waits. */
  topics(): readonly string[]
  /** Waits until the topic has this partition, and so all before it. */
  add(topic: string, waiter: Waiter, partition: number): void
  /** False when it was not among them, or others still wait for the topic. */
  remove(topic: string, waiter: Waiter): boolean
  has(topic: string): boolean
  /** Takes out all who wait for no more than so many partitions; the caller tells them, last of all. */
  take(topic: string, partitionCount: number): readonly Waiter[]
  takeAll(): readonly Waiter[]
}

export function topicWaiters(): TopicWaiters {
  const waiters = new Map<string, Map<Waiter, number>>()

  const forget = (topic: string, waiter: Waiter): void => {
    const others = waiters.get(topic)
    others?.delete(waiter)
    if (others?.size === 0) waiters.delete(topic)
  }
  const take = (topic: string, partitionCount: number): readonly Waiter[] => {
    const taken = [...(waiters.get(topic) ?? [])].filter(([, partition]) => partition < partitionCount).map(([waiter]) => waiter)
    for (const waiter of taken) forget(topic, waiter)
    return taken
  }
  return {
    topics: () => [...waiters.keys()],
    add: (topic, waiter, partition) => {
      const others = waiters.get(topic)
      if (others === undefined) waiters.set(topic, new Map([[waiter, partition]]))
      else others.set(waiter, partition)
    },
    remove: (topic, waiter) => {
      const wasThere = waiters.get(topic)?.has(waiter) ?? false
      forget(topic, waiter)
      return wasThere && !waiters.has(topic)
    },
    has: (topic) => waiters.has(topic),
    take,
    takeAll: () => [...waiters.keys()].flatMap((topic) => take(topic, Infinity)),
  }
}
