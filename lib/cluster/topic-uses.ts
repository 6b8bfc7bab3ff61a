/** How many partitions each topic has, for every record that asks; and by that, which topics nobody asks for any more. */
import type { Topic } from './cluster'

export interface TopicUses {
  /** Once for each record: counts as a use. Undefined when the topic is not known. */
  partitionCount(topic: string): number | undefined
  /** Somebody needs it, for whatever reason. */
  use(topic: string): void
  /** What is known now; topics that were not known count as used now. */
  update(topics: ReadonlyMap<string, Topic>, now: number): void
  /** The topics that nobody has used since `since`. Uses since the last look count as made at `usedAt`: the time of each would cost every record a clock. */
  idle(since: number, usedAt: number): readonly string[]
}

interface Use {
  partitionCount: number
  used: boolean
  usedAt: number
}

export function topicUses(): TopicUses {
  const uses = new Map<string, Use>()
  /** The last that was asked for: records come in runs of one topic. */
  let last: { readonly topic: string; readonly entry: Use } | undefined

  const use = (topic: string): Use | undefined => {
    if (last?.topic !== topic) {
      const entry = uses.get(topic)
      last = entry && { topic, entry }
    }
    if (last !== undefined) last.entry.used = true
    return last?.entry
  }
  return {
    use,
    partitionCount: (topic) => use(topic)?.partitionCount,
    update: (topics, now) => {
      last = undefined
      for (const topic of [...uses.keys()]) if (!topics.has(topic)) uses.delete(topic)
      for (const { name, partitions } of topics.values()) {
        const entry = uses.get(name)
        if (entry === undefined) uses.set(name, { partitionCount: partitions.length, used: false, usedAt: now })
        else entry.partitionCount = partitions.length
      }
    },
    idle: (since, usedAt) => {
      const idle: string[] = []
      for (const [topic, entry] of uses) {
        if (entry.used) Object.assign(entry, { used: false, usedAt })
        if (entry.usedAt <= since) idle.push(topic)
      }
      return idle
    },
  }
}
