import type { SerializedRecord } from '../record'
import type { Clock } from '../time'
import { weightOf } from './byte-budget'
import type { ByteBudget } from './byte-budget'
import { Fifo } from './fifo'

/** After so many records of a line the event loop has its turn. */
const SLICE_RECORDS = 1000

/** One line for each topic whose partitions are not known yet: its records wait in order, and hold up nobody else's. */
export interface TopicLines<C> {
  readonly isEmpty: boolean
  /** The topic has a line, maybe one that is just being served. */
  has(topic: string): boolean
  /** False when the budget has no room for another record to wait. */
  join(record: SerializedRecord<C>): boolean
  /** Hands out the topic's records, also those that join meanwhile; then ends its line and calls back. */
  serve(topic: string, handle: (record: SerializedRecord<C>) => void, served: () => void): void
  /** Takes everybody out and ends all lines. */
  takeAll(): SerializedRecord<C>[]
  /** Serves nobody any more. */
  stop(): void
}

export function topicLines<C>(budget: ByteBudget, clock: Clock): TopicLines<C> {
  const lines = new Map<string, Fifo<SerializedRecord<C>>>()
  let stopped = false

  const lineOf = (topic: string): Fifo<SerializedRecord<C>> => {
    const line = lines.get(topic) ?? new Fifo<SerializedRecord<C>>()
    lines.set(topic, line)
    return line
  }
  const serveSlice = (line: Fifo<SerializedRecord<C>>, handle: (record: SerializedRecord<C>) => void): void => {
    for (let served = 0; served < SLICE_RECORDS; served++) {
      const record = line.shift()
      if (record === undefined) return
      budget.give(weightOf(record))
      handle(record)
    }
  }
  const serve = (topic: string, handle: (record: SerializedRecord<C>) => void, served: () => void): void => {
    const line = lineOf(topic)
    serveSlice(line, handle)
    // The line ends only when it is empty: what comes in from within `handle` must not overtake those still in it.
    if (line.length > 0) {
      clock.yield(() => {
        if (!stopped) serve(topic, handle, served)
      })
      return
    }
    lines.delete(topic)
    served()
  }
  return {
    get isEmpty() {
      return lines.size === 0
    },
    has: (topic) => lines.has(topic),
    join: (record) => {
      const line = lineOf(record.topic)
      if (!budget.take(weightOf(record))) return false
      line.push(record)
      return true
    },
    serve,
    takeAll: () => {
      const taken: SerializedRecord<C>[] = []
      for (const line of lines.values()) {
        for (let record = line.shift(); record !== undefined; record = line.shift()) taken.push(record)
      }
      lines.clear()
      for (const record of taken) budget.give(weightOf(record))
      return taken
    },
    stop: () => {
      stopped = true
    },
  }
}
