import type { Observable, OperatorFunction, SchedulerLike, Subscriber } from 'rxjs'
import { Accumulator } from '../batch/accumulator'
import type { Batch } from '../batch/batch'
import { BufferPool } from '../batch/buffer-pool'
import type { KafkaError } from '../errors'
import { StickyPartitions } from '../partitioners/sticky'
import type { NodeId, PartitionedRecord } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { admission } from './admission'
import { alarm } from './alarm'
import { batchStreams } from './batch-streams'
import type { BatchStream } from './batch-streams'
import { ByteBudget } from './byte-budget'
import { operate } from './operate'
import { workLoop } from './work-loop'

export interface AccumulateOptions<C = unknown> {
  /** The node that takes a partition's records; undefined while nobody does, and then its batches wait. */
  readonly leaderOf: (topic: string, partition: number) => NodeId | undefined
  /** Bytes at which a batch leaves without waiting for more. Default 16 KiB. */
  readonly batchSize?: number
  /** Bytes up to which a batch grows while its node is busy. Default 256 KiB. */
  readonly maxBatchSize?: number
  /** Bytes that leave for a node together. Default 1 MiB. A record that does not fit is too large. */
  readonly maxRequestSize?: number
  /** Milliseconds that a batch waits for more records. Default 5. */
  readonly linger?: number
  /** Milliseconds that a record waits for memory before it fails. Default 60,000. */
  readonly maxBlock?: number
  /** Default: `asyncScheduler`, which is virtual within `TestScheduler.run`. */
  readonly scheduler?: SchedulerLike
  /** Whether a node takes a request now. Default: always. Ask `wake$` for a look when the answer changes. */
  readonly canTake?: (node: NodeId) => boolean
  /** Something changed: a node can take again, a partition found its leader, a flush was asked for. */
  readonly wake$?: Observable<unknown>
  /** A node left the cluster: its stream ends. */
  readonly gone$?: Observable<NodeId>
  /** What batches may hold. Default: unbounded. */
  readonly memory?: BufferPool
  /** Bounds the records that wait for memory. Default: unbounded. */
  readonly waiting?: ByteBudget
  /** Topics with batches and no leader to send them to, each time a batch could leave. */
  readonly leaderless?: (topics: ReadonlySet<string>) => void
  /** A batch that was not sent within the delivery timeout of its accumulator. */
  readonly expired?: (batch: Batch<C>) => void
  /** Nobody waits for room any longer: what does fails with the error given here. */
  readonly abandon$?: Observable<KafkaError>
  /** Shared with whoever gives batches back after they were sent. Default: its own. */
  readonly accumulator?: Accumulator<C>
  readonly clock?: Clock
}

const KIB = 1024
const MIB = KIB * KIB

/** The queues behind `accumulate`, for whoever has to give batches back to them. */
export function createAccumulator<C>(options: AccumulateOptions<C> & { readonly deliveryTimeout?: number }): Accumulator<C> {
  const { leaderOf, batchSize = 16 * KIB, maxRequestSize = MIB, memory = new BufferPool(Infinity) } = options
  const { random } = options.clock ?? clockOf(options.scheduler)
  return new Accumulator<C>({
    leaderOf,
    batchSize,
    maxBatchSize: options.maxBatchSize ?? 256 * KIB,
    maxRequestSize,
    maxRecordSize: Math.min(maxRequestSize, memory.total),
    linger: options.linger ?? 5,
    deliveryTimeout: options.deliveryTimeout ?? Infinity,
    pieces: memory,
    sticky: new StickyPartitions({ batchSize, random, isAvailable: (topic, partition) => leaderOf(topic, partition) !== undefined }),
  })
}

/**
 * Gathers records into batches and gives a stream of batch streams, one per node; each value is one request's worth, at most one
 * batch a partition. A batch leaves when it is full, has lingered, is flushed, or memory is short, and its node can take it; until
 * then it grows. When the source completes, everything leaves and the streams complete.
 */
export function accumulate<C = unknown>(options: AccumulateOptions<C>): OperatorFunction<PartitionedRecord<C>, BatchStream<C>> {
  return operate((destination: Subscriber<BatchStream<C>>) => {
    const { memory = new BufferPool(Infinity), clock = clockOf(options.scheduler), canTake = () => true } = options
    const { accumulator = createAccumulator<C>({ ...options, clock, memory }) } = options
    const door = admission<C>({
      ...{ accumulator, clock, destination },
      maxBlock: options.maxBlock ?? 60_000,
      maxRequestSize: options.maxRequestSize ?? MIB,
      waiting: options.waiting ?? new ByteBudget(Infinity),
    })
    const streams = batchStreams<C>(destination)
    let sourceCompleted = false

    const isEmpty = (): boolean => accumulator.isEmpty && door.isEmpty

    const drain = (now: number): number => {
      const { nodes, leaderless, nextLook } = accumulator.ready(now)
      for (const node of nodes) {
        while (canTake(node)) {
          const batches = accumulator.drain(node, now)
          if (batches.length === 0) break
          streams.send(node, batches)
        }
      }
      if (leaderless.size > 0) options.leaderless?.(leaderless)
      return nextLook
    }
    const look = workLoop(() => {
      const now = clock.now()
      door.serve(now)
      for (const batch of accumulator.expire(now)) options.expired?.(batch)
      const nextLook = Math.min(drain(now), door.nextDeadline)
      timer.at(isEmpty() ? Infinity : nextLook)
      if (!sourceCompleted || !isEmpty()) return
      streams.endAll()
      destination.complete()
    })
    const timer = alarm(clock, look)

    memory.onGiven = () => {
      if (!door.isEmpty) look()
    }
    destination.add(timer.stop)
    destination.add(options.wake$?.subscribe(look))
    destination.add(options.gone$?.subscribe(streams.end))
    destination.add(options.abandon$?.subscribe(door.abandon))

    return {
      next: (record) => {
        const admitted = door.admit(record)
        if (admitted === 'opened') timer.at(clock.now() + accumulator.linger)
        // Only the first that waits changes anything: from then on every batch leaves as soon as it can.
        else if (admitted === 'ready' || (admitted === 'waits' && !accumulator.pressed)) look()
      },
      complete: () => {
        sourceCompleted = true
        accumulator.flush()
        look()
      },
    }
  })
}
