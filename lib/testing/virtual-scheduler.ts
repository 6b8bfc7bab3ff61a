/**
 * A scheduler whose time stands still until it is moved. In place of RxJS's VirtualTimeScheduler, which sorts its whole list each time
 * something is scheduled, keeps what was unsubscribed in that list until its time comes, and drops all that is left when one action throws.
 */
import { Subscription } from 'rxjs'
import type { SchedulerAction } from 'rxjs'
import type { SeededScheduler } from '../time'
import { TimerHeap } from './timer-heap'
import type { Timed } from './timer-heap'

export class VirtualScheduler implements SeededScheduler {
  #now = 0
  #scheduled = 0
  readonly #heap = new TimerHeap<VirtualAction<unknown>>()

  constructor(readonly random: () => number) {}

  /** How much is scheduled and was not unsubscribed. */
  get pending(): number {
    return this.#heap.size
  }

  /** When the next of it is due. */
  get nextAt(): number | undefined {
    return this.#heap.first?.at
  }

  now(): number {
    return this.#now
  }

  schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T): Subscription {
    return new VirtualAction(this, work).schedule(state, delay)
  }

  /** Runs what is due until then, in the order of its time, then of its scheduling. Time ends where the last of it was due. */
  runUntil(end: number): void {
    for (let next = this.#heap.first; next !== undefined && next.at <= end; next = this.#heap.first) {
      this.#heap.remove(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
  }

  /** Lets time stand at `now`, without running anything. */
  standAt(now: number): void {
    this.#now = Math.max(this.#now, now)
  }

  /** For the actions of this scheduler. What is due after an infinite delay is never due, and not kept. */
  add(action: VirtualAction<unknown>, delay: number): void {
    action.at = this.#now + Math.max(0, delay)
    action.order = this.#scheduled++
    if (action.at < Infinity) this.#heap.add(action)
  }

  remove(action: VirtualAction<unknown>): void {
    this.#heap.remove(action)
  }
}

/** Scheduled work, which may schedule itself again while it runs. */
class VirtualAction<T> extends Subscription implements Timed {
  at = 0
  order = 0
  place = -1
  #state: T | undefined

  constructor(
    private readonly scheduler: VirtualScheduler,
    private readonly work: (this: SchedulerAction<T>, state?: T) => void,
  ) {
    super()
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this
    this.#state = state
    this.scheduler.remove(this as VirtualAction<unknown>)
    this.scheduler.add(this as VirtualAction<unknown>, delay)
    return this
  }

  run(): void {
    this.work.call(this, this.#state)
  }

  override unsubscribe(): void {
    if (this.closed) return
    this.scheduler.remove(this as VirtualAction<unknown>)
    super.unsubscribe()
  }
}
