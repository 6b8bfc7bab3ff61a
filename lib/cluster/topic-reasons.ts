/** Why topics and partitions cannot be used, as brokers said it. */
import { BrokerError, MetadataTimeoutError } from '../errors'
import type { KafkaError } from '../errors'
import type { MetadataResponse } from '../generated/messages/MetadataResponse'
import { brokerError } from '../protocol/broker-error'
import { leaderOf } from './cluster'
import type { Cluster, Topic } from './cluster'

export interface TopicReasons {
  get(topic: string): KafkaError | undefined
  note(response: MetadataResponse): void
  forget(topic: string): void
}

export function topicReasons(): TopicReasons {
  const reasons = new Map<string, KafkaError>()
  return {
    get: (topic) => reasons.get(topic),
    note: ({ topics }) => {
      for (const { name, errorCode } of topics) {
        if (name === null) continue
        if (errorCode === 0) reasons.delete(name)
        else reasons.set(name, brokerError(errorCode, `Topic '${name}'`))
      }
    },
    forget: (topic) => void reasons.delete(topic),
  }
}

const INVALID_TOPIC_EXCEPTION = 17
const TOPIC_AUTHORIZATION_FAILED = 29
const finalErrors: ReadonlySet<number> = new Set([INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED])

/** Asking again will not help. */
export const isFinal = (reason: KafkaError | undefined): reason is BrokerError =>
  reason instanceof BrokerError && finalErrors.has(reason.errorCode)

const LEADER_NOT_AVAILABLE = 5

/** Why nobody takes the records of a partition; undefined when somebody does. */
export function leaderlessReason(cluster: Cluster, topic: string, partition: number): KafkaError | undefined {
  const known = cluster.topics.get(topic)
  if (known?.partitions[partition] === undefined || leaderOf(cluster, topic, partition) !== undefined) return undefined
  return brokerError(known.errors.get(partition) ?? LEADER_NOT_AVAILABLE, `${topic}/${String(partition)}`)
}

export const topicDidNotCome = (topic: string, maxBlock: number, cause: KafkaError | undefined): MetadataTimeoutError =>
  new MetadataTimeoutError(
    `The partitions of '${topic}' did not become known within ${String(maxBlock)} ms: ${cause?.message ?? 'no broker answered'}`,
    cause,
  )

export const partitionDidNotCome = ({ name, partitions }: Topic, partition: number, maxBlock: number): MetadataTimeoutError =>
  new MetadataTimeoutError(
    `'${name}' has ${String(partitions.length)} partitions, and partition ${String(partition)} did not come within ${String(maxBlock)} ms`,
  )
