/** One timer for many deadlines: it stands at the earliest, and only while there is one. */
import type { Clock } from '../time'

export interface DeadlineTimer {
  /** To be called after every change of the deadlines; cheap when the timer already stands. */
  update(): void
  /** Nothing is waited for any more. */
  end(): void
}

interface DeadlineTimerOptions {
  readonly clock: Clock
  /** The earliest deadline on the clock, undefined when nothing is waited for. Deadlines that are added never lie before it. */
  earliest(): number | undefined
  /** The earliest deadline has passed. */
  passed(): void
}

/**
 * When the earliest deadline goes away the timer is left where it is and looks again when it fires: requests are answered far more
 * often than they time out, and moving a timer for each would cost more than one wake-up too many.
 */
export function deadlineTimer({ clock, earliest, passed }: DeadlineTimerOptions): DeadlineTimer {
  const update = (): void => {
    const deadline = earliest()
    if (deadline === undefined) alarm.stop()
    else alarm.at(deadline)
  }
  const alarm = clock.alarm(() => {
    const deadline = earliest()
    if (deadline !== undefined && deadline <= clock.now()) passed()
    else update()
  })
  return { update, end: alarm.end }
}
