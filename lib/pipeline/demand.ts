import { Observable } from 'rxjs'
import type { Room } from './room'

/** Smaller changes than this part of the whole are not worth a word. */
const STEP = 16

/** Free bytes of `bufferMemory`: those of now on subscribe, then one value per change of at least a sixteenth of all. */
export function demandOf(room: Room): Observable<number> {
  const step = room.total / STEP
  return new Observable((subscriber) => {
    let last = Infinity
    const look = (): void => {
      const free = room.free()
      if (Math.abs(free - last) < step) return
      last = free
      subscriber.next(free)
    }
    // Listened to before the first value: whoever takes room at once must hear what that changed.
    subscriber.add(room.changes$.subscribe(look))
    look()
  })
}
