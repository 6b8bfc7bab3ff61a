/** Timers by name, of somebody who can be stopped: a process that is paused does not notice how time passes. */
import type { Cancel, Clock } from '../../../time'

interface Timer {
  readonly delay: number
  readonly work: () => void
  /** Undefined while the clock does not know of it. */
  readonly cancel: Cancel | undefined
}

export class Timers {
  readonly #timers = new Map<string, Timer>()
  #running = true

  constructor(private readonly clock: Clock) {}

  /** In place of the one of that name, if there is one. */
  set(name: string, delay: number, work: () => void): void {
    this.cancel(name)
    this.#timers.set(name, { delay, work, cancel: this.#running ? this.#start(name, delay, work) : undefined })
  }

  cancel(name: string): void {
    this.#timers.get(name)?.cancel?.()
    this.#timers.delete(name)
  }

  cancelAll(): void {
    for (const name of [...this.#timers.keys()]) this.cancel(name)
  }

  /** Nothing is due from now on. */
  suspend(): void {
    if (!this.#running) return
    this.#running = false
    for (const [name, timer] of this.#timers) {
      timer.cancel?.()
      this.#timers.set(name, { ...timer, cancel: undefined })
    }
  }

  /** Everything is due its whole delay later. */
  resume(): void {
    if (this.#running) return
    this.#running = true
    for (const [name, { delay, work }] of [...this.#timers]) this.set(name, delay, work)
  }

  #start(name: string, delay: number, work: () => void): Cancel {
    return this.clock.schedule(delay, () => {
      this.#timers.delete(name)
      work()
    })
  }
}
