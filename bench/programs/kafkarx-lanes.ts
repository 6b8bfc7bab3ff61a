/**
 * Several producers of kafkarx in one process, each with partitions of its own: as near as one comes, without building it, to one producer that
 * shares the partitions of a node over as many connections. And one that compresses all of its batches on the event loop.
 */
import { lastValueFrom, Subject, Subscription } from 'rxjs'
import type { SchedulerLike } from 'rxjs'
import type * as Library from '../../lib/index'
import type { Job } from '../job'
import { watchDeliveries } from './deliveries'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'
import { lanesTold } from './lanes'

const PARTITIONS = 6
const MIB = 1024 ** 2
/** Of all of them together: what one producer has by default. */
const BUFFER_BYTES = 32 * MIB
const MOST_BYTES = 16 * MIB
const MOST = 50_000
/** So much goes to a partition before the next has its turn, as a producer does that may choose. */
const RUN_BYTES = 16 * 1024

type Sent = Library.ProducerRecord<Uint8Array, Uint8Array, number>

/** On the time of a scheduler codecs work within the call. This one turns with the loop, as the producer's own clock does. */
const onLoop = {
  now: () => Date.now(),
  schedule: (work: () => void, delay = 0): Subscription => {
    if (delay > 0) {
      const timer = setTimeout(work, delay)
      return new Subscription(() => clearTimeout(timer))
    }
    const immediate = setImmediate(work)
    return new Subscription(() => clearImmediate(immediate))
  },
} as SchedulerLike

const optionsOf = ({ bootstrap, linger, codec }: Job): Library.ProducerConfig => {
  const { lanes = 1, batchBytes, onLoop: isOnLoop } = lanesTold()
  return {
    ...{ brokers: [bootstrap], compression: codec, bufferMemory: Math.floor(BUFFER_BYTES / lanes) },
    ...(linger !== 'default' && { linger }),
    ...(batchBytes !== undefined && { maxBatchSize: batchBytes }),
    ...(isOnLoop && { scheduler: onLoop }),
  }
}

/** Run after run of records, each lane those of its turn. */
function* turnsOf(lane: number, lanes: number, run: number, count: number): Generator<number, void, undefined> {
  for (let first = lane * run; first < count; first += lanes * run) for (let i = first; i < Math.min(first + run, count); i++) yield i
}

const open = async (job: Job, events: Events, values: Values): Promise<Sender> => {
  const { producer } = (await import(process.argv[2] ?? '')) as typeof Library
  const { lanes = 1 } = lanesTold()
  const run = Math.floor(RUN_BYTES / job.recordBytes)
  const partitionOf = (index: number): number => Math.floor(index / run) % PARTITIONS
  const toRecord = (index: number): Sent => {
    const value = values[index % values.length] ?? null
    return { topic: job.topic, partition: partitionOf(index), value, context: index }
  }
  const kafkas = Array.from({ length: lanes }, () => ({ kafka: producer(optionsOf(job)), records$: new Subject<Sent>() }))
  for (const { kafka, records$ } of kafkas) watchDeliveries(records$.pipe(kafka.send<number>()), events)
  return {
    chunk: 1,
    most: Math.min(MOST, Math.floor(MOST_BYTES / job.recordBytes)),
    send: (first, count) => {
      for (let i = first; i < first + count; i++) kafkas[partitionOf(i) % lanes]?.records$.next(toRecord(i))
    },
    pull: (count, due) => {
      const dueRecord = (index: number): Sent => {
        due(index)
        return toRecord(index)
      }
      kafkas.forEach(({ kafka }, lane) => watchDeliveries(kafka.sendFrom(turnsOf(lane, lanes, run, count), dueRecord), events))
    },
    close: async () => {
      for (const { records$ } of kafkas) records$.complete()
      await Promise.all(kafkas.map(({ kafka }) => lastValueFrom(kafka.close({ timeout: 10_000 }))))
    },
  }
}

drive(open)
