import type { SerializedRecord } from '../record'
import type { ByteBudget } from './byte-budget'
import { Fifo } from './fifo'

/** One line for each topic whose partitions are not known yet: its records wait in order, and hold up nobody else's. */
export interface TopicLines<C> {
  readonly isEmpty: boolean
  /** The topic has a line, maybe one that is just being served. */
  has(topic: string): boolean
  /** False when the budget has no room for another record to wait. */
  join(record: SerializedRecord<C>): boolean
  /** Hands out the topic's records, also those that join meanwhile, and ends its line. */
  serve(topic: string, handle: (record: SerializedRecord<C>) => void): void
}

export function topicLines<C>(budget: ByteBudget | undefined): TopicLines<C> {
  const lines = new Map<string, Fifo<SerializedRecord<C>>>()

  const lineOf = (topic: string): Fifo<SerializedRecord<C>> => {
    const line = lines.get(topic) ?? new Fifo<SerializedRecord<C>>()
    lines.set(topic, line)
    return line
  }
  return {
    get isEmpty() {
      return lines.size === 0
    },
    has: (topic) => lines.has(topic),
    join: (record) => {
      const line = lineOf(record.topic)
      if (budget?.take(sizeOf(record)) === false) return false
      line.push(record)
      return true
    },
    serve: (topic, handle) => {
      const line = lines.get(topic)
      // The line ends only when it is empty: what comes in from within `handle` must not overtake those still in it.
      for (let record = line?.shift(); record !== undefined; record = line?.shift()) {
        budget?.give(sizeOf(record))
        handle(record)
      }
      lines.delete(topic)
    },
  }
}

/** What a waiting record holds: its payload. */
function sizeOf({ key, value }: SerializedRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}
