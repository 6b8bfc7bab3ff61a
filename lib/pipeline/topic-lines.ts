import type { SerializedRecord } from '../record'
import type { Clock } from '../time'
import type { ByteBudget } from './byte-budget'
import { TopicLine } from './topic-line'

/** After so many records of a line, some two milliseconds, the event loop has its turn. */
const SLICE_RECORDS = 4000

/** One line for each topic, or partition, that is not known yet: its records wait in order, and hold up nobody else's. */
export interface TopicLines<C> {
  isEmpty(): boolean
  /** There is a line of this name, maybe one that is just being served. */
  has(line: string): boolean
  /** False when the budget has no room for another record to wait. */
  join(line: string, record: SerializedRecord<C>): boolean
  /** Hands out the records of a line, also those that join meanwhile, of which each takes others out with it; then ends it and calls back. */
  serve(line: string, handle: (record: SerializedRecord<C>) => void, served: () => void): void
  /** Takes everybody out and ends all lines, which are not called served then. */
  takeAll(): SerializedRecord<C>[]
  /** Serves nobody any more. */
  stop(): void
}

export function topicLines<C>(budget: ByteBudget, clock: Clock): TopicLines<C> {
  const lines = new Map<string, TopicLine<C>>()
  let stopped = false

  const lineOf = (name: string): TopicLine<C> => {
    const line = lines.get(name) ?? new TopicLine<C>(budget)
    lines.set(name, line)
    return line
  }
  const serveInSlices = (line: TopicLine<C>): void => {
    if (stopped) return
    try {
      line.serve(SLICE_RECORDS)
    } finally {
      // Also when what handles a record throws: the others still have their turn coming.
      if (!line.isEmpty) clock.yield(() => serveInSlices(line))
    }
  }
  return {
    isEmpty: () => lines.size === 0,
    // Every record asks, and mostly there is no line at all.
    has: (name) => lines.size > 0 && lines.has(name),
    join: (name, record) => lineOf(name).join(record),
    serve: (name, handle, served) => {
      const line = lineOf(name)
      const ended = (): void => {
        lines.delete(name)
        served()
      }
      line.open({ handle, served: ended })
      serveInSlices(line)
    },
    takeAll: () => {
      const all = [...lines]
      // A line from which a record is being handed out stays until that is on its way, and ends then.
      for (const [name, line] of all) if (!line.isBusy) lines.delete(name)
      return all.flatMap(([, line]) => line.takeAll())
    },
    stop: () => {
      stopped = true
    },
  }
}
