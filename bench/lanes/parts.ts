import type { CaseName } from '../cases'
import type { Ready } from '../clients/client'
import { nodeProgram } from '../clients/node-program'
import { built } from '../clients/programs'
import { lanesInWords } from '../programs/lanes'
import type { Lanes } from '../programs/lanes'

/** One way to send; the first of a part is what the others are compared with. */
interface Way extends Lanes {
  readonly name: string
  readonly program: 'ceiling' | 'kafkarx' | 'kafkarx-lanes' | 'kafkarx-worker'
}

export type PartName = 'ceiling' | 'connections' | 'threads' | 'codecs'

export interface Part {
  readonly name: PartName
  readonly cases: readonly CaseName[]
  readonly ways: readonly Way[]
  /** What stands below its tables. */
  readonly about: string
}

const KIB = 1024
const SIZES: readonly CaseName[] = ['bulk-100', 'bulk-1k']

const ceiling = (lanes: number, kib: number): Way => ({
  ...{ name: `${String(lanes)} x ${String(6 / lanes)} batches of ${String(kib)} KiB`, program: 'ceiling' },
  ...{ lanes, batchBytes: kib * KIB },
})

export const PARTS: readonly Part[] = [
  {
    name: 'ceiling',
    cases: SIZES,
    ways: [ceiling(1, 64), ceiling(2, 64), ceiling(3, 64), ceiling(1, 128), ceiling(2, 128), ceiling(3, 128)],
    about: `Encoded Produce requests on raw sockets, five in flight on each: connections x batches of a request. The six partitions are dealt out to
the connections, so that with batches of the same size the requests of several connections are smaller.`,
  },
  {
    name: 'connections',
    cases: SIZES,
    ways: [
      { name: 'one producer', program: 'kafkarx-lanes', lanes: 1 },
      { name: 'two, 3 partitions each', program: 'kafkarx-lanes', lanes: 2 },
      { name: 'three, 2 partitions each', program: 'kafkarx-lanes', lanes: 3 },
    ],
    about: `kafkarx with the partitions dealt out to producers of one process, each with its connection and its share of the 32 MiB; every record
names its partition, 16 KiB to one and then the next.`,
  },
  {
    name: 'threads',
    cases: SIZES,
    ways: [
      { name: 'main thread', program: 'kafkarx' },
      { name: 'one worker', program: 'kafkarx-worker', lanes: 1 },
      { name: 'two workers', program: 'kafkarx-worker', lanes: 2 },
    ],
    about: `A producer in the main thread, and producers in worker threads: the main thread packs values into buffers of 64 KiB and transfers them, the
worker sends them and transfers the buffer back when all of it is delivered. Partitions, offsets, keys, headers and failures are not told across,
which a producer that is built so would have to do. CPU is that of all threads.`,
  },
  {
    name: 'codecs',
    cases: ['zstd', 'gzip', 'lz4'],
    ways: [
      { name: 'above 64 KiB off the loop', program: 'kafkarx-lanes' },
      { name: 'same batches, on the loop', program: 'kafkarx-lanes', onLoop: true },
      { name: 'batches of 64 KiB, on the loop', program: 'kafkarx-lanes', batchBytes: 64 * KIB },
    ],
    about: `kafkarx as it is, which has libuv's threads compress batches above 64 KiB; the same with everything compressed on the event loop; and with
batches that are never larger than that. CPU is that of all threads.`,
  },
]

export const readyOf = ({ name, program, ...lanes }: Way): Ready => ({
  version: name,
  run: nodeProgram({
    program,
    library: built(program === 'ceiling' ? 'entries/protocol.js' : 'index.js'),
    environment: lanesInWords(lanes),
  }),
})
