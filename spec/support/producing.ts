/** A whole producer over memory in virtual time, and brokers that keep what they get and fail as the spec says. */
import { asyncScheduler, filter, VirtualTimeScheduler } from 'rxjs'
import type { Observable, SchedulerLike } from 'rxjs'
import { recordBatch } from '../../lib/batch/record-batch'
import type { DecodedRecord } from '../../lib/batch/record-batch'
import type { ProducerConfig } from '../../lib/config'
import type { ProducerEvent } from '../../lib/events'
import type { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { producer } from '../../lib/producer'
import type { Delivery, ProducerRecord } from '../../lib/record'
import { clockOf } from '../../lib/time'
import { ZERO_UUID } from '../../lib/wire/uuid'
import { memoryNetwork } from './memory-transport'
import { outcomeOf } from './records'
import { PRODUCE, scriptedCluster } from './scripted-cluster'
import type { ScriptedPartition } from './scripted-cluster'
import { hangUp, silence, value } from './scripted-broker'

/** What becomes of what arrives for a partition: an error code, also about some of its records, an answer that never comes, or a connection that is closed. */
export type Fault = number | { readonly errorCode: number; readonly records: readonly number[] } | 'silence' | 'hang up'

/** A batch as it arrived at a node. */
export interface Arrival {
  readonly node: number
  readonly topic: string
  readonly partition: number
  readonly values: readonly string[]
  readonly bytes: Uint8Array
  readonly at: number
}

interface ProducingOptions extends Partial<Omit<ProducerConfig, 'scheduler' | 'transport'>> {
  /** How many brokers there are; `broker-1:9092` is the bootstrap address. */
  readonly nodes?: number
  readonly topics?: Readonly<Record<string, number>>
  /** Milliseconds that a broker takes to answer Produce. */
  readonly answersAfter?: number
  /** Default: time that moves only when the spec says so. With `asyncScheduler`, the producer is given none: for TestScheduler.run. */
  readonly scheduler?: SchedulerLike
}

const NOT_LEADER_OR_FOLLOWER = 6

export const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString()

export function producing(options: ProducingOptions = {}) {
  const virtual = new VirtualTimeScheduler()
  const { nodes = 1, topics = { orders: 1 }, answersAfter = 0, scheduler = virtual, ...config } = options
  const clock = clockOf(scheduler, () => 0.5)
  const network = memoryNetwork({ clock, latency: 1 })
  const cluster = scriptedCluster(network, clock, nodes)
  for (const [name, partitions] of Object.entries(topics)) cluster.create(name, partitions)
  const arrivals: Arrival[] = []
  const faulty: { of: (arrival: Arrival) => Fault | undefined } = { of: () => undefined }
  const unanswered = { now: 0, most: 0 }

  cluster.brokers.forEach((broker, index) => {
    broker.on(PRODUCE, (request, version) => {
      const node = index + 1
      unanswered.most = Math.max(unanswered.most, ++unanswered.now)
      clock.schedule(answersAfter, () => unanswered.now--)
      const results = resultsOf(request, (topic, partition, bytes) => {
        const values = recordBatch.decode(bytes).records.map((record) => textOf(record.value))
        const arrival = { node, topic, partition, values, bytes, at: clock.now() }
        arrivals.push(arrival)
        const kept = cluster.topics.get(topic)?.partitions[partition]
        return faulty.of(arrival) ?? (kept?.leader === node ? append(kept, bytes) : NOT_LEADER_OR_FOLLOWER)
      })
      const faults = results.flatMap(({ partitionResponses }) => partitionResponses.map(({ fault }) => fault))
      if (faults.includes('hang up')) return hangUp
      if (faults.includes('silence') || request.acks === 0) return silence
      const responses = results.map((topic) => ({
        ...topic,
        ...(version >= 13 ? { name: '' } : { topicId: ZERO_UUID }),
        partitionResponses: topic.partitionResponses.map(({ fault: _fault, ...each }) => each),
      }))
      return value({ responses }, answersAfter)
    })
  })

  /** A topic's name, which newer requests give by id. */
  const nameOf = (topicId: string): string => [...cluster.topics.values()].find(({ id }) => id === topicId)?.name ?? ''

  function resultsOf(request: ProduceRequest, outcome: (topic: string, partition: number, bytes: Uint8Array) => Fault | bigint) {
    return request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index, records }) => {
        const fault = outcome(name || nameOf(topicId), index, Uint8Array.from(records ?? []))
        if (typeof fault === 'bigint') return { index, errorCode: 0, baseOffset: fault, fault: undefined }
        if (typeof fault !== 'object') return { index, errorCode: typeof fault === 'number' ? fault : 0, baseOffset: -1n, fault }
        const recordErrors = fault.records.map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: `record ${batchIndex} is bad` }))
        return { index, errorCode: fault.errorCode, recordErrors, baseOffset: -1n, fault }
      }),
    }))
  }

  const events: ProducerEvent[] = []
  const kafka = producer({
    brokers: ['broker-1:9092'],
    ...config,
    transport: network.transport,
    ...(scheduler !== asyncScheduler && { scheduler }),
  })
  // That a producer gets its id is no news here.
  kafka.events$.pipe(filter(({ type }) => type !== 'producer-id')).subscribe((event) => events.push(event))

  const run = (until: number): void => {
    virtual.maxFrames = until
    virtual.flush()
  }
  return {
    ...{ kafka, network, cluster, clock, arrivals, events, unanswered, faulty },
    get now() {
      return clock.now()
    },
    /** The node's open connections break, and there are no new ones. */
    outage: (node: number) => {
      const { address } = cluster.brokers[node - 1]
      network.refuse(address)
      network.cut(address)
    },
    recover: (node: number) => network.restore(cluster.brokers[node - 1].address),
    /** Runs what is due within so many milliseconds. */
    advance: (ms: number) => {
      virtual.schedule(() => undefined, ms)
      run(virtual.frame + ms)
    },
    /** Runs everything until nothing is scheduled any more. */
    settle: () => {
      run(virtual.frame + 86_400_000)
      if (virtual.actions.length > 0) throw new Error('After a day something is still scheduled')
    },
    /** What a partition holds, in order. */
    log: (topic: string, partition = 0): readonly DecodedRecord[] => logOf(cluster.topics.get(topic)?.partitions[partition]),
    valuesIn: (topic: string, partition = 0): readonly string[] =>
      logOf(cluster.topics.get(topic)?.partitions[partition]).map((record) => textOf(record.value)),
  }
}

