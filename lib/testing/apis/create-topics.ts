/**
 * CreateTopics 2–7. Any broker takes it; the topics are there, on all brokers, when it answers.
 *
 * - Kafka's order of errors: what is wrong with the request as a whole (no time, more than 10,000 partitions), then duplicates, then of
 *   each topic the name, the settings, the replicas. One topic's error is not another's.
 * - Of settings the answer tells (5+) what will hold and where it comes from, values of the topic's own as they were sent.
 * - Stricter: nothing. Laxer: no quota, no policy. The error messages are our own.
 */
import { CreateTopicsRequest } from '../../generated/messages/CreateTopicsRequest'
import type { CreatableTopic } from '../../generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../../generated/messages/CreateTopicsResponse'
import type { CreatableTopicResultInput } from '../../generated/messages/CreateTopicsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { seededUuid } from '../seeded'
import type { ClusterState } from '../state/cluster-state'
import { effectiveConfigs } from '../state/configs/config-entries'
import { brokerNumber } from '../state/configs/configs'
import { isRefusal, NOT_REFUSED, ordered, outOfTime, refusal } from '../state/refusal'
import type { Refusal } from '../state/refusal'
import { makeTopic } from '../state/topic-making'
import { CLUSTER_METADATA } from '../state/topic-names'
import { MOST_PARTITIONS, planTopic } from '../state/topic-plan'
import type { TopicPlan } from '../state/topic-plan'
import { duplicatesOf } from './duplicates'

export const createTopics = handler({ request: CreateTopicsRequest, response: CreateTopicsResponse }, (request, ask) => {
  const { topics, timeoutMs, validateOnly } = request
  const { throttleTimeMs } = ask
  const duplicates = duplicatesOf(topics.map(({ name }) => name))
  const own = topics.filter(({ name }) => !duplicates.has(name) && name !== CLUSTER_METADATA)
  const prohibited = topics.filter(({ name }) => !duplicates.has(name) && name === CLUSTER_METADATA)
  const all = own.length === 0 ? undefined : (outOfTime(timeoutMs) ?? tooMany(ask.cluster, own))
  if (all !== undefined) return { throttleTimeMs, topics: topics.map(({ name }) => ({ name, ...all })) }
  const plans = own.map((topic) => ({ topic, plan: ordered(ask.errorFor(topic.name)) ?? planTopic(ask.cluster, topic) }))
  return {
    throttleTimeMs,
    topics: [
      ...plans.map(({ topic, plan }) => (isRefusal(plan) ? { name: topic.name, ...plan } : made(topic, plan, { ask, validateOnly }))),
      ...[...duplicates].map((name) => ({ name, ...refusal('INVALID_REQUEST', `${name} was asked for more than once`) })),
      ...prohibited.map(({ name }) => ({ name, ...refusal('INVALID_REQUEST', `${name} belongs to the controllers`) })),
    ],
  }
})

function tooMany(cluster: ClusterState, topics: readonly CreatableTopic[]): Refusal | undefined {
  const usual = brokerNumber(cluster, 'num.partitions')
  const partitionsOf = ({ assignments, numPartitions }: CreatableTopic): number =>
    assignments.length > 0 ? assignments.length : numPartitions === -1 ? usual : Math.max(0, numPartitions)
  const total = topics.reduce((sum, topic) => sum + partitionsOf(topic), 0)
  if (total <= MOST_PARTITIONS) return undefined
  return refusal('POLICY_VIOLATION', `${String(total)} partitions are more than one request may ask for`)
}

interface Making {
  readonly ask: Ask
  readonly validateOnly: boolean
}

function made(topic: CreatableTopic, plan: TopicPlan, { ask: { cluster }, validateOnly }: Making): CreatableTopicResultInput {
  const topicId = validateOnly ? seededUuid(cluster.clock.random) : makeTopic(cluster, plan).id
  const sent = new Map(topic.configs.map(({ name, value }) => [name, value]))
  return {
    name: topic.name,
    topicId,
    ...NOT_REFUSED,
    numPartitions: plan.assignment.length,
    replicationFactor: plan.assignment[0]?.length ?? 0,
    configs: effectiveConfigs(cluster, plan.configs).map((config) => ({
      ...config,
      value: sent.get(config.name) ?? config.value,
      readOnly: false,
      isSensitive: false,
    })),
  }
}
