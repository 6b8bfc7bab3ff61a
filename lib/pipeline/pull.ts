import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import type { KafkaError } from '../errors'
import type { Cancel, Clock } from '../time'
import type { Puller, Pulled } from './pull-source'
import type { Room } from './room'
import { workLoop } from './work-loop'

/** After so many milliseconds of pulling, or so many bytes, the event loop has its turn. */
const SLICE_MS = 2
const SLICE_BYTES = 1024 * 1024
/**
 * Room and time are looked at once in so many values at most, and at each value while those since the last look took more than so many
 * milliseconds, or bytes. Small values that become large all at once are noticed at the next look.
 */
const MOST_A_LOOK = 8
const LITTLE_MS = 0.1
const LITTLE_BYTES = 64 * 1024
/** What a record costs at least beside its bytes in a batch: its context, its delivery. A pull source is held to this as well. */
const RECORD_OVERHEAD = 200

export interface PullOptions {
  readonly room: Room
  readonly clock: Clock
  readonly maxInFlight: number
  /** Records of the stream whose deliveries were not given yet, and a word when there is one less (with `maxInFlight`). */
  readonly unsettled: () => number
  readonly left$: Observable<unknown>
  /** Why no more is taken: the stream ends with it, since its source has not. */
  readonly refusal: () => KafkaError | undefined
}

/**
 * The values of a source that can be asked for them, asked only while there is room: bytes of `bufferMemory` that nobody claims, and
 * fewer records of the stream on their way than `maxInFlight`. When it is left, the source is stopped.
 */
export function pull<T>(open: () => Puller<T>, options: PullOptions): Observable<T> {
  return new Observable((subscriber) => {
    const pulling = new Pulling(open(), subscriber, options)
    subscriber.add(() => pulling.leave())
    subscriber.add(options.room.changes$.subscribe(() => pulling.proceed()))
    subscriber.add(options.left$.subscribe(() => pulling.wake()))
    pulling.proceed()
  })
}

/**
 *            next()                a value
 *   ready ───────────► asked ────────────────────► ready
 *                        └── the end, or an error ──► ended
 *
 * `stopped`: left by the source itself, from within `next()`: a generator that runs cannot be stopped before it has given its value.
 */
type State = 'ready' | 'asked' | 'stopped' | 'ended'

class Pulling<T> {
  #state: State = 'ready'
  /** Values that may be taken before the next look. */
  #granted = 0
  #aLook = 1
  #lookedAt = 0
  #unclaimedThen = 0
  #sliceEnds = 0
  #sliceBegan = 0
  #cancel: Cancel | undefined
  #isAsking = false
  readonly #work: () => void

  constructor(
    private readonly puller: Puller<T>,
    private readonly subscriber: Subscriber<T>,
    private readonly options: PullOptions,
  ) {
    this.#work = workLoop(() => this.#pullWhileThereIsRoom())
  }

  /** A new slice of work. */
  proceed(): void {
    const { clock, room } = this.options
    this.#granted = 0
    this.#lookedAt = -Infinity
    this.#sliceEnds = clock.now() + SLICE_MS
    this.#sliceBegan = room.unclaimed()
    this.#work()
  }

  /** Later, and once: many deliveries in a row make one look. */
  wake(): void {
    this.#cancel ??= this.options.clock.yield(() => {
      this.#cancel = undefined
      this.proceed()
    })
  }

  leave(): void {
    this.#cancel?.()
    if (this.#state === 'ended') return
    this.#state = this.#isAsking ? 'stopped' : 'ended'
    if (!this.#isAsking) this.puller.stop()
  }

  #pullWhileThereIsRoom(): void {
    while (this.#state === 'ready') {
      const error = this.options.refusal()
      if (error !== undefined) {
        this.subscriber.error(error)
        return
      }
      if (this.#granted === 0 && !this.#look()) return
      this.#granted--
      this.#ask()
    }
  }

  /** Whether more may be taken now. If not, it is looked again when there is room, or in the next slice. */
  #look(): boolean {
    const { room, clock } = this.options
    const unclaimed = room.unclaimed()
    const left = this.#recordsLeft()
    if (unclaimed <= 0 || left <= 0) return false
    const now = clock.now()
    if (now >= this.#sliceEnds || this.#sliceBegan - unclaimed >= SLICE_BYTES) {
      this.wake()
      return false
    }
    const wasLittle = now - this.#lookedAt < LITTLE_MS && this.#unclaimedThen - unclaimed < LITTLE_BYTES
    this.#aLook = wasLittle ? Math.min(2 * this.#aLook, MOST_A_LOOK) : 1
    this.#lookedAt = now
    this.#unclaimedThen = unclaimed
    // Without another look no more than finds room in batches, however large records may be.
    this.#granted = Math.max(1, Math.min(this.#aLook, left, Math.floor(unclaimed / room.largestRecord)))
    return true
  }

  #recordsLeft(): number {
    const { room, maxInFlight, unsettled } = this.options
    return Math.min(maxInFlight, Math.ceil(room.total / RECORD_OVERHEAD)) - unsettled()
  }

  #ask(): void {
    this.#state = 'asked'
    this.#isAsking = true
    let later: PromiseLike<Pulled<T>> | undefined
    let isDone = false
    let value: T | undefined
    try {
      const pulled = this.puller.next()
      // All that a source gives is read within the `try`: it may be anything.
      if ('then' in pulled) later = pulled
      else if (pulled.done === true) isDone = true
      else value = pulled.value
    } catch (error) {
      this.#fail(error)
      return
    } finally {
      this.#isAsking = false
    }
    if (later === undefined) this.#got(isDone, value)
    else this.#await(later)
  }

  #await(later: PromiseLike<Pulled<T>>): void {
    // Until it is there, others take room.
    this.#granted = 0
    later.then(
      (pulled) => {
        if (pulled.done === true) this.#got(true, undefined)
        else this.#got(false, pulled.value)
        this.#work()
      },
      (error: unknown) => this.#fail(error),
    )
  }

  #got(isDone: boolean, value: T | undefined): void {
    if (this.#state === 'ended') return
    if (this.#state === 'stopped') {
      this.leave()
    } else if (isDone) {
      this.#state = 'ended'
      this.subscriber.complete()
    } else {
      this.#state = 'ready'
      this.subscriber.next(value as T)
    }
  }

  #fail(error: unknown): void {
    this.#state = 'ended'
    this.subscriber.error(error)
  }
}
