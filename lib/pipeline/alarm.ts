import type { Cancel, Clock } from '../time'

export interface Alarm {
  /** Rings no later than at `time`; Infinity asks for nothing, and takes nothing back. */
  at(time: number): void
  stop(): void
}

/**
 * One timer for every batch: it stands at the earliest time that was asked for. When that time is put off, it is left where it is,
 * since one look too many costs less than moving a timer for every batch that left early.
 */
export function alarm(clock: Clock, ring: () => void): Alarm {
  let standsAt = Infinity
  let cancel: Cancel | undefined

  const stop = (): void => {
    cancel?.()
    cancel = undefined
    standsAt = Infinity
  }
  const at = (time: number): void => {
    if (time >= standsAt) return
    stop()
    standsAt = time
    cancel = clock.schedule(Math.max(0, Math.ceil(time - clock.now())), () => {
      cancel = undefined
      standsAt = Infinity
      ring()
    })
  }
  return { at, stop }
}
