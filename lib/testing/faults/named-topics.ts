/** Which topics and partitions a request is about, of whatever api: by the names that Kafka's schemas have for them. */

export interface NamedTopic {
  /** Undefined where the topic is named by its id alone. */
  readonly name: string | undefined
  readonly topicId: string | undefined
  /** Undefined: all of them, or the api has no partitions. */
  readonly partitions: readonly number[] | undefined
}

/** Fields whose elements are topics. */
const TOPICS = ['topics', 'topicData', 'topicPartitions', 'v3AndBelowTopics', 'forgottenTopicsData'] as const
/** Fields whose elements hold such lists again. */
const HOLDERS = ['groups', 'transactions'] as const
const NAMES = ['name', 'topic', 'topicName', 'resourceName'] as const
/** What DescribeConfigs and its like call a topic. */
const TOPIC_RESOURCE = 2
const PARTITIONS = ['partitions', 'partitionData', 'partitionIndexes', 'partitionIds'] as const
const INDEXES = ['index', 'partition', 'partitionIndex', 'partitionId'] as const

/** Undefined: the request names none, though its api can, and so asks for all of them (Metadata). */
export function namedTopics(request: unknown): readonly NamedTopic[] | undefined {
  const holders = [request, ...HOLDERS.flatMap((field) => listOf(request, field) ?? [])]
  if (holders.some((holder) => TOPICS.some((field) => valueOf(holder, field) === null))) return undefined
  return [
    ...holders.flatMap((holder) => TOPICS.flatMap((field) => listOf(holder, field) ?? [])).map(topicOf),
    // DeleteTopics before version 6.
    ...(listOf(request, 'topicNames') ?? []).map(topicOf),
    ...(listOf(request, 'resources') ?? []).filter((resource) => valueOf(resource, 'resourceType') === TOPIC_RESOURCE).map(topicOf),
  ]
}

function topicOf(topic: unknown): NamedTopic {
  if (typeof topic === 'string') return { name: topic, topicId: undefined, partitions: undefined }
  return {
    name: NAMES.map((field) => valueOf(topic, field)).find((name) => typeof name === 'string' && name !== '') as string | undefined,
    topicId: valueOf(topic, 'topicId') as string | undefined,
    partitions: PARTITIONS.map((field) => listOf(topic, field))
      .find((list) => list !== undefined)
      ?.flatMap(indexOf),
  }
}

const indexOf = (partition: unknown): number[] => {
  const index = typeof partition === 'number' ? partition : INDEXES.map((field) => valueOf(partition, field)).find(isNumber)
  return isNumber(index) ? [index] : []
}

const isNumber = (value: unknown): value is number => typeof value === 'number'

function listOf(holder: unknown, field: string): readonly unknown[] | undefined {
  const value = valueOf(holder, field)
  return Array.isArray(value) ? value : undefined
}

const valueOf = (holder: unknown, field: string): unknown =>
  typeof holder === 'object' && holder !== null ? (holder as Readonly<Record<string, unknown>>)[field] : undefined
