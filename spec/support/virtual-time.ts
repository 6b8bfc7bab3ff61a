/** Virtual time for what waits for no Promise: its clock, and a `settle` that returns at once. */
import { VirtualScheduler } from '../../lib/testing/virtual-scheduler'
import { clockOf } from '../../lib/time'
import type { Clock } from '../../lib/time'

const A_DAY = 86_400_000

export interface VirtualTime {
  readonly clock: Clock
  readonly now: number
  /** Runs everything that is due within the next `ms`. */
  advance(ms: number): void
  /** Runs everything until nothing is scheduled: a timer that re-arms itself for ever does not get through. */
  settle(): void
}

/** `random` is the middle of every jitter unless given. */
export function virtualTime(random: () => number = () => 0.5): VirtualTime {
  const scheduler = new VirtualScheduler(random)
  return {
    clock: clockOf(scheduler, random),
    get now() {
      return scheduler.now()
    },
    advance: (ms) => {
      const end = scheduler.now() + ms
      scheduler.runUntil(end)
      scheduler.standAt(end)
    },
    settle: () => {
      scheduler.runUntil(scheduler.now() + A_DAY)
      if (scheduler.pending > 0) throw new Error('After a day of virtual time something is still scheduled')
    },
  }
}
