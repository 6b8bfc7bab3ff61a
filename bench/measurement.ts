/** What one run of one client gave. */
export interface Measurement {
  readonly recordsPerSecond: number
  readonly megabytesPerSecond: number
  /** CPU seconds of the client's process per million records, from its main function to its end. */
  readonly cpuPerMillion: number
  readonly peakMegabytes: number
  /** Hand-over to delivery under a sustained load, in ms. */
  readonly p50: number
  readonly p99: number
}

/** What both clients are asked to do. */
export interface Load {
  readonly bootstrap: string
  readonly topic: string
  readonly acks: '1' | 'all'
  readonly records: number
  readonly recordBytes: number
  /** One payload a line; both clients pick from it, so that neither pays for making them. */
  readonly payloads: string
}

export interface RawMeasurement {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakBytes: number
  readonly p50: number
  readonly p99: number
}

/** As Kafka's own tool counts: bytes of values alone, and a megabyte of 1024². */
export const measurement = ({ records, recordBytes }: Load, raw: RawMeasurement): Measurement => ({
  recordsPerSecond: records / raw.seconds,
  megabytesPerSecond: (records * recordBytes) / raw.seconds / 1024 ** 2,
  cpuPerMillion: (raw.cpuSeconds / records) * 1e6,
  peakMegabytes: raw.peakBytes / 1024 ** 2,
  p50: raw.p50,
  p99: raw.p99,
})

export type Metric = keyof Measurement

const MORE_IS_BETTER: ReadonlySet<Metric> = new Set(['recordsPerSecond', 'megabytesPerSecond'])

/** The best of several runs: what disturbs a run only ever makes it slower. */
export const best = (runs: readonly Measurement[], metric: Metric): number => {
  const values = runs.map((run) => run[metric])
  return MORE_IS_BETTER.has(metric) ? Math.max(...values) : Math.min(...values)
}

export interface Ratio {
  /** Ours by theirs, of the bests. */
  readonly ofBests: number
  /** The smallest and the largest ratio of runs that stood side by side. */
  readonly from: number
  readonly to: number
}

export const ratio = (ours: readonly Measurement[], theirs: readonly Measurement[], metric: Metric): Ratio => {
  const pairs = ours.map((run, i) => run[metric] / (theirs[i]?.[metric] ?? NaN))
  return { ofBests: best(ours, metric) / best(theirs, metric), from: Math.min(...pairs), to: Math.max(...pairs) }
}
