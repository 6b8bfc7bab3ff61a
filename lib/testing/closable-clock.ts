/** A clock whose timers can all be taken back: what was closed must not keep a process alive, nor virtual time from coming to rest. */
import { scheduledAlarm } from '../alarm'
import type { Cancel, Clock } from '../time'

export interface ClosableClock extends Clock {
  /** Nothing that was scheduled happens any more, and nothing can be scheduled. */
  close(): void
}

export function closable(clock: Clock): ClosableClock {
  const pending = new Set<Cancel>()
  let closed = false

  const tracked = (schedule: (work: () => void) => Cancel, work: () => void): Cancel => {
    if (closed) return () => undefined
    const cancel = schedule(() => {
      pending.delete(cancel)
      work()
    })
    pending.add(cancel)
    return () => {
      pending.delete(cancel)
      cancel()
    }
  }

  const schedule = (delay: number, work: () => void): Cancel => tracked((run) => clock.schedule(delay, run), work)

  return {
    isScheduled: clock.isScheduled,
    now: () => clock.now(),
    timestamp: () => clock.timestamp(),
    random: () => clock.random(),
    schedule,
    alarm: (ring) => scheduledAlarm({ now: () => clock.now(), schedule }, ring),
    yield: (work) => tracked((run) => clock.yield(run), work),
    close: () => {
      closed = true
      for (const cancel of pending) cancel()
      pending.clear()
    },
  }
}
