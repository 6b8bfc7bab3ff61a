/** Things that are to happen to a cluster at some time. */
import type { Cancel, Clock } from '../time'

/** The time of a test cluster, and what is to happen at one. */
export interface Schedule {
  /** Milliseconds since the cluster was made. */
  readonly now: number
  /** So many milliseconds after the cluster was made; at once when that is past. Returns what takes it back. */
  at(ms: number, action: () => void): Cancel
  /** So many milliseconds from now. Returns what takes it back. */
  after(ms: number, action: () => void): Cancel
}

export function scheduleOn(clock: Clock): Schedule {
  const start = clock.now()
  const after = (ms: number, action: () => void): Cancel => clock.schedule(Math.max(0, ms), action)
  return {
    get now() {
      return clock.now() - start
    },
    at: (ms, action) => after(ms - (clock.now() - start), action),
    after,
  }
}
