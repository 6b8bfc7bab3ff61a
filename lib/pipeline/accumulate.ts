import type { Observable, OperatorFunction, SchedulerLike, Subscriber } from 'rxjs'
import { Accumulator } from '../batch/accumulator'
import type { Appended } from '../batch/accumulator'
import type { Batch } from '../batch/batch'
import { BufferPool } from '../batch/buffer-pool'
import { BufferExhaustedError, RecordTooLargeError } from '../errors'
import type { KafkaError } from '../errors'
import { StickyPartitions } from '../partitioners/sticky'
import type { NodeId, PartitionedRecord } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { alarm } from './alarm'
import { batchStreams } from './batch-streams'
import type { BatchStream } from './batch-streams'
import { ByteBudget } from './byte-budget'
import { operate } from './operate'
import { refuse } from './refuse'
import { WaitingRoom } from './waiting-room'
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

/** The queues behind `accumulate`, for whoever has to give batches back to them. */
export function createAccumulator<C>(options: AccumulateOptions<C> & { readonly deliveryTimeout?: number }): Accumulator<C> {
  const { leaderOf, batchSize = 16 * KIB, maxRequestSize = KIB * KIB, memory = new BufferPool(Infinity) } = options
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
  const { maxBlock = 60_000, maxRequestSize = KIB * KIB, memory = new BufferPool(Infinity), canTake = () => true } = options

  return operate((destination: Subscriber<BatchStream<C>>) => {
    const clock = options.clock ?? clockOf(options.scheduler)
    const accumulator = options.accumulator ?? createAccumulator<C>({ ...options, clock, memory })
    const streams = batchStreams<C>(destination)
    const waiting = new WaitingRoom<C>(options.waiting ?? new ByteBudget(Infinity))
    let sourceCompleted = false

    const append = (record: PartitionedRecord<C>): Appended =>
      accumulator.append(record, record.timestamp ?? clock.timestamp(), () => clock.now())

    const admit = (record: PartitionedRecord<C>): Appended | 'waits' => {
      if (waiting.isEmpty) {
        const appended = append(record)
        if (appended !== 'no room') return appended
      }
      return waiting.enter(record, clock.now() + maxBlock) ? 'waits' : 'no room'
    }
    const serveWaiting = (now: number): void => {
      for (const record of waiting.expired(now)) refuse(record, waitedTooLong(record.topic, maxBlock), destination)
      waiting.serve((record) => {
        const appended = append(record)
        if (appended === 'too large') followUp[appended](record)
        return appended !== 'no room'
      })
      accumulator.pressed = !waiting.isEmpty
    }
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
      serveWaiting(now)
      for (const batch of accumulator.expire(now)) options.expired?.(batch)
      const nextLook = Math.min(drain(now), waiting.nextDeadline)
      timer.at(accumulator.isEmpty && waiting.isEmpty ? Infinity : nextLook)
      if (sourceCompleted && accumulator.isEmpty && waiting.isEmpty) finish()
    })
    const timer = alarm(clock, look)
    const finish = (): void => {
      streams.endAll()
      destination.complete()
    }

    memory.onGiven = () => {
      if (!waiting.isEmpty) look()
    }
    destination.add(timer.stop)
    destination.add(options.wake$?.subscribe(look))
    destination.add(options.gone$?.subscribe(streams.end))
    destination.add(
      options.abandon$?.subscribe((error) => {
        for (const record of waiting.expired(Infinity)) refuse(record, error, destination)
      }),
    )

    /** What each way of being admitted asks for. */
    const followUp: Readonly<Record<Appended | 'waits', (record: PartitionedRecord<C>) => void>> = {
      appended: () => undefined,
      opened: () => timer.at(clock.now() + accumulator.linger),
      ready: look,
      // Only the first that waits changes anything: from then on every batch leaves as soon as it can.
      waits: () => {
        if (!accumulator.pressed) look()
      },
      'no room': (record) => refuse(record, noRoomToWait(record.topic), destination),
      'too large': (record) => refuse(record, tooLarge(record, maxRequestSize), destination),
    }
    return {
      next: (record) => followUp[admit(record)](record),
      complete: () => {
        sourceCompleted = true
        accumulator.flush()
        look()
      },
    }
  })
}

const tooLarge = ({ topic }: PartitionedRecord, limit: number): RecordTooLargeError =>
  new RecordTooLargeError(
    `A record for ${topic} does not fit into a request of ${String(limit)} bytes: raise maxRequestSize, and max.message.bytes of the topic`,
  )

const waitedTooLong = (topic: string, maxBlock: number): BufferExhaustedError =>
  new BufferExhaustedError(
    `A record for ${topic} waited ${String(maxBlock)} ms for room in bufferMemory: the brokers take less than is sent`,
  )

const noRoomToWait = (topic: string): BufferExhaustedError =>
  new BufferExhaustedError(`No room in bufferMemory for a record of ${topic}, and waitingMemory is full: pace the source`)
