/** Topics that a scenario needs before it can ask anything about them. */
import { CREATE_TOPICS, LIST_OFFSETS, METADATA, newestOf } from './apis'
import type { Client } from './client'
import { mapPair } from './pair'
import type { Pair } from './pair'

export interface Topic {
  readonly name: string
  readonly id: Pair<string>
}

export interface TopicOptions {
  /** Default 1. */
  readonly partitions?: number
  readonly configs?: Readonly<Record<string, string>>
}

/** Creates them on both sides, and waits until their partitions have leaders. */
export async function createTopics(
  client: Client,
  names: readonly string[],
  { partitions = 1, configs = {} }: TopicOptions = {},
): Promise<Topic[]> {
  const settings = Object.entries(configs).map(([name, value]) => ({ name, value }))
  const topics = names.map((name) => ({ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs: settings }))
  await client.ask(CREATE_TOPICS, newestOf(CREATE_TOPICS), { topics, timeoutMs: 10_000 })
  return awaitTopics(client, names, partitions)
}

export async function createTopic(client: Client, name: string, options?: TopicOptions): Promise<Topic> {
  const [topic] = await createTopics(client, [name], options)
  if (topic === undefined) throw new Error(`${name} was not created`)
  return topic
}

/** A broker learns of a topic a moment after the controller has said that it is there. */
export async function awaitTopics(client: Client, names: readonly string[], partitions: number): Promise<Topic[]> {
  const request = { topics: names.map((name) => ({ name })), allowAutoTopicCreation: false }
  const found = await client.until(METADATA, newestOf(METADATA), request, ({ topics }) =>
    topics.every((topic) => topic.partitions.length === partitions && topic.partitions.every(({ errorCode }) => errorCode === 0)),
  )
  await awaitLeaders(client, names, partitions)
  return names.map((name) => ({ name, id: mapPair(found, ({ topics }) => topics.find((topic) => topic.name === name)?.topicId ?? '') }))
}

/** A leader that metadata names may not know yet that it leads. */
const awaitLeaders = (client: Client, names: readonly string[], partitions: number) =>
  awaitPartitions(client, names, partitions, (errorCode) => errorCode === 0)

/** Until neither side knows them any more, nor up to so many partitions of them. */
export async function awaitNoTopics(client: Client, names: readonly string[], partitions = 1): Promise<void> {
  const request = { topics: names.map((name) => ({ name })), allowAutoTopicCreation: false }
  await client.until(METADATA, newestOf(METADATA), request, ({ topics }) => topics.every(({ errorCode }) => errorCode !== 0))
  await awaitPartitions(client, names, partitions, (errorCode) => errorCode !== 0)
}

async function awaitPartitions(
  client: Client,
  names: readonly string[],
  partitions: number,
  isAwaited: (errorCode: number) => boolean,
): Promise<void> {
  const each = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp: -1n }))
  const topics = names.map((name) => ({ name, partitions: each }))
  await client.until(LIST_OFFSETS, newestOf(LIST_OFFSETS), { replicaId: -1, isolationLevel: 0, topics }, (answer) =>
    answer.topics.every((topic) => topic.partitions.every(({ errorCode }) => isAwaited(errorCode))),
  )
}
