/** Guards a run against time that stands still: somebody who schedules for now, again and again, would never let it end. */
import type { SchedulerAction, Subscription } from 'rxjs'
import type { SeededScheduler } from '../../lib/time'

/** More than any plan needs within one instant. */
const MOST_AT_ONCE = 100_000

export class TimeStandsStill extends Error {}

/** The same scheduler, which throws when too much is scheduled without any time passing. */
export function steady(scheduler: SeededScheduler): SeededScheduler {
  let at = -1
  let count = 0
  const guard = (): void => {
    const now = scheduler.now()
    count = now === at ? count + 1 : 0
    at = now
    if (count > MOST_AT_ONCE) throw new TimeStandsStill(`At ${now} ms more than ${MOST_AT_ONCE} things were scheduled`)
  }
  return {
    now: () => scheduler.now(),
    random: scheduler.random,
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription => {
      guard()
      return scheduler.schedule(work, delay ?? 0, state as T)
    },
  }
}
