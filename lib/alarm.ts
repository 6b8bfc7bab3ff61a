/** A timer that is set and stopped again and again. */
export interface Alarm {
  /** Rings no later than at `time`; Infinity asks for nothing, and takes nothing back. */
  at(time: number): void
  /** Rings for nobody until it is set again, and holds up nothing meanwhile: neither the end of virtual time nor that of the process. */
  stop(): void
  /** The same, and it will not be set again. */
  end(): void
}

interface Scheduling {
  now(): number
  schedule(delay: number, work: () => void): () => void
}

/**
 * Of a clock that can only schedule. It stands at the earliest time that was asked for. When that time is put off, it is left where it is,
 * since one look too many costs less than moving a timer for every batch that left early.
 */
export function scheduledAlarm(clock: Scheduling, ring: () => void): Alarm {
  let standsAt = Infinity
  let cancel: (() => void) | undefined

  const stop = (): void => {
    cancel?.()
    cancel = undefined
    standsAt = Infinity
  }
  const at = (time: number): void => {
    if (time >= standsAt) return
    stop()
    standsAt = time
    cancel = clock.schedule(delayUntil(time, clock.now()), () => {
      cancel = undefined
      standsAt = Infinity
      ring()
    })
  }
  return { at, stop, end: stop }
}

/** Never before the time, which need not be a whole millisecond. */
export const delayUntil = (time: number, now: number): number => Math.max(0, Math.ceil(time - now))
