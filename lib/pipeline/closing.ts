import { ReplaySubject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Clock } from '../time'
import type { Ledger, Tally } from './ledger'

export interface Closing {
  readonly ledger: Ledger
  readonly clock: Clock
  /** What is left leaves without waiting for more. */
  readonly flush: () => void
  /** Settles everything that is left, now. */
  readonly giveUp: () => void
  /** Everything is settled: connections and timers may go. */
  readonly release: () => void
}

/** Waits until everything is settled, or gives up what is left after `timeout`; then reports what became of what was left. */
export function closeWithin(timeout: number, { ledger, clock, flush, giveUp, release }: Closing): Observable<Tally> {
  const report$ = new ReplaySubject<Tally>(1)
  const before = ledger.tally
  const cancel = clock.schedule(timeout, giveUp)
  ledger.whenSettled(() => {
    cancel()
    release()
    report$.next(difference(before, ledger.tally))
    report$.complete()
  })
  flush()
  return report$.asObservable()
}

function difference(before: Tally, after: Tally): Tally {
  return {
    delivered: after.delivered - before.delivered,
    failed: after.failed - before.failed,
    purged: after.purged - before.purged,
  }
}
