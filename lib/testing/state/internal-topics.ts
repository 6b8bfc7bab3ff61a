/** The topics in which a Kafka cluster keeps groups and transactions, and which of their partitions something belongs to. */
import type { Partition } from './partition'
import type { Topic } from './topic'

export type CoordinatorType = 'group' | 'transaction'

export interface InternalTopic {
  readonly name: string
  /** How the names of the brokers' settings about it begin. */
  readonly settings: string
  readonly configs: Readonly<Record<string, string>>
  /** Its settings that are taken from brokers' settings of other names. */
  readonly configsOfBroker: Readonly<Record<string, string>>
}

export const INTERNAL_TOPICS: Readonly<Record<CoordinatorType, InternalTopic>> = {
  group: {
    name: '__consumer_offsets',
    settings: 'offsets.topic',
    configs: { 'cleanup.policy': 'compact', 'compression.type': 'producer' },
    configsOfBroker: { 'segment.bytes': 'offsets.topic.segment.bytes' },
  },
  transaction: {
    name: '__transaction_state',
    settings: 'transaction.state.log',
    configs: { 'cleanup.policy': 'compact', 'compression.type': 'uncompressed', 'unclean.leader.election.enable': 'false' },
    configsOfBroker: { 'segment.bytes': 'transaction.state.log.segment.bytes', 'min.insync.replicas': 'transaction.state.log.min.isr' },
  },
}

/** Undefined while the topic is not there. */
export function coordinatorPartition(topics: ReadonlyMap<string, Topic>, type: CoordinatorType, key: string): Partition | undefined {
  const partitions = topics.get(INTERNAL_TOPICS[type].name)?.partitions ?? []
  return partitions[indexOf(key, partitions.length)]
}

/** As Kafka: the hash of a Java string, without its sign; the one number that has no positive counterpart counts as 0. */
export function indexOf(key: string, partitions: number): number {
  const hash = javaHash(key)
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitions
}

/** Over UTF-16 units, with overflow in 32 bits. */
function javaHash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
