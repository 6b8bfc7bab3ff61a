import { Subscription } from 'rxjs'
import type { SchedulerAction, SchedulerLike } from 'rxjs'

/**
 * Time stands still: how far it gets in a slow machine must change nothing that is counted. What is due now runs in the next turn of the event loop,
 * and what is due later never: nothing lingers, expires or is asked for again. A clock over it brings its own chance, always the same.
 */
export function standingScheduler(): SchedulerLike & { random(): number } {
  let seed = 1
  return {
    now: () => 0,
    random: () => {
      // Park and Miller's.
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    },
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription => {
      const action = new Subscription() as SchedulerAction<T>
      if (delay > 0) return action
      const turn = setImmediate(() => work.call(action, state))
      action.add(() => clearImmediate(turn))
      return action
    },
  }
}
