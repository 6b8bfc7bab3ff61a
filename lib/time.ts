/**
 * The one seam to time and chance: no other file of lib names a clock, a timer or a random number.
 * Everything that waits takes a Clock, so the whole producer runs in virtual time.
 */
import { asyncScheduler } from 'rxjs'
import type { SchedulerLike } from 'rxjs'
import { delayUntil, scheduledAlarm } from './alarm'
import type { Alarm } from './alarm'

/** Ends what was scheduled; harmless when it has run or was ended. */
export type Cancel = () => void

export interface Clock {
  /**
   * Time is a scheduler's and passes only when that says so: what goes on outside of it, on another thread, is not to be waited for.
   */
  readonly isScheduled: boolean
  /** Milliseconds that only grow; for deadlines. In real time monotonic: a step of the wall clock moves no deadline. */
  now(): number
  /** Wall-clock milliseconds since 1970; for records that carry no timestamp. In real time a few share one look, in a synchronous run of many. */
  timestamp(): number
  /** Runs `work` once, `delay` ms from now. */
  schedule(delay: number, work: () => void): Cancel
  /** A timer of which there is only one, and which is not set: for what is put off or taken back more often than it comes. */
  alarm(ring: () => void): Alarm
  /** Runs `work` after the sockets had their turn: never in the same turn of the event loop, never as a microtask. */
  yield(work: () => void): Cancel
  /** A number in [0, 1). */
  random(): number
}

/** A scheduler that brings its own chance along: what runs on it replays from a seed (`virtualTime` of `kafkarx/testing`). */
export interface SeededScheduler extends SchedulerLike {
  random(): number
}

/** A day between the scheduler's time and the wall clock means that the scheduler lives in virtual time. */
const A_DAY = 86_400_000

/** Some 24 days: a longer delay Node would take for 1 ms. Nothing here waits longer. */
const LONGEST_TIMER = 2 ** 31 - 1

const isVirtual = (scheduler: SchedulerLike): boolean => Math.abs(scheduler.now() - Date.now()) > A_DAY

const randomOf = (scheduler: SchedulerLike): (() => number) =>
  'random' in scheduler && typeof scheduler.random === 'function' ? (scheduler as SeededScheduler).random : Math.random

/**
 * The clock over a scheduler. The default, `asyncScheduler`, is real time, except inside `TestScheduler.run`, which makes
 * RxJS's own timers virtual: there it is virtual time with nothing passed.
 */
export function clockOf(scheduler: SchedulerLike = asyncScheduler, random: () => number = randomOf(scheduler)): Clock {
  return isVirtual(scheduler) || scheduler !== asyncScheduler ? scheduledClock(scheduler, random) : realClock(random)
}

function scheduledClock(scheduler: SchedulerLike, random: () => number): Clock {
  const schedule = (delay: number, work: () => void): Cancel => {
    const action = scheduler.schedule(() => work(), delay)
    return () => action.unsubscribe()
  }
  // Delays carry jitter, so that virtual time stands between two milliseconds; a record's timestamp is whole.
  const timestamp = (): number => Math.floor(scheduler.now())
  const now = (): number => scheduler.now()
  const alarm = (ring: () => void): Alarm => scheduledAlarm({ now, schedule }, ring)
  return { isScheduled: true, now, timestamp, schedule, alarm, yield: (work) => schedule(0, work), random }
}

/** A look at the wall clock takes as long as writing a record of 100 bytes: so many records share it, within a synchronous run that is fast. */
const RECORDS_A_LOOK = 16
/** Fast is who looked so often in one millisecond: single records that are not must not pay for the end of a run. */
const FAST_LOOKS = 8

function sharedTimestamp(): () => number {
  let time = 0
  let looks = 0
  let left = 0
  let isArmed = false
  const forget = (): void => {
    left = 0
    isArmed = false
  }
  return () => {
    if (left > 0) {
      left--
      return time
    }
    const now = Date.now()
    looks = now === time ? looks + 1 : 1
    time = now
    if (looks >= FAST_LOOKS) left = RECORDS_A_LOOK - 1
    // Nothing else can run before it: what is emitted later looks for itself. `queueMicrotask` costs five times as much.
    if (left > 0 && !isArmed) {
      isArmed = true
      void resolved.then(forget)
    }
    return time
  }
}

const resolved = Promise.resolve()

/**
 * Node's timer is left standing when the alarm is stopped, and only holds up nothing any more: with single records an alarm is set and stopped
 * for each of them, and three times a new timer were an eighth of what a record costs.
 */
function standingAlarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined
  /** When the timer fires, and when the alarm is to ring. */
  let firesAt = Infinity
  let ringsAt = Infinity

  const forget = (): void => {
    clearTimeout(timer)
    timer = undefined
    firesAt = Infinity
  }
  const stand = (time: number): void => {
    forget()
    firesAt = time
    timer = setTimeout(fire, Math.min(delayUntil(time, performance.now()), LONGEST_TIMER))
  }
  const fire = (): void => {
    forget()
    if (ringsAt > performance.now()) {
      if (ringsAt < Infinity) stand(ringsAt)
      return
    }
    ringsAt = Infinity
    ring()
  }
  return {
    at: (time) => {
      if (time >= ringsAt) return
      if (time < firesAt) stand(time)
      else if (ringsAt === Infinity) timer?.ref()
      ringsAt = time
    },
    stop: () => {
      ringsAt = Infinity
      timer?.unref()
    },
    end: () => {
      ringsAt = Infinity
      forget()
    },
  }
}

function realClock(random: () => number): Clock {
  return {
    isScheduled: false,
    now: () => performance.now(),
    timestamp: sharedTimestamp(),
    schedule: (delay, work) => {
      const timer = setTimeout(work, Math.min(delay, LONGEST_TIMER))
      return () => clearTimeout(timer)
    },
    alarm: standingAlarm,
    // setImmediate and not a zero timer: asyncScheduler pays 1 ms a hop, and a microtask would starve the sockets.
    yield: (work) => {
      const immediate = setImmediate(work)
      return () => clearImmediate(immediate)
    },
    random,
  }
}
