/** A test cluster in virtual time with its clients: one that says exactly what a spec wants, and a producer. */
import { from } from 'rxjs'
import { recordBatch } from '../../../lib/batch/record-batch'
import type { ProducerConfig } from '../../../lib/config'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import type { ProduceRequestInput } from '../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import { producer } from '../../../lib/producer'
import type { Delivery } from '../../../lib/record'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { testCluster } from '../../../lib/testing/test-cluster'
import type { TestCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { client } from './ask'
import type { Client } from './ask'

/** The last version that names topics by their names. */
const BY_NAME = 12

export const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString()

export interface WorldOptions extends TestClusterOptions {
  readonly timeSeed?: number
}

/** Three brokers and the topic `orders` with one partition on all of them, led by broker 1, unless the options say otherwise. */
export function world({ timeSeed, ...options }: WorldOptions = {}) {
  const time = virtualTime(timeSeed)
  const { scheduler } = time
  const cluster = testCluster({ brokers: 3, topics: { orders: 1 }, scheduler, ...options })

  const kafka = (config: Partial<ProducerConfig> = {}) =>
    producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler, linger: 0, ...config })
  /** Sends the values to a topic; what becomes of them is added as time passes. */
  const send = (values: readonly string[], config: Partial<ProducerConfig> & { readonly topic?: string } = {}): Delivery<string>[] => {
    const { topic = 'orders', ...rest } = config
    const deliveries: Delivery<string>[] = []
    from(values)
      .pipe(kafka(rest).to(topic))
      .subscribe((delivery) => deliveries.push(delivery))
    return deliveries
  }
  const talkTo = (node = 1, clientId?: string): Client => client(cluster, { node, time, ...(clientId !== undefined && { clientId }) })
  return { time, cluster, kafka, send, talkTo }
}

/** A request to append one record. */
export function produceRequest(value: string, { topic = 'orders', index = 0, acks = -1, timeoutMs = 60_000 } = {}): ProduceRequestInput {
  const records = recordBatch.encode({ records: [{ timestamp: 0, key: null, value: Buffer.from(value), headers: [] }] })
  return { acks, timeoutMs, topicData: [{ name: topic, partitionData: [{ index, records }] }] }
}

export const append = (ask: Client, value: string, where: Parameters<typeof produceRequest>[1] = {}) =>
  ask.begin(ProduceRequest, ProduceResponse, produceRequest(value, where), BY_NAME)

export const describeTopics = (ask: Client, ...names: readonly string[]) =>
  ask.begin(MetadataRequest, MetadataResponse, { topics: names.map((name) => ({ name })), allowAutoTopicCreation: false })

/** The error of a request to append, once it is answered. */
export const errorOf = ({ answer }: ReturnType<typeof append>): number | undefined => answer.responses[0]?.partitionResponses[0]?.errorCode

export const valuesIn = (cluster: TestCluster, topic = 'orders'): string[] => cluster.records(topic).map(({ value }) => textOf(value))
