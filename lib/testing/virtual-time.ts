/** Time that moves only when it is told to, for specs and simulations of the whole producer. */
import { clockOf } from '../time'
import type { SeededScheduler } from '../time'
import { seeded } from './seeded'
import { VirtualScheduler } from './virtual-scheduler'

const A_DAY = 86_400_000

/**
 * Turns of the real event loop without anything new in virtual time, after which nothing more is coming. One lets all Promises run that
 * need nothing but each other; the others are for what takes a turn itself.
 */
const QUIET_TURNS = 3

/** Time that passes only when it is told to, the same for the same seed. */
export interface VirtualTime {
  /** For `testCluster` and `producer`. Brings its chance along: jitter and ids are the same for the same seed. */
  readonly scheduler: SeededScheduler
  /** Milliseconds since the beginning. */
  readonly now: number
  /** How much is scheduled; 0: time has come to rest. */
  readonly pending: number
  /** Runs everything that is due within the next `ms`, and stands there. Not for what waits for a Promise: see `pass`. */
  advance(ms: number): void
  /** As `advance`, but Promises (those of a serializer, or of `await` in what is tested) run before each step of time. */
  pass(ms: number): Promise<void>
  /**
   * As `pass`, until nothing is scheduled and no Promise is under way, however far that is. Rejects when something is still scheduled
   * more than a day later: a timer that arms itself again for ever.
   */
  settle(): Promise<void>
}

/** Virtual time from 0 on. `seed` (default 1) decides every random number that is drawn from it. */
export function virtualTime(seed = 1): VirtualTime {
  const scheduler = new VirtualScheduler(seeded(seed))
  const real = clockOf()
  const turn = (): Promise<void> => new Promise((resolve) => void real.yield(resolve))
  let moving = false

  /** Time would run backwards for whoever moves it already. */
  const move = (step: () => void): void => {
    if (moving) throw new Error('Virtual time is moved by what runs in it: schedule the rest instead')
    moving = true
    try {
      step()
    } finally {
      moving = false
    }
  }

  /** One step: everything that is due at the next time at which something is, if that is not after `end`. */
  const step = (end: number): boolean => {
    const { nextAt = Infinity } = scheduler
    if (nextAt > end) return false
    move(() => scheduler.runUntil(nextAt))
    return true
  }

  const runUntil = async (end: number): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      await turn()
      if (step(end)) quiet = -1
    }
  }

  const endOf = (ms: number): number => {
    if (!Number.isFinite(ms)) throw new RangeError(`Time cannot pass by ${String(ms)} ms: settle() goes on until nothing is scheduled`)
    return scheduler.now() + ms
  }

  const advance = (ms: number): void => {
    const end = endOf(ms)
    move(() => scheduler.runUntil(end))
    scheduler.standAt(end)
  }

  const pass = async (ms: number): Promise<void> => {
    const end = endOf(ms)
    await runUntil(end)
    scheduler.standAt(end)
  }

  const settle = async (): Promise<void> => {
    await runUntil(scheduler.now() + A_DAY)
    if (scheduler.pending > 0) throw new Error('After a day of virtual time something is still scheduled')
  }

  return {
    scheduler,
    get now() {
      return scheduler.now()
    },
    get pending() {
      return scheduler.pending
    },
    ...{ advance, pass, settle },
  }
}
