/** What a measured process is asked to do, and what it tells: JSON, one value a line. */

/**
 * `pull`: generators, which are asked as there is room. `burst`: every record in one synchronous loop of next(). `rate`: so many records each
 * millisecond, whatever becomes of them. `endless`: one generator, until the time is over.
 */
export type Kind = 'pull' | 'burst' | 'rate' | 'endless'

/** `sticky`: the producer chooses, one batch's worth here and the next there. `in turn`: each record goes to the next partition. */
export type Spread = 'sticky' | 'in turn'

export interface Load {
  readonly kind: Kind
  readonly brokers: readonly string[]
  readonly topics: readonly string[]
  /** Of each topic. */
  readonly partitions: number
  readonly spread: Spread
  /** Measured; before them a part of them is sent and not measured, which warms compilers and opens connections. */
  readonly records: number
  readonly recordBytes: number
  /** Sources that share the one producer, and the records. */
  readonly streams: number
  /** For `rate` and `endless`, in place of a number of records. */
  readonly seconds: number
  /** For `endless`: how often a sample is told. */
  readonly sampleSeconds: number
}

/** How late the event loop turned, in ms; a timer of 1 ms measures it, so that 1 ms is no delay. */
export interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly longest: number
  /** The same of what the thread itself ran between two turns: the rest is the machine's, which gave its cores to others. */
  readonly cpuP99: number
  readonly cpuLongest: number
}

export interface Collections {
  readonly count: number
  readonly totalMs: number
  readonly longestMs: number
}

export interface Took {
  readonly type: 'took'
  readonly delivered: number
  readonly failed: number
  readonly seconds: number
  readonly cpuSeconds: number
  /** Resident memory: before there was a producer, and at most until the end. */
  readonly bytesBefore: number
  readonly peakBytes: number
  readonly loop: LoopDelay
  readonly collections: Collections
}

/** Told while an `endless` load goes on. Counts and times are those since the sample before; what is held is held now. */
export interface Sample {
  readonly type: 'sample'
  readonly second: number
  readonly delivered: number
  readonly failed: number
  readonly cpuSeconds: number
  readonly rss: number
  readonly heapUsed: number
  readonly arrayBuffers: number
  /** Bytes of `bufferMemory` that batches hold. */
  readonly held: number
  readonly unsettled: number
  readonly loop: LoopDelay
  readonly collections: Collections
}

/** `warm`: what comes now is measured. */
export type Told = { readonly type: 'warm' } | Sample | Took
