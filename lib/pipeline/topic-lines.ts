import type { SerializedRecord } from '../record'
import type { Clock } from '../time'
import { weightOf } from './byte-budget'
import type { ByteBudget } from './byte-budget'
import { Fifo } from './fifo'

/** After so many records of a line, some two milliseconds, the event loop has its turn. With fewer, a source that sends from within deliveries would fill it as fast. */
const SLICE_RECORDS = 4000

/** One line for each topic, or partition, that is not known yet: its records wait in order, and hold up nobody else's. */
export interface TopicLines<C> {
  readonly isEmpty: boolean
  /** There is a line of this name, maybe one that is just being served. */
  has(line: string): boolean
  /** False when the budget has no room for another record to wait. */
  join(line: string, record: SerializedRecord<C>): boolean
  /** Hands out the records of a line, also those that join meanwhile; then ends it and calls back. */
  serve(line: string, handle: (record: SerializedRecord<C>) => void, served: () => void): void
  /** Takes everybody out and ends all lines. */
  takeAll(): SerializedRecord<C>[]
  /** Serves nobody any more. */
  stop(): void
}

export function topicLines<C>(budget: ByteBudget, clock: Clock): TopicLines<C> {
  const lines = new Map<string, Fifo<SerializedRecord<C>>>()
  let stopped = false

  const lineOf = (name: string): Fifo<SerializedRecord<C>> => {
    const line = lines.get(name) ?? new Fifo<SerializedRecord<C>>()
    lines.set(name, line)
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
  const serve = (name: string, handle: (record: SerializedRecord<C>) => void, served: () => void): void => {
    const line = lineOf(name)
    serveSlice(line, handle)
    // The line ends only when it is empty: what comes in from within `handle` must not overtake those still in it.
    if (line.length > 0) {
      clock.yield(() => {
        if (!stopped) serve(name, handle, served)
      })
      return
    }
    lines.delete(name)
    served()
  }
  return {
    get isEmpty() {
      return lines.size === 0
    },
    has: (name) => lines.has(name),
    join: (name, record) => {
      const line = lineOf(name)
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
