import { Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { BufferPool } from '../batch/buffer-pool'
import type { Clock } from '../time'
import type { ByteBudget } from './byte-budget'

/** What sources that can be paced look at. */
export interface Room {
  /** All bytes of `bufferMemory`. */
  readonly total: number
  /** Those that a record takes at most which is not too large for a batch. */
  readonly largestRecord: number
  /** Those that no batch holds. */
  free(): number
  /** Those that are neither held nor spoken for by records that wait. */
  unclaimed(): number
  /**
   * Something of it changed, or looks should be taken for another reason. Told in a turn of its own, never in the middle of the append
   * or the settling that changed it: whoever hears of it may send. Nothing is armed while nobody listens.
   */
  readonly changes$: Observable<void>
  /** Makes everybody look. */
  readonly poke: () => void
}

export interface RoomOptions {
  readonly memory: BufferPool
  readonly waiting: ByteBudget
  readonly clock: Clock
  readonly largestRecord: number
  /** Somebody waits for memory. */
  readonly isShort: () => boolean
}

export function createRoom({ memory, waiting, clock, largestRecord, isShort }: RoomOptions): Room {
  const changes$ = new Subject<void>()
  let isArmed = false

  const poke = (): void => {
    if (isArmed || !changes$.observed) return
    isArmed = true
    clock.yield(() => {
      isArmed = false
      changes$.next()
    })
  }
  memory.onChanged = poke
  waiting.onGiven = poke
  return {
    total: memory.total,
    largestRecord,
    free: () => Math.max(0, memory.free),
    unclaimed: () => (isShort() ? 0 : Math.max(0, memory.free - waiting.used)),
    changes$: changes$.asObservable(),
    poke,
  }
}
