/** The whole producer on the cluster in the process, in virtual time: what goes in, what comes out, and what the brokers saw of it. */
import { Subject } from 'rxjs'
import type { ProducerConfig } from '../../lib/config'
import type { ProducerEvent } from '../../lib/events'
import type { ApiName } from '../../lib/generated/apis'
import { ErrorCode } from '../../lib/generated/error-codes'
import type { ErrorName } from '../../lib/generated/error-codes'
import type { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import type { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import { recordBatch } from '../../lib/batch/record-batch'
import { producer } from '../../lib/producer'
import type { ProducerRecord } from '../../lib/record'
import type { TestClusterOptions } from '../../lib/testing/settings'
import { testCluster } from '../../lib/testing/test-cluster'
import type { TestCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import { order, textOf, watch } from './producing'

interface JourneyOptions extends Partial<Omit<ProducerConfig, 'scheduler' | 'transport' | 'brokers'>> {
  readonly cluster?: TestClusterOptions
}

/** A Produce request as it reached a broker: its partitions in order, and the values in each. */
export interface Produced {
  readonly node: number
  readonly at: number
  readonly partitions: readonly { readonly index: number; readonly values: readonly string[]; readonly bytes: Uint8Array }[]
}

export type Order = ProducerRecord<string, string, string>

const MINUTES = 60_000

/** A fault that was ordered and never came about has tested nothing. */
const clusters: TestCluster[] = []
afterEach(() => {
  for (const cluster of clusters.splice(0)) expect(cluster.unused()).toEqual([])
})

/** One broker with the topic `orders` of one partition, 1 ms away, and a producer that knows the topic already and lingers for 5 ms. */
export function journey({ cluster: options = {}, ...config }: JourneyOptions = {}) {
  const time = virtualTime()
  const { scheduler } = time
  const cluster = testCluster({ topics: { orders: 1 }, latency: 1, scheduler, ...options })
  clusters.push(cluster)
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler, ...config })
  const produced: Produced[] = []
  const asked: ApiName[] = []
  cluster.requests$.subscribe(({ api, request, node, at }) => {
    asked.push(api)
    if (api === 'Produce') produced.push({ node: node.id, at, partitions: partitionsOf(request as ProduceRequest) })
  })
  const events: ProducerEvent[] = []
  kafka.events$.subscribe((event) => events.push(event))

  const source$ = new Subject<Order>()
  const sent = watch(source$.pipe(kafka.send()))
  /** One record whose value is its context, now. */
  const send = (context: string, fields: Partial<Order> = {}): void => source$.next(order(context, fields))
  kafka.partitionsFor(Object.keys(options.topics ?? { orders: 1 })[0] ?? 'orders').subscribe()
  time.advance(1000)

  return {
    ...{ time, cluster, kafka, source$, send, produced, asked, events },
    /** What became of each record so far: `a delivered`, `b DELIVERY_TIMEOUT`. */
    log: sent.log,
    deliveries: sent.deliveries,
    subscription: sent.subscription,
    /** Longer than anything takes that is not held for good. */
    rest: () => time.advance(10 * MINUTES),
    /** The values in the log, in order. */
    values: (topic = 'orders', partition = 0): readonly string[] =>
      cluster
        .records(topic)
        .filter((record) => record.partition === partition)
        .map(({ value }) => textOf(value)),
  }
}

/** A journey on which each record is a batch of its own, and the log knows the producer already: `known 0:0` is in it. */
export function flying({ cluster = {}, ...config }: JourneyOptions = {}) {
  const world = journey({ linger: 0, maxBatchSize: 1, batchSize: 1, ...config, cluster: { latency: LATENCY, ...cluster } })
  const partitions = cluster.topics?.['orders'] ?? 1
  for (let partition = 0; partition < (typeof partitions === 'number' ? partitions : partitions.partitions); partition++) {
    world.send('known', { partition })
  }
  world.time.advance(100)
  world.log.length = 0
  world.deliveries.length = 0
  world.produced.length = 0
  return world
}

/** Milliseconds one way. */
export const LATENCY = 10

/** The records are read when they are asked for: bytes that are broken must fail the spec, and not whoever brings them. */
const partitionsOf = ({ topicData }: ProduceRequest): Produced['partitions'] =>
  topicData.flatMap(({ partitionData }) =>
    partitionData.map(({ index, records }) => {
      const bytes = Uint8Array.from(records ?? [])
      return {
        ...{ index, bytes },
        get values() {
          return recordBatch.decode(bytes).records.map(({ value }) => textOf(value))
        },
      }
    }),
  )

export const isMany = ({ topicData }: ProduceRequest): boolean =>
  topicData.some(({ partitionData }) =>
    partitionData.some(({ records }) => recordBatch.decode(records ?? new Uint8Array(0)).recordCount > 1),
  )

/** Whether a request brings one of these values. */
export const carrying =
  (...values: readonly string[]) =>
  ({ topicData }: ProduceRequest): boolean =>
    topicData.some(({ partitionData }) =>
      partitionData.some(({ records }) =>
        recordBatch.decode(records ?? new Uint8Array(0)).records.some(({ value }) => values.includes(nameOf(textOf(value)))),
      ),
    )

/** Another error than the broker found: of a batch that it has taken, or refused for another reason. */
export const sayingInstead = (errorCode: ErrorName | 'NONE') => (answer: ProduceResponse) => ({
  ...answer,
  responses: answer.responses.map((topic) => ({
    ...topic,
    partitionResponses: topic.partitionResponses.map((each) => ({ ...each, errorCode: ErrorCode[errorCode], baseOffset: -1n })),
  })),
})

/** The batches that reached the brokers, in order: `a+b 0:7` has the epoch 0 and begins with the sequence 7. */
export const numbered = (produced: readonly Produced[], partition?: number): readonly string[] =>
  produced.flatMap(({ partitions }) =>
    partitions
      .filter(({ index }) => partition === undefined || index === partition)
      .map(({ bytes, values }) => {
        const { producerEpoch, baseSequence } = recordBatch.decode(bytes)
        return `${values.map(nameOf).join('+')} ${producerEpoch}:${baseSequence}`
      }),
  )

/** Under which epochs the numbers of partitions began anew. */
export const bumps = (events: readonly ProducerEvent[]): readonly number[] =>
  events.flatMap((event) => (event.type === 'epoch-bumped' ? event.epoch : []))

/** A value of so many bytes that begins with `name`. */
export const large = (name: string, bytes: number): { readonly value: string } => ({ value: `${name} `.padEnd(bytes, 'x') })

/** What a large value begins with. */
export const nameOf = (value: string): string => value.slice(0, value.indexOf(' ') < 0 ? undefined : value.indexOf(' '))

export const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => String(i))
