/** Makes the topics that were planned, and those that somebody only asked about. */
import type { ClusterState } from './cluster-state'
import { brokerNumber } from './configs/configs'
import { coordinatorOf } from './coordinators'
import { INTERNAL_TOPICS } from './internal-topics'
import type { CoordinatorType } from './internal-topics'
import { isRefusal } from './refusal'
import { CLUSTER_METADATA, isInternal } from './topic-names'
import { MOST_PARTITIONS, planTopic } from './topic-plan'
import type { TopicPlan } from './topic-plan'
import type { Topic } from './topic'

export function makeTopic(cluster: ClusterState, { name, assignment, configs }: TopicPlan): Topic {
  return cluster.createTopic({
    name,
    configs: Object.fromEntries(configs),
    assignment,
    isInternal: isInternal(name),
  })
}

/** As the brokers are set to (auto.create.topics.enable). Nobody is told what stands in its way. */
export function makeTopicOnDemand(cluster: ClusterState, name: string): void {
  const coordinator = (Object.keys(INTERNAL_TOPICS) as CoordinatorType[]).find((type) => INTERNAL_TOPICS[type].name === name)
  if (coordinator !== undefined) return void coordinatorOf(cluster, coordinator, '')
  if (name === CLUSTER_METADATA || brokerNumber(cluster, 'num.partitions') > MOST_PARTITIONS) return
  const plan = planTopic(cluster, { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [] })
  if (!isRefusal(plan)) makeTopic(cluster, plan)
}
