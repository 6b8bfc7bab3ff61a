/** What a process under the profiler is told, and what it tells. */
export interface Order {
  /** The built library: the folder of its `index.js`. */
  readonly library: string
  readonly bootstrap: string
  readonly topic: string
  readonly partitions: number
  readonly recordBytes: number
  /** Records that are sent before anything is recorded: until then the engine still compiles. */
  readonly warmUp: number
  /** Records that are recorded. */
  readonly records: number
  readonly recording: Recording
  /** Where the profile goes. */
  readonly file: string
}

/** `nothing`: how fast it is when nobody looks. */
export type Recording = 'cpu' | 'allocations' | 'nothing'

export interface Told {
  /** Of the records that were recorded, or would have been. */
  readonly seconds: number
  /** Of all threads of the process: in its own code, and in the kernel for it. */
  readonly userSeconds: number
  readonly kernelSeconds: number
}
