import { first, from } from 'rxjs'
import type { Observable, ObservableInput, OperatorFunction, SchedulerLike, Subscriber } from 'rxjs'
import { BufferExhaustedError, KafkaError, MetadataTimeoutError, PartitionError } from '../errors'
import { partitionOfKey } from '../partitioners/murmur2'
import type { Partitioner } from '../partitioners/partitioner'
import type { PartitionedRecord, SerializedRecord } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { ByteBudget } from './byte-budget'
import { operate } from './operate'
import { refuse } from './refuse'
import { inSlices } from './slices'
import { topicLines } from './topic-lines'

export interface PartitionOptions {
  /**
   * How many partitions a topic has: a number when that is known, or an Observable or a Promise that gives the number once it is, or
   * fails with the reason why the topic's records cannot be sent.
   */
  readonly partitionsOf: (topic: string) => number | ObservableInput<number>
  /** Default: murmur2 of the key, as Kafka's own producer; without a key the accumulator chooses. A record's own partition goes first. */
  readonly partitioner?: Partitioner
  /** Whether a partition has a leader; for the partitioner. Default: always. */
  readonly isAvailable?: (topic: string, partition: number) => boolean
  /** Default: `asyncScheduler`, which is virtual within `TestScheduler.run`. Long lines of waiting records are served in slices. */
  readonly scheduler?: SchedulerLike
}

/** What the streams of one producer share. */
export interface PartitionShared {
  /** Bounds what waits for topics. */
  readonly waiting: ByteBudget
  readonly clock: Clock
  /** Nobody waits for topics any more: what does fails with the error given here. */
  readonly abandon$?: Observable<KafkaError>
}

/**
 * Decides where each record goes. Records of a topic that is not known yet wait in order while those of other topics pass; when the
 * topic cannot be known they fail, each by itself.
 */
export function partition<C = unknown>(
  options: PartitionOptions,
  shared?: PartitionShared,
): OperatorFunction<SerializedRecord<C>, PartitionedRecord<C>> {
  const { partitionsOf, partitioner = byKey, isAvailable = always } = options
  const partitionOf = (record: SerializedRecord, partitionCount: number): number | null =>
    record.partition ?? partitioner(record, partitionCount, isAvailable)

  return operate((destination: Subscriber<PartitionedRecord<C>>) => {
    const { waiting, clock } = shared ?? { waiting: new ByteBudget(Infinity), clock: clockOf(options.scheduler) }
    const lines = topicLines<C>(waiting, clock)
    let sourceCompleted = false

    const pass = (record: SerializedRecord<C>, partitionCount: number): void => {
      const chosen = choose(record, partitionOf, partitionCount)
      if (chosen instanceof KafkaError) refuse(record, chosen, destination)
      else destination.next(partitioned(record, chosen, partitionCount))
    }
    const wait = (record: SerializedRecord<C>): void => {
      if (!lines.join(record)) refuse(record, noRoomToWait(record.topic), destination)
    }
    const serve = (topic: string, handle: (record: SerializedRecord<C>) => void): void => {
      lines.serve(topic, handle, () => {
        if (sourceCompleted && lines.isEmpty) destination.complete()
      })
    }
    const ask = (topic: string, count: ObservableInput<number>): void => {
      const known = (partitionCount: number): void => {
        serve(topic, (record) => pass(record, partitionCount))
      }
      const fail = (cause: unknown): void => {
        serve(topic, (record) => refuse(record, reasonOf(topic, cause), destination))
      }
      // `first` makes an error of a completion without a value, and is deaf to what comes after the value.
      destination.add(from(count).pipe(first()).subscribe({ next: known, error: fail }))
    }
    const abandon = (error: KafkaError): void => {
      inSlices(lines.takeAll(), clock, (record) => refuse(record, error, destination))
      if (sourceCompleted && lines.isEmpty) destination.complete()
    }
    destination.add(lines.stop)
    destination.add(shared?.abandon$?.subscribe(abandon))

    return {
      next: (record) => {
        const { topic } = record
        const count = lines.has(topic) ? undefined : partitionsOf(topic)
        if (typeof count === 'number') {
          pass(record, count)
          return
        }
        wait(record)
        if (count !== undefined) ask(topic, count)
      },
      complete: () => {
        sourceCompleted = true
        if (lines.isEmpty) destination.complete()
      },
    }
  })
}

const always = (): boolean => true

const byKey: Partitioner = ({ key }, partitionCount) => (key === null ? null : partitionOfKey(key, partitionCount))

type PartitionOf = (record: SerializedRecord, partitionCount: number) => number | null

function choose(record: SerializedRecord, partitionOf: PartitionOf, partitionCount: number): number | null | PartitionError {
  const { topic } = record
  try {
    const chosen = partitionOf(record, partitionCount)
    if (chosen === null || (Number.isInteger(chosen) && chosen >= 0 && chosen < partitionCount)) return chosen
    return new PartitionError(`${topic} has ${String(partitionCount)} partitions and no partition ${String(chosen)}`)
  } catch (cause) {
    return new PartitionError(`The partitioner failed for a record of ${topic}`, cause)
  }
}

function partitioned<C>(record: SerializedRecord<C>, chosen: number | null, partitionCount: number): PartitionedRecord<C> {
  const { topic, key, value, headers, timestamp, context, outlet } = record
  return { topic, key, value, headers, timestamp, context, outlet, partition: chosen, partitionCount }
}

function reasonOf(topic: string, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause
  return new MetadataTimeoutError(`The partitions of ${topic} did not become known`, cause)
}

const noRoomToWait = (topic: string): BufferExhaustedError =>
  new BufferExhaustedError(`${topic} is not known yet, and waitingMemory has no room for another record to wait: pace the source`)
