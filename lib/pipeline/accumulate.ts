import type { Observable, OperatorFunction, SchedulerLike } from 'rxjs'
import { Accumulator } from '../batch/accumulator'
import type { Readiness } from '../batch/accumulator'
import type { Batch } from '../batch/batch'
import { BufferPool } from '../batch/buffer-pool'
import { workingCompressorOf } from '../batch/compression/compression'
import type { Compression } from '../batch/compression/compression'
import type { Linger } from '../batch/lingering'
import { unnumbered } from '../batch/sequencer'
import type { Sequencer } from '../batch/sequencer'
import { ProducerClosedError } from '../errors'
import type { KafkaError } from '../errors'
import type { PartitionView } from '../partitioners/partition-table'
import { StickyPartitions } from '../partitioners/sticky'
import type { NodeId, PartitionedRecord, StreamTraits } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { admission } from './admission'
import { batchStreams } from './batch-streams'
import type { BatchStream, Drained } from './batch-streams'
import { ByteBudget } from './byte-budget'
import { company } from './company'
import { gather } from './gather'
import { operate } from './operate'
import type { Sink } from './stage'
import { workLoop } from './work-loop'

/** When batches leave for which node, and how much they may hold. */
export interface AccumulateOptions {
  /** The node that takes a partition's records; undefined while nobody does, and then its batches wait. */
  readonly leaderOf: (topic: string, partition: number) => NodeId | undefined
  /** Bytes at which a batch leaves without waiting for more. Default 16 KiB. */
  readonly batchSize?: number
  /** Bytes up to which a batch grows while its node is busy. Default 256 KiB. */
  readonly maxBatchSize?: number
  /** Bytes that leave for a node together. Default 1 MiB. A record that does not fit is too large. */
  readonly maxRequestSize?: number
  /** How batches are compressed; those that it would not make smaller are not. Sizes then count what is expected after it. Default none. */
  readonly compression?: Compression
  /**
   * Milliseconds that a batch waits for more records; or `adaptive`: only while something is on its way to its node, and 5 at most.
   * Alone nothing is on its way once it has left: then it waits for the end of the turn only. Default 5.
   */
  readonly linger?: Linger
  /** Bytes that batches may hold until they are settled. Default: unbounded. */
  readonly memory?: number
  /** Bytes that records may hold which wait for memory. Default: unbounded. */
  readonly waitingMemory?: number
  /** Milliseconds that a record waits for memory before it fails. Default 60,000. */
  readonly maxBlock?: number
  /** Records without a partition go rather where few batches wait. Default true; false: to all partitions alike. */
  readonly adaptivePartitioning?: boolean
  /** Milliseconds after which they do not go where a node takes nothing of what waits for it. Default 0: they do. */
  readonly partitionerAvailabilityTimeout?: number
  /** The nodes to which they go as long as one of them leads a partition of the topic. Default: all nodes are alike. */
  readonly isNear?: (node: NodeId) => boolean
  /** Default: `asyncScheduler`, which is virtual within `TestScheduler.run`. */
  readonly scheduler?: SchedulerLike
  /** Whether a node takes a request now. Default: always. Say it on `wake$` when the answer changes. */
  readonly canTake?: (node: NodeId) => boolean
  /** Something changed: a node can take again, a partition found its leader. */
  readonly wake$?: Observable<unknown>
  /** A node left: its stream ends. */
  readonly gone$?: Observable<NodeId>
}

/**
 * What whoever sends the batches shares with `accumulate`: the queues, to which it says when a batch is done or comes back. Alone, a
 * batch is done when it has left.
 */
export interface Shared<C> {
  readonly accumulator: Accumulator<C>
  readonly memory: BufferPool
  readonly waiting: ByteBudget
  readonly clock: Clock
  /** Topics with batches and no leader to send them to, each time a batch could leave. */
  readonly leaderless: (topics: ReadonlySet<string>) => void
  /** Batches that were not acknowledged within the delivery timeout. */
  readonly expired: (batches: readonly Batch<C>[]) => void
  /** Nobody waits for room any longer: what does fails with the error given here. */
  readonly abandon$: Observable<KafkaError>
  /** What came with a stream does not wait for room any longer. */
  readonly withdraw$?: Observable<Withdrawal>
}

/** Records of a stream are taken back, for this reason. */
export interface Withdrawal {
  readonly stream: StreamTraits
  readonly error: KafkaError
}

const KIB = 1024
const MIB = KIB * KIB
/** Batches that become full in one turn of the event loop leave together, but for who comes alone: few large requests. */
const FULL_AT_ONCE = 16
const always = (): boolean => true

export interface AccumulatorParts {
  readonly clock: Clock
  readonly memory: BufferPool
  readonly deliveryTimeout: number
  readonly sequencer: () => Sequencer
}

/** The queues behind `accumulate`. */
export function createAccumulator<C>(options: AccumulateOptions, parts: AccumulatorParts): Accumulator<C> {
  const { clock, memory, deliveryTimeout, sequencer } = parts
  const { leaderOf, canTake = always, batchSize = 16 * KIB, maxRequestSize = MIB } = options
  const compressor = workingCompressorOf(options.compression ?? 'none')
  const accumulator: Accumulator<C> = new Accumulator<C>({
    ...{ leaderOf, canTake, batchSize, maxRequestSize, deliveryTimeout, sequencer },
    now: () => clock.now(),
    maxBatchSize: options.maxBatchSize ?? 256 * KIB,
    maxRecordSize: Math.min(maxRequestSize, memory.total),
    linger: options.linger ?? 5,
    compressElsewhereAbove: clock.isScheduled ? undefined : compressor?.atOnce,
    compressor,
    pieces: memory,
    sticky: new StickyPartitions({
      ...{ batchSize, leaderOf },
      random: () => clock.random(),
      isFilled: (topic, partition) => accumulator.isFilled(topic, partition),
      ...preferences(options, () => accumulator),
    }),
  })
  return accumulator
}

