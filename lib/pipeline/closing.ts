import { ReplaySubject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Cancel, Clock } from '../time'
import type { Ledger, Tally } from './ledger'

export interface ClosingOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  /** What is left leaves without waiting for more; calls back once all of it is settled. */
  readonly settleAll: (settled: () => void) => void
  /** Settles everything that is left, now. */
  readonly giveUp: () => void
  /** Everything is settled: connections and timers may go. */
  readonly release: () => void
}

export interface Closing {
  /** The first call begins; a later one may shorten the time that is left. */
  within(timeout: number): Observable<Tally>
}

/** Waits until everything is settled, or gives up what is left when a timeout is over; then reports what became of what was left. */
export function createClosing({ ledger, clock, settleAll, giveUp, release }: ClosingOptions): Closing {
  const report$ = new ReplaySubject<Tally>(1)
  const cancels: Cancel[] = []
  let isSettled = false
  let before: Tally | undefined

  const settled = (): void => {
    isSettled = true
    for (const cancel of cancels) cancel()
    release()
    report$.next(difference(before ?? ledger.tally, ledger.tally))
    report$.complete()
  }
  return {
    within: (timeout) => {
      if (!isSettled) cancels.push(clock.schedule(timeout, giveUp))
      if (before === undefined) {
        before = ledger.tally
        settleAll(settled)
      }
      return report$.asObservable()
    },
  }
}

function difference(before: Tally, after: Tally): Tally {
  return {
    delivered: after.delivered - before.delivered,
    failed: after.failed - before.failed,
    purged: after.purged - before.purged,
  }
}
