import { VirtualTimeScheduler } from 'rxjs'
import { clockOf } from '../../lib/time'
import type { Clock } from '../../lib/time'

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
  const scheduler = new VirtualTimeScheduler()
  const runUntil = (frame: number): void => {
    scheduler.maxFrames = frame
    scheduler.flush()
  }
  return {
    clock: clockOf(scheduler, random),
    get now() {
      return scheduler.now()
    },
    advance: (ms) => {
      const end = scheduler.frame + ms
      scheduler.schedule(() => undefined, ms)
      runUntil(end)
    },
    settle: () => {
      const start = scheduler.frame
      runUntil(start + 86_400_000)
      if (scheduler.actions.length > 0) throw new Error('After a day of virtual time something is still scheduled')
    },
  }
}
