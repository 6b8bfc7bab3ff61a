/** acks=all: the answer waits until all in-sync replicas have what was appended, until the leader changes, or until its time is over. */
import { Observable, merge, of } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import type { Ask } from '../broker/handler'
import type { Entry } from './produce-entries'
import type { Outcome } from './produce-outcome'

export interface Placed {
  readonly entry: Entry
  readonly outcome: Outcome
}

type Standing = number | 'waiting'

/** Emits once: every outcome with what became of it. What was appended stays where it is, whatever the error. */
export function whenReplicated(placed: readonly Placed[], timeoutMs: number, ask: Ask): Observable<readonly Placed[]> {
  const [now, isPending] = look(placed, ask)
  if (!isPending) return of(now)
  return new Observable((subscriber) => {
    let current = now
    const emit = (): void => {
      subscriber.next(current)
      subscriber.complete()
    }
    const waiting = placed.flatMap(({ entry, outcome }) => (outcome.required === undefined ? [] : (entry.partition?.changed$ ?? [])))
    const changes = merge(...waiting).subscribe(() => {
      const [next, goesOn] = look(current, ask)
      current = next
      if (!goesOn) emit()
    })
    const cancel = ask.cluster.clock.schedule(Math.max(0, timeoutMs), () => {
      current = current.map(({ entry, outcome }) =>
        isWaiting(outcome) ? settled(entry, outcome, ErrorCode.REQUEST_TIMED_OUT) : { entry, outcome },
      )
      emit()
    })
    return () => {
      cancel()
      changes.unsubscribe()
    }
  })
}

const isWaiting = ({ required }: Outcome): boolean => required !== undefined

/** Its error is final, also when it is none. */
function settled(entry: Entry, { required: _required, ...outcome }: Outcome, errorCode: number): Placed {
  return { entry, outcome: { ...outcome, errorCode } }
}

/** What is settled by now, and whether anything is not. */
function look(placed: readonly Placed[], ask: Ask): readonly [readonly Placed[], boolean] {
  const looked = placed.map((each) => {
    const standing = standingOf(each, ask)
    return standing === 'waiting' ? each : settled(each.entry, each.outcome, standing)
  })
  return [looked, looked.some(({ outcome }) => isWaiting(outcome))]
}

function standingOf({ entry, outcome }: Placed, { cluster, node }: Ask): Standing {
  const { partition } = entry
  if (outcome.required === undefined || partition === undefined) return outcome.errorCode
  if (cluster.partition(partition.topic, partition.index) !== partition) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  if (partition.leader !== node.id) return ErrorCode.NOT_LEADER_OR_FOLLOWER
  return partition.highWatermark < outcome.required ? 'waiting' : ErrorCode.NONE
}
