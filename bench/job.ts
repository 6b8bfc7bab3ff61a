/** What a measured process is asked to do, and what it tells. Every client's program reads the one and prints the other. */

/**
 * `bulk`: as fast as it goes, with what each holds at most. `burst`: every record handed over in one loop, without waiting. `awaited`: one
 * record, its delivery, the next. `rate`: as the metronome ticks, come what may.
 */
export type Kind = 'bulk' | 'burst' | 'awaited' | 'rate'

/** What kafkarx is fed from: all but the Subject are pulled. */
export type Source = 'subject' | 'iterable' | 'async-iterable'

/** In ms; `default`: whatever the client does when it is not told. `adaptive` is known to kafkarx alone. */
export type Linger = number | 'default' | 'adaptive'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

export interface Job {
  readonly kind: Kind
  readonly bootstrap: string
  readonly topic: string
  /** How many are measured. */
  readonly records: number
  /** Sent and delivered before the clock starts, through the same producer: connections stand, compilers are warm. */
  readonly warmUp: number
  /** And after it so many one after another, where single records are measured: other code is at work then. */
  readonly warmUpAwaited: number
  readonly recordBytes: number
  /** One payload a line; all clients pick from it, so that none pays for making them. */
  readonly payloads: string
  readonly linger: Linger
  readonly codec: Codec
  readonly source: Source
  /** For `rate`: how many records are due at each tick of a millisecond. */
  readonly perTick: number
}

/** What a process tells: one line of JSON. Times in ms but where they are said to be seconds. */
export interface Outcome {
  /** How many were measured: what was asked for, rounded up to whole requests where a client has no smaller unit. */
  readonly records: number
  /** From the first record that is measured to the last delivery. */
  readonly seconds: number
  /** Of the whole process, in the same time. */
  readonly cpuSeconds: number
  /** Resident memory of the process at most, from its start to its end. */
  readonly peakBytes: number
  /** Latency: hand-over to delivery; for `rate` from when the record was due. null where there are none. */
  readonly p50: number | null
  readonly p99: number | null
  readonly p999: number | null
  /** The longest time for which the event loop did not turn; null where there is no loop. */
  readonly held: number | null
}
