/** In how many ways at once a program sends, for `npm run bench:lanes`: told by the environment, since the words of a job are every client's. */
export interface Lanes {
  /** Connections, producers or threads, whatever the program has several of. Default 1. */
  readonly lanes?: number
  /** Bytes that a batch holds at most. Default: what the program does otherwise. */
  readonly batchBytes?: number
  /** Batches are compressed on the event loop, whatever their size. */
  readonly onLoop?: true
}

const VARIABLE = 'KAFKARX_BENCH_LANES'

export const lanesInWords = (lanes: Lanes): Readonly<Record<string, string>> => ({ [VARIABLE]: JSON.stringify(lanes) })

export const lanesTold = (environment: NodeJS.ProcessEnv = process.env): Lanes => JSON.parse(environment[VARIABLE] ?? '{}') as Lanes

/** Partitions 0, 1, 2, … dealt out to lanes like cards: those of one. */
export const dealt = (partitions: number, lanes: number, lane: number): readonly number[] =>
  Array.from({ length: partitions }, (_, partition) => partition).filter((partition) => partition % lanes === lane)
