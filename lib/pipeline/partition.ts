import type { Observable, OperatorFunction, Subscriber } from 'rxjs'
import { BufferExhaustedError, KafkaError, MetadataTimeoutError, PartitionError } from '../errors'
import { partitionOfKey } from '../partitioners/murmur2'
import type { Partitioner } from '../partitioners/partitioner'
import type { PartitionedRecord, SerializedRecord } from '../record'
import type { ByteBudget } from './byte-budget'
import { Fifo } from './fifo'
import { operate } from './operate'
import { refuse } from './refuse'

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
  const { partitionsOf, partitioner = byKey, waiting: budget } = options

  return operate((destination: Subscriber<PartitionedRecord<C>>) => {
    const waiting = new Map<string, Fifo<SerializedRecord<C>>>()
    let sourceCompleted = false

    const pass = (record: SerializedRecord<C>, partitionCount: number): void => {
      const chosen = choose(record, partitioner, partitionCount)
      if (chosen instanceof KafkaError) refuse(record, chosen, destination)
      else destination.next(partitioned(record, chosen, partitionCount))
    }
    const wait = (record: SerializedRecord<C>, queue: Fifo<SerializedRecord<C>>): void => {
      if (budget === undefined || budget.take(sizeOf(record))) queue.push(record)
      else
        refuse(record, new BufferExhaustedError(`More records wait for ${record.topic} and others than waitingMemory allows`), destination)
    }
    const resolve = (topic: string, handle: (record: SerializedRecord<C>) => void): void => {
      const queue = waiting.get(topic)
      // Deleted only when it is empty: a record that comes in from within `handle` must not overtake those still in the queue.
      for (let record = queue?.shift(); record !== undefined; record = queue?.shift()) {
        budget?.give(sizeOf(record))
        handle(record)
      }
      waiting.delete(topic)
      if (sourceCompleted && waiting.size === 0) destination.complete()
    }
    const ask = (topic: string, count$: Observable<number>): void => {
      const subscription = count$.subscribe({
        next: (count) => {
          resolve(topic, (record) => pass(record, count))
        },
        error: (cause: unknown) => {
          resolve(topic, (record) => refuse(record, reasonOf(topic, cause), destination))
        },
        complete: () => {
          resolve(topic, (record) => refuse(record, reasonOf(topic, undefined), destination))
        },
      })
      destination.add(subscription)
    }

    return {
      next: (record) => {
        const { topic } = record
        const queue = waiting.get(topic)
        if (queue !== undefined) {
          wait(record, queue)
          return
        }
        const count = partitionsOf(topic)
        if (typeof count === 'number') {
          pass(record, count)
          return
        }
        const opened = new Fifo<SerializedRecord<C>>()
        waiting.set(topic, opened)
        wait(record, opened)
        ask(topic, count)
      },
      complete: () => {
        sourceCompleted = true
        if (waiting.size === 0) destination.complete()
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

/** What a waiting record holds: its payload. */
function sizeOf({ key, value }: SerializedRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}

function reasonOf(topic: string, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause
  return new MetadataTimeoutError(`The partitions of ${topic} did not become known`, cause)
}
