import { concatMap, firstValueFrom } from 'rxjs'
import { topicDigest } from '../kafka/digest'
import type { PartitionDigest } from '../kafka/digest'
import { CreateTopicsRequest } from '../lib/generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../lib/generated/messages/CreateTopicsResponse'
import { ListOffsetsRequest } from '../lib/generated/messages/ListOffsetsRequest'
import { ListOffsetsResponse } from '../lib/generated/messages/ListOffsetsResponse'
import { MetadataRequest } from '../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../lib/generated/messages/MetadataResponse'
import { openConnection } from '../lib/network/connection'
import type { Connection } from '../lib/network/connection'
import { request$ } from '../lib/network/request'
import { tcp } from '../lib/network/tcp'
import type { Address } from '../lib/network/transport'
import { clockOf } from '../lib/time'
import { readPartition } from './wire-fetch'

/** What the demo needs of a cluster, spoken with this library's own codecs: no Java. */
export interface WireCluster {
  createTopic(topic: string, partitions: number): Promise<void>
  /** Where each partition's log ends, from partition 0 on. */
  endOffsets(topic: string): Promise<readonly bigint[]>
  digest(topic: string): Promise<readonly PartitionDigest[]>
}

interface Leader {
  readonly partition: number
  readonly address: Address
}

const OPTIONS = {
  transport: tcp(),
  clock: clockOf(),
  clientId: 'kafkarx-demo',
  software: { name: 'kafkarx-demo', version: '1' },
  requestTimeout: 30_000,
  connectTimeout: 10_000,
}

const LATEST = -1n

const toAddress = (broker: string): Address => {
  const colon = broker.lastIndexOf(':')
  return { host: broker.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(broker.slice(colon + 1)) }
}

/** `firstValueFrom` unsubscribes after the one result, which closes the connection. */
const connected = <T>(address: Address, use: (connection: Connection) => Promise<T>): Promise<T> =>
  firstValueFrom(openConnection(address, OPTIONS).pipe(concatMap(use)))

/** Asks the first of the brokers that can be reached. */
const anyBroker = async <T>(brokers: readonly string[], use: (connection: Connection) => Promise<T>): Promise<T> => {
  let last: unknown
  for (const broker of brokers) {
    try {
      return await connected(toAddress(broker), use)
    } catch (error) {
      last = error
    }
  }
  throw last
}

const createTopic = async (connection: Connection, name: string, numPartitions: number): Promise<void> => {
  const api = { request: CreateTopicsRequest, response: CreateTopicsResponse }
  const topics = [{ name, numPartitions, replicationFactor: -1, assignments: [], configs: [] }]
  const answer = await firstValueFrom(request$(connection, api, { ...CreateTopicsRequest.create(), topics }))
  const failed = answer.topics.find(({ errorCode }) => errorCode !== 0)
  if (failed) throw new Error(`the topic could not be created: ${failed.errorMessage ?? `error ${failed.errorCode}`}`)
}

const leadersOf = async (connection: Connection, topic: string): Promise<readonly Leader[]> => {
  const api = { request: MetadataRequest, response: MetadataResponse }
  const request = { ...MetadataRequest.create(), topics: [{ name: topic }], allowAutoTopicCreation: false }
  const { brokers, topics } = await firstValueFrom(request$(connection, api, request))
  const addresses = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]))
  return (topics[0]?.partitions ?? []).map(({ partitionIndex, leaderId }) => {
    const address = addresses.get(leaderId)
    if (!address) throw new Error(`partition ${partitionIndex} of ${topic} has no leader`)
    return { partition: partitionIndex, address }
  })
}

const endOffset = async (connection: Connection, topic: string, partitionIndex: number): Promise<bigint> => {
  const api = { request: ListOffsetsRequest, response: ListOffsetsResponse }
  const topics = [{ name: topic, partitions: [{ partitionIndex, timestamp: LATEST }] }]
  const answer = await firstValueFrom(request$(connection, api, { ...ListOffsetsRequest.create(), replicaId: -1, topics }))
  const found = answer.topics[0]?.partitions[0]
  if (!found || found.errorCode !== 0) throw new Error(`no end offset of partition ${partitionIndex}: error ${found?.errorCode ?? '?'}`)
  return found.offset
}

const endOffsets = async (brokers: readonly string[], topic: string): Promise<readonly bigint[]> => {
  const leaders = await anyBroker(brokers, (connection) => leadersOf(connection, topic))
  const ends: bigint[] = []
  for (const { partition, address } of leaders) {
    ends[partition] = await connected(address, (connection) => endOffset(connection, topic, partition))
  }
  return ends
}

const digest = async (brokers: readonly string[], topic: string): Promise<readonly PartitionDigest[]> => {
  const leaders = await anyBroker(brokers, (connection) => leadersOf(connection, topic))
  const digests = topicDigest()
  for (const { partition, address } of leaders) {
    await connected(address, async (connection) => {
      const end = await endOffset(connection, topic, partition)
      return readPartition(connection, { topic, partition, end }, (record) => digests.add(partition, record.offset, record))
    })
  }
  return digests.results(leaders.length)
}

export const wireCluster = (brokers: readonly string[]): WireCluster => ({
  createTopic: (topic, partitions) => anyBroker(brokers, (connection) => createTopic(connection, topic, partitions)),
  endOffsets: (topic) => endOffsets(brokers, topic),
  digest: (topic) => digest(brokers, topic),
})