/** What makes one partition better than another, for records that may go to any. */
function preferences(options: AccumulateOptions, accumulator: () => Accumulator): Omit<PartitionView, 'leaderOf'> {
  const { adaptivePartitioning = true, partitionerAvailabilityTimeout: timeout = 0, isNear } = options
  return {
    ...(isNear && { isNear }),
    ...(adaptivePartitioning && { queueLength: (topic, partition) => accumulator().queueLength(topic, partition) }),
    ...(timeout > 0 && {
      isLate: (topic, partition, node, now) => now - accumulator().waitingSince(topic, partition, node) > timeout,
    }),
  }
}

/** For whom nobody has created the parts: alone, and bounded as the options say. */
function ownParts<C>(options: AccumulateOptions): Pick<Shared<C>, 'accumulator' | 'memory' | 'waiting' | 'clock'> {
  const clock = clockOf(options.scheduler)
  const memory = new BufferPool(options.memory ?? Infinity)
  const accumulator = createAccumulator<C>(options, { clock, memory, deliveryTimeout: Infinity, sequencer: () => unnumbered })
  return { accumulator, memory, clock, waiting: new ByteBudget(options.waitingMemory ?? Infinity) }
}

type Drain = (node: NodeId, now: number) => boolean

/** Hands on what a node can take now; whether there was anything. */
function draining<C>(
  accumulator: Accumulator<C>,
  canTake: (node: NodeId) => boolean,
  send: (node: NodeId, batches: Drained<C>) => void,
): Drain {
  return (node, now) => {
    const batches = canTake(node) ? accumulator.drain(node, now) : []
    if (batches.length > 0) send(node, batches)
    return batches.length > 0
  }
}

/** A request at a time: what is behind the batches that have left may not be due yet, and when it is, is the next time to look. */
function drainAll<C>(accumulator: Accumulator<C>, now: number, drain: Drain): Readiness {
  for (;;) {
    const readiness = accumulator.ready(now)
    let hasDrained = false
    for (const node of readiness.nodes) if (drain(node, now)) hasDrained = true
    if (!hasDrained) return readiness
  }
}

/**
 * Gathers records into batches and gives a stream of batch streams, one per node; each value is one request's worth, at most one
 * batch a partition. A batch leaves when it is full, has lingered, or memory is short, and its node can take it; until then it
 * grows. When the source completes, everything leaves and the streams complete. Whoever bounds `memory` gives it back by
 * `batch.settle()`.
 */
export function accumulate<C = unknown>(
  options: AccumulateOptions,
  shared?: Shared<C>,
): OperatorFunction<PartitionedRecord<C>, BatchStream<C>> {
  return operate((destination: Sink<BatchStream<C>>, life) => {
    const { accumulator, memory, clock, waiting } = shared ?? ownParts<C>(options)
    const { maxBlock = 60_000, maxRequestSize = MIB, canTake = always } = options
    const door = admission<C>({ accumulator, clock, destination, maxBlock, maxRequestSize, waiting })
    const streams = batchStreams<C>(destination)
    let sourceCompleted = false
    const others = company()

    const drain = draining(accumulator, canTake, (node, batches) => {
      streams.send(node, batches)
      if (shared === undefined) for (const batch of batches) accumulator.forget(batch)
    })
    const look = workLoop(() => {
      const now = clock.now()
      others.seen()
      door.serve(now)
      const expired = accumulator.expired(now)
      if (expired.length > 0) shared?.expired(expired)
      const { leaderless, nextLook } = drainAll(accumulator, now, drain)
      if (leaderless.size > 0) shared?.leaderless(leaderless)
      timer.at(Math.min(nextLook, door.nextDeadline()))
      if (!accumulator.isIdle || !door.isEmpty()) return
      timer.stop()
      if (!sourceCompleted) return
      streams.endAll()
      destination.complete()
    })
    const timer = clock.alarm(look)
    const looking = gather(clock, FULL_AT_ONCE, look)

    memory.onGiven = () => {
      if (!door.isEmpty() || accumulator.pressed) look()
    }
    life.add(onCompressed(accumulator, look))
    life.add(timer.end)
    life.add(looking.cancel)
    life.add(options.wake$?.subscribe(look))
    life.add(options.gone$?.subscribe(streams.end))
    life.add(shared?.abandon$.subscribe(door.abandon))
    life.add(shared?.withdraw$?.subscribe(({ stream, error }) => door.withdraw(stream, error)))
    life.add(() => door.abandon(ended()))

    return {
      next: (record) => {
        others.came()
        const admitted = door.admit(record)
        if (admitted === 'opened') timer.at(clock.now() + accumulator.linger)
        // Only the first that finds no room changes anything: from then on every batch leaves as soon as it can.
        // What comes alone leaves at once. Who came with others before does so again, and one request for all is better than one more for the first.
        else if (admitted === 'ready' && (others.isExpected() || accumulator.gathers)) looking.wish()
        else if (admitted === 'ready' || ((admitted === 'waits' || admitted === 'short') && !accumulator.pressed)) look()
      },
      complete: () => {
        sourceCompleted = true
        accumulator.hurry()
        look()
      },
    }
  })
}

const ended = (): ProducerClosedError => new ProducerClosedError('The stream of batches ended before there was room for the record')

/** Until the returned function is called: a codec may be done long after everybody has left. */
function onCompressed<C>(accumulator: Accumulator<C>, look: () => void): () => void {
  accumulator.compressing.onDone = look
  return () => {
    accumulator.compressing.onDone = () => undefined
  }
}
