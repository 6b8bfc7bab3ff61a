/** What a fault does to a request or to its answer: a table, one line an effect. */
import { concat, concatMap, defer, filter, ignoreElements, map, of, switchMap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { DisconnectError } from '../../errors'
import { ErrorCode } from '../../generated/error-codes'
import type { ErrorName } from '../../generated/error-codes'
import type { Clock } from '../../time'
import type { Arrived } from '../broker/disturbances'
import type { ClusterNode } from '../state/node'
import { withLength } from '../broker/frames-out'
import { silence } from './silence'

export interface Effect {
  /** For what the error of an api says. */
  readonly errorCode?: number
  /** Milliseconds for which the client is told to be quiet. */
  readonly throttleTimeMs?: number
  /** After how many bytes of the request the connection ends. */
  readonly cutWithin?: number
  readonly change?: Change
  /** Frames that are sent instead of those of the answer. Subscribing handles the request. */
  readonly around?: (answer$: Observable<Uint8Array>, request: Disturbed) => Observable<Uint8Array>
}

export interface Disturbed {
  readonly node: ClusterNode
  /** Says true when the client has closed the connection. */
  readonly over$: Observable<boolean>
}

/** Another answer for the one that the api gave. */
export type Change = (answer: unknown, arrived: Arrived) => unknown

/** Bytes before the header of an answer. */
const LENGTH_BYTES = 4

const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 }

/** By the names that faults have in a spec; what each means is said there (faults/fault.ts). */
export const effects = {
  fail: (_: Clock, error: ErrorName): Effect => ({ errorCode: ErrorCode[error] }),
  change: (_: Clock, change: Change): Effect => ({ change }),

  drop: (): Effect => ({ around: (_answer$, { over$ }) => neverAgain(over$) }),
  loseAnswer: (): Effect => ({ around: (answer$, { over$ }) => concat(handled(answer$), neverAgain(over$)) }),
  delay: (clock: Clock, ms: number): Effect => ({
    around: concatMap((frame) => concat(silence(clock, ms), of(frame))),
  }),
  throttle: (clock: Clock, ms: number): Effect => ({
    throttleTimeMs: ms,
    around: (answer$) => concat(answer$, silence(clock, ms)),
  }),

  cutBefore: (): Effect => ({ around: () => cut() }),
  cutWithinRequest: (_: Clock, bytes: number): Effect => ({ cutWithin: bytes }),
  cutAfter: (): Effect => ({ around: (answer$) => concat(handled(answer$), cut()) }),
  cutWithinAnswer: (_: Clock, bytes: number): Effect => ({
    around: concatMap((frame) => concat(of(frame.subarray(0, bytes)), cut())),
  }),
  cutAfterAnswer: (): Effect => ({ around: (answer$) => concat(answer$, cut()) }),

  truncate: (_: Clock, bytes: number): Effect => ({
    around: onFrames((frame) => withLength(Uint8Array.from(frame.subarray(0, Math.max(LENGTH_BYTES, frame.length - bytes))))),
  }),
  lengthOffBy: (_: Clock, bytes: number): Effect => ({ around: onFrames((frame) => claiming(frame, frame.length - LENGTH_BYTES + bytes)) }),
  corrupt: ({ random }: Clock, bytes: number): Effect => ({ around: onFrames((frame) => flipped(frame, bytes, random)) }),
} as const satisfies Readonly<Record<string, (clock: Clock, ...rest: never[]) => Effect>>

/** A fault that cut an answer within its length has left nothing to damage. */
const onFrames = (damage: (frame: Uint8Array) => Uint8Array): NonNullable<Effect['around']> =>
  map((frame) => (frame.length < LENGTH_BYTES ? frame : damage(frame)))

/** The request is handled, its answer goes nowhere. */
const handled = (answer$: Observable<Uint8Array>): Observable<never> => answer$.pipe(ignoreElements())

const cut = (): Observable<never> => defer(() => throwError(() => new DisconnectError('The connection was cut')))

/** Nothing comes on the connection any more, nor is what waits there looked at; it is over when its client gives it up. */
const neverAgain = (over$: Observable<boolean>): Observable<never> => over$.pipe(filter(Boolean), switchMap(cut))

function claiming(frame: Uint8Array, length: number): Uint8Array {
  const copy = Uint8Array.from(frame)
  new DataView(copy.buffer).setInt32(0, Math.min(INT32.max, Math.max(INT32.min, length)))
  return copy
}

/** Bytes behind the length that are others than they were. */
function flipped(frame: Uint8Array, bytes: number, random: () => number): Uint8Array {
  const copy = Uint8Array.from(frame)
  for (let i = 0; i < bytes; i++) {
    const at = LENGTH_BYTES + Math.floor(random() * (frame.length - LENGTH_BYTES))
    copy[at] = (copy[at] ?? 0) ^ (1 + Math.floor(random() * 255))
  }
  return copy
}