function append(partition: ScriptedPartition, bytes: Uint8Array): bigint {
  const baseOffset = partition.nextOffset
  partition.batches.push(bytes)
  partition.nextOffset += BigInt(recordBatch.decode(bytes).recordCount)
  return baseOffset
}

const logOf = (partition: ScriptedPartition | undefined): readonly DecodedRecord[] =>
  (partition?.batches ?? []).flatMap((bytes) => recordBatch.decode(bytes).records)

/** A record whose value is its context. */
export const order = (
  context: string,
  fields: Partial<ProducerRecord<string, string, string>> = {},
): ProducerRecord<string, string, string> => ({
  topic: 'orders',
  value: context,
  context,
  ...fields,
})

/** What came out of a stream so far: `a delivered`, `b DELIVERY_TIMEOUT`, `|`, `#`. */
export function watch<C>(deliveries$: Observable<Delivery<C>>) {
  const deliveries: Delivery<C>[] = []
  const log: string[] = []
  const subscription = deliveries$.subscribe({
    next: (delivery) => {
      deliveries.push(delivery)
      log.push(`${String(delivery.context)} ${outcomeOf(delivery)}`)
    },
    error: () => log.push('#'),
    complete: () => log.push('|'),
  })
  return { deliveries, log, subscription }
}
