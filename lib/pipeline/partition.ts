import type { Observable, OperatorFunction, Subscriber } from 'rxjs'
import { BufferExhaustedError, KafkaError, MetadataTimeoutError, PartitionError } from '../errors'
import { partitionOfKey } from '../partitioners/murmur2'
import type { Partitioner } from '../partitioners/partitioner'
import type { PartitionedRecord, SerializedRecord } from '../record'
import type { ByteBudget } from './byte-budget'
import { operate } from './operate'
import { refuse } from './refuse'
import { topicLines } from './topic-lines'

export interface PartitionOptions {
  /**
   * How many partitions a topic has: a number when that is known, or an Observable that emits the number once it is, or errors with
   * the reason why the topic's records cannot be sent.
   */
  readonly partitionsOf: (topic: string) => number | Observable<number>
  /** Default: murmur2 of the key, as Kafka's own producer; without a key the accumulator chooses. A record's own partition goes first. */
  readonly partitioner?: Partitioner
  /** Bounds what waits for topics. Default: unbounded. */
  readonly waiting?: ByteBudget
}

/**
 * Decides where each record goes. Records of a topic that is not known yet wait in order while those of other topics pass; when the
 * topic cannot be known they fail, each by itself.
 */
export function partition<C = unknown>(options: PartitionOptions): OperatorFunction<SerializedRecord<C>, PartitionedRecord<C>> {
  const { partitionsOf, partitioner = byKey } = options

  return operate((destination: Subscriber<PartitionedRecord<C>>) => {
    const lines = topicLines<C>(options.waiting)
    let sourceCompleted = false

    const pass = (record: SerializedRecord<C>, partitionCount: number): void => {
      const chosen = choose(record, partitioner, partitionCount)
      if (chosen instanceof KafkaError) refuse(record, chosen, destination)
      else destination.next(partitioned(record, chosen, partitionCount))
    }
    const wait = (record: SerializedRecord<C>): void => {
      if (!lines.join(record)) refuse(record, noRoomToWait(record.topic), destination)
    }
    const serve = (topic: string, handle: (record: SerializedRecord<C>) => void): void => {
      lines.serve(topic, handle)
      if (sourceCompleted && lines.isEmpty) destination.complete()
    }
    const ask = (topic: string, count$: Observable<number>): void => {
      const fail = (cause?: unknown): void => {
        serve(topic, (record) => refuse(record, reasonOf(topic, cause), destination))
      }
      const known = (count: number): void => {
        serve(topic, (record) => pass(record, count))
      }
      destination.add(count$.subscribe({ next: known, error: fail, complete: fail }))
    }

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

const byKey: Partitioner = ({ key }, partitionCount) => (key === null ? null : partitionOfKey(key, partitionCount))

function choose(record: SerializedRecord, partitioner: Partitioner, partitionCount: number): number | null | PartitionError {
  const { topic } = record
  try {
    const chosen = record.partition ?? partitioner(record, partitionCount)
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
