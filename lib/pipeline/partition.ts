import type { Observable, ObservableInput, OperatorFunction, SchedulerLike } from 'rxjs'
import { PartitionError } from '../errors'
import type { KafkaError } from '../errors'
import { partitionOfKey } from '../partitioners/murmur2'
import type { Partitioner } from '../partitioners/partitioner'
import type { PartitionedRecord, SerializedRecord } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { ByteBudget } from './byte-budget'
import { operate } from './operate'
import { refuse } from './refuse'
import { inSlices } from './slices'
import type { Sink, Stage } from './stage'
import { waitingLines } from './waiting-lines'

/** What `partition` must know of topics, and how it chooses. */
export interface PartitionOptions {
  /**
   * How many partitions a topic has: a number when that is known, or an Observable or a Promise that gives the number once it is, or
   * fails with the reason why the topic's records cannot be sent.
   */
  readonly partitionsOf: (topic: string) => number | ObservableInput<number>
  /**
   * Asks for a partition that the topic has not had so far, and gives how many it has once that one is among them. Records that name it
   * wait for it, and nobody else does. Default: they fail at once.
   */
  readonly awaitPartition?: (topic: string, partition: number) => ObservableInput<number>
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
  return operate(partitioning(options, shared))
}

/** The stage of `partition`. `decide` notes where a record goes; default: in another record, as somebody may look at the first again. */
export function partitioning<C>(
  options: PartitionOptions,
  shared?: PartitionShared,
  decide: Decide<C> = partitioned,
): Stage<SerializedRecord<C>, PartitionedRecord<C>> {
  const { partitionsOf, awaitPartition } = options

  return (destination, life) => {
    const { waiting, clock } = shared ?? { waiting: new ByteBudget(Infinity), clock: clockOf(options.scheduler) }
    let sourceCompleted = false
    const completeIfDone = (): void => {
      if (sourceCompleted && topics.isEmpty() && partitions.isEmpty()) destination.complete()
    }
    const topics = waitingLines<C>({ waiting, clock, destination, life, served: completeIfDone })
    const partitions = waitingLines<C>({ waiting, clock, destination, life, served: completeIfDone })

    const pass = passing(options, decide, destination)
    /** What names a partition that is not known yet has a line of its own: the topic's other records need not wait for it. */
    const route = (record: SerializedRecord<C>, partitionCount: number): void => {
      const { topic, partition } = record
      if (awaitPartition === undefined || !mayCome(partition)) return pass(record, partitionCount)
      const isMissing = partition >= partitionCount
      if (!isMissing && partitions.isEmpty()) return pass(record, partitionCount)
      const line = lineOfPartition(topic, partition)
      const isNew = !partitions.has(line)
      if (!isMissing && isNew) return pass(record, partitionCount)
      partitions.join(line, record)
      if (isNew) partitions.serveWith(line, awaitPartition(topic, partition), pass)
    }
    const abandon = (error: KafkaError): void => {
      inSlices([...topics.takeAll(), ...partitions.takeAll()], clock, (record) => refuse(record, error, destination))
      completeIfDone()
    }
    life.add(shared?.abandon$?.subscribe(abandon))

    return {
      next: (record) => {
        const { topic } = record
        const count = topics.has(topic) ? undefined : partitionsOf(topic)
        if (typeof count === 'number') {
          route(record, count)
          return
        }
        topics.join(topic, record)
        if (count !== undefined) topics.serveWith(topic, count, route)
      },
      complete: () => {
        sourceCompleted = true
        completeIfDone()
      },
    }
  }
}

/** Sends each record on to where it goes, or refuses it. */
function passing<C>(options: PartitionOptions, decide: Decide<C>, destination: Sink<PartitionedRecord<C>>) {
  const { partitioner = byKey, isAvailable = always } = options
  return (record: SerializedRecord<C>, partitionCount: number): void => {
    let chosen: number | null
    try {
      chosen = record.partition ?? partitioner(record, partitionCount, isAvailable)
    } catch (cause) {
      refuse(record, new PartitionError(`The partitioner failed for a record of ${record.topic}`, cause), destination)
      return
    }
    if (chosen === null || isPartition(chosen, partitionCount)) destination.next(decide(record, chosen, partitionCount))
    else refuse(record, noPartition(record.topic, chosen, partitionCount), destination)
  }
}

/** Unique among partitions, whatever the topic is called. */
const lineOfPartition = (topic: string, partition: number): string => `${topic}/${String(partition)}`

/** No topic will ever have what is no number of a partition. */
const mayCome = (partition: unknown): partition is number =>
  Number.isInteger(partition) && Number(partition) >= 0 && Number(partition) <= INT32_MAX
const INT32_MAX = 2 ** 31 - 1

const always = (): boolean => true

const byKey: Partitioner = ({ key }, partitionCount) => (key === null ? null : partitionOfKey(key, partitionCount))

const isPartition = (chosen: number, partitionCount: number): boolean => Number.isInteger(chosen) && chosen >= 0 && chosen < partitionCount

const noPartition = (topic: string, chosen: number, partitionCount: number): PartitionError =>
  new PartitionError(`${topic} has ${String(partitionCount)} partitions and no partition ${String(chosen)}`)

type Decide<C> = (record: SerializedRecord<C>, chosen: number | null, partitionCount: number) => PartitionedRecord<C>

type Undecided<C> = { -readonly [field in keyof PartitionedRecord<C>]: PartitionedRecord<C>[field] }

/** In the record itself, an object less for each: where nobody else has it, no partitioner of the user's either. */
export function decideInPlace<C>(record: SerializedRecord<C>, chosen: number | null, partitionCount: number): PartitionedRecord<C> {
  const undecided = record as unknown as Undecided<C>
  undecided.partition = chosen
  undecided.partitionCount = partitionCount
  return undecided
}

function partitioned<C>(record: SerializedRecord<C>, chosen: number | null, partitionCount: number): PartitionedRecord<C> {
  const { topic, key, value, headers, timestamp, context, outlet } = record
  return { topic, key, value, headers, timestamp, context, outlet, partition: chosen, partitionCount }
}
