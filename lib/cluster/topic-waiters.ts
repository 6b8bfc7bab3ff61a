/** Who waits for a topic's partitions to become known. */
import type { Subscriber } from 'rxjs'
import type { PartitionInfo } from './cluster'

export type Waiter = Subscriber<readonly PartitionInfo[]>

export interface TopicWaiters {
  /** For which somebody waits. */
  readonly topics: readonly string[]
  add(topic: string, waiter: Waiter): void
  /** False when others still wait for the topic. */
  remove(topic: string, waiter: Waiter): boolean
  /** Takes out all who wait for the topic; the caller tells them, last of all. */
  take(topic: string): readonly Waiter[]
  takeAll(): readonly Waiter[]
}

export function topicWaiters(): TopicWaiters {
  const waiters = new Map<string, Set<Waiter>>()

  const take = (topic: string): readonly Waiter[] => {
    const taken = [...(waiters.get(topic) ?? [])]
    waiters.delete(topic)
    return taken
  }
  return {
    get topics() {
      return [...waiters.keys()]
    },
    add: (topic, waiter) => {
      const others = waiters.get(topic)
      if (others === undefined) waiters.set(topic, new Set([waiter]))
      else others.add(waiter)
    },
    remove: (topic, waiter) => {
      const others = waiters.get(topic)
      if (others === undefined || !others.delete(waiter) || others.size > 0) return false
      return waiters.delete(topic)
    },
    take,
    takeAll: () => [...waiters.keys()].flatMap(take),
  }
}
