/** One direction of a connection in memory: what was written waits for the network to take it, and then travels. */
import { Fifo } from '../../fifo'
import type { Cancel, Clock } from '../../time'

/** How a line behaves from now on. */
export interface LineConditions {
  /** Milliseconds, one way. */
  readonly latency: number
  /** Bytes per millisecond that the network takes from a writer. */
  readonly rate: number
  /** The most bytes of a chunk that arrives. */
  readonly chunk: number
  /** Nothing arrives, and nobody is told: a cable that was pulled. What is on its way arrives when it is plugged in again, as TCP sends it anew. */
  readonly silent: boolean
}

export interface LineOptions {
  readonly clock: Clock
  readonly conditions: () => LineConditions
  readonly arrive: (bytes: Uint8Array) => void
  /** The writer had closed, and everything that the network took from it has arrived. */
  readonly ended: () => void
}

export interface Line {
  write(chunks: readonly Uint8Array[], released: () => void): void
  /** The writer has closed: what the network has not taken is given back unread. */
  giveBack(): void
  /** The line broke: nothing of what travels arrives. */
  drop(): void
  /** The writer closes. */
  finish(): void
  /** The conditions have changed. */
  changed(): void
}

interface Write {
  readonly chunks: readonly Uint8Array[]
  readonly released: () => void
  /** When the network will have taken all of it, as fast as it is now. */
  readonly at: number
}

interface Travelling {
  readonly what: Uint8Array | 'end'
  readonly at: number
}

/**
 * Bytes are read when the network takes them, not when they are written: a writer that reuses a buffer before `released` damages what it
 * sends, as with a real socket. A stream of bytes never overtakes itself, however its latency changes.
 */
export function lineOf({ clock, conditions, arrive, ended }: LineOptions): Line {
  const written = new Fifo<Write>()
  const travelling = new Fifo<Travelling>()
  const pace = paceOf(clock, () => conditions().rate)
  /** When the last of what travels will be there. */
  let lastArrival = 0

  const travel = (what: Uint8Array | 'end'): void => {
    lastArrival = Math.max(lastArrival, clock.now() + conditions().latency)
    travelling.push({ what, at: lastArrival })
    arrival.arm()
  }

  const taking = alarmOf<Write>(clock, written, {
    ring: ({ chunks, released }) => {
      travel(joined(chunks))
      released()
    },
  })

  const arrival = alarmOf<Travelling>(clock, travelling, {
    isOff: () => conditions().silent,
    ring: ({ what }) => {
      if (what === 'end') return ended()
      const { chunk } = conditions()
      for (let at = 0; at < what.length; at += chunk) arrive(what.subarray(at, at + chunk))
    },
  })

  return {
    write(chunks: readonly Uint8Array[], released: () => void): void {
      if (written.length === 0) pace.begin()
      const end = pace.add(chunks.reduce((sum, { length }) => sum + length, 0))
      written.push({
        chunks,
        released,
        get at() {
          return pace.timeOf(end)
        },
      })
      taking.arm()
    },
    giveBack(): void {
      for (let write = written.shift(); write !== undefined; write = written.shift()) clock.yield(write.released)
      taking.disarm()
    },
    drop(): void {
      while (travelling.shift() !== undefined);
      arrival.disarm()
    },
    finish: () => travel('end'),
    changed(): void {
      pace.change()
      taking.arm()
      arrival.arm()
    },
  }
}

/** When which byte of what is written has been taken, at a rate that changes: what was taken before stays taken. */
function paceOf(clock: Clock, rate: () => number) {
  /** Bytes that were written in all. */
  let total = 0
  /** From this time and byte on it goes at this rate. */
  let since = { time: 0, byte: 0, rate: 0 }

  const from = (byte: number): void => {
    since = { time: clock.now(), byte, rate: rate() }
  }
  const reached = (): number => (since.rate === Infinity ? total : Math.min(total, since.byte + (clock.now() - since.time) * since.rate))

  return {
    /** Nothing waits: what is written next is begun now. */
    begin: () => from(total),
    add: (bytes: number): number => (total += bytes),
    timeOf: (byte: number): number => (byte <= since.byte ? since.time : since.time + (byte - since.byte) / since.rate),
    change: () => from(reached()),
  }
}

interface Due {
  readonly at: number
}

interface AlarmOptions<T> {
  readonly ring: (due: T) => void
  readonly isOff?: () => boolean
}

/** Sums of fractions of milliseconds are not exact: what is this close is there. */
const CLOSE = 0.001

/**
 * One timer for a queue: rings for what is due. Never within the call that arms it, as a socket neither takes nor hands over bytes within
 * a call of its user; nor for what is queued while it rings; nor while it is off, also when that begins while it rings.
 */
function alarmOf<T extends Due>(clock: Clock, queue: Fifo<T>, { ring, isOff = () => false }: AlarmOptions<T>) {
  let armed: { readonly at: number; readonly cancel: Cancel } | undefined

  const disarm = (): void => {
    armed?.cancel()
    armed = undefined
  }
  const arm = (): void => {
    const at = isOff() ? undefined : queue.head?.at
    if (armed?.at === at) return
    disarm()
    if (at === undefined) return
    const delay = at - clock.now()
    armed = { at, cancel: delay > 0 ? clock.schedule(delay, rings) : clock.yield(rings) }
  }
  const nextDue = (): T | undefined => (!isOff() && (queue.head?.at ?? Infinity) <= clock.now() + CLOSE ? queue.shift() : undefined)
  const rings = (): void => {
    armed = undefined
    for (let left = queue.length; left > 0; left--) {
      const due = nextDue()
      if (due === undefined) break
      ring(due)
    }
    arm()
  }
  return { arm, disarm }
}

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? Uint8Array.from(first) : Buffer.concat(chunks)
}
