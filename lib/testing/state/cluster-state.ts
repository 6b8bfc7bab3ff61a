/** What all brokers of the cluster agree on. Apis and faults read and change it; it knows nothing of requests. */
import { Subject } from 'rxjs'
import type { NodeId } from '../../record'
import type { Clock } from '../../time'
import type { ScramCredentials } from '../sasl/scram'
import { seededUuid } from '../seeded'
import type { Settings } from '../settings'
import { CommittedOffsets } from './groups/committed-offsets'
import { dynamicConfigsOf } from './configs/dynamic-configs'
import type { DynamicConfigs } from './configs/dynamic-configs'
import type { FetchSessions } from './fetch-sessions'
import { Groups } from './groups/groups'
import { isAlive } from './node'
import type { ClusterNode } from './node'
import { NO_LEADER, Partition } from './partition'
import { partitionRules } from './partition-rules'
import type { Topic } from './topic'
import { Transactions } from './transactions/transactions'

export interface NewTopic {
  readonly name: string
  readonly configs?: Readonly<Record<string, string>>
  /** The replicas of each partition, the preferred leader first. */
  readonly assignment: readonly (readonly NodeId[])[]
  readonly isInternal?: boolean
}

/** A batch that reached its log. */
export interface AppendedBatch {
  readonly topic: string
  readonly partition: number
  readonly records: number
  readonly bytes: number
  readonly baseOffset: bigint
}

export class ClusterState {
  readonly clusterId: string
  readonly nodes: ReadonlyMap<NodeId, ClusterNode>
  /** For reading: `createTopic` and `deleteTopic` change it. */
  readonly topics = new Map<string, Topic>()
  /** Says that leaders, topics or brokers changed. */
  readonly changed$ = new Subject<void>()
  /** Each batch of a client as it reaches its log. */
  readonly appended$ = new Subject<AppendedBatch>()
  /** What each broker remembers of its consumers; a broker that goes down forgets it. */
  readonly fetchSessions = new Map<NodeId, FetchSessions>()
  readonly offsets = new CommittedOffsets((topic) => this.topics.get(topic)?.id)
  readonly groups: Groups
  controller: NodeId
  readonly brokerConfigs: DynamicConfigs
  readonly scramCredentials: ScramCredentials = new Map()
  readonly transactions: Transactions

  readonly #topicsById = new Map<string, Topic>()

  constructor(
    readonly settings: Settings,
    readonly clock: Clock,
  ) {
    this.clusterId = seededUuid(clock.random)
    const ids = Array.from({ length: settings.brokers }, (_, i) => i + 1)
    this.nodes = new Map(ids.map((id, i) => [id, nodeOf(id, settings.racks[i] ?? null)]))
    this.controller = 1
    this.groups = new Groups(this)
    this.brokerConfigs = dynamicConfigsOf(settings)
    this.transactions = new Transactions(this)
  }

  topicById(id: string): Topic | undefined {
    return this.#topicsById.get(id)
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.topics.get(topic)?.partitions[index]
  }

  /** Of all topics. */
  get partitions(): Partition[] {
    return [...this.topics.values()].flatMap(({ partitions }) => partitions)
  }

  /** The brokers that follow their leaders and answer. */
  get alive(): ReadonlySet<NodeId> {
    return new Set([...this.nodes.values()].filter(isAlive).map(({ id }) => id))
  }

  /** Whether the controller takes the broker for alive: it may lead. */
  isActive(id: NodeId): boolean {
    return this.nodes.get(id)?.fenced === false
  }

  createTopic({ name, assignment, configs = {}, isInternal = false }: NewTopic): Topic {
    const topic: Topic = { name, id: seededUuid(this.clock.random), isInternal, partitions: [], configs: new Map(Object.entries(configs)) }
    this.topics.set(name, topic)
    this.#topicsById.set(topic.id, topic)
    this.grow(topic, assignment)
    return topic
  }

  /** Adds a partition for each list of replicas. */
  grow(topic: Topic, assignment: readonly (readonly NodeId[])[]): void {
    for (const replicas of assignment) topic.partitions.push(this.#newPartition(topic, replicas))
    this.changed$.next()
  }

  deleteTopic(name: string): void {
    const topic = this.topics.get(name)
    if (topic === undefined) return
    this.topics.delete(name)
    this.#topicsById.delete(topic.id)
    for (const partition of topic.partitions) partition.changeLeader(NO_LEADER)
    this.changed$.next()
  }

  /** The next leader epoch begins. Whoever waits at the partition hears of it. */
  elect(partition: Partition, leader: NodeId): void {
    partition.changeLeader(leader)
    this.changed$.next()
  }

  /** As the controller makes it: only active brokers are in sync, and the first of them leads. */
  #newPartition(topic: Topic, replicas: readonly NodeId[]): Partition {
    const { retentionBytes } = this.settings
    const rules = partitionRules(topic, this)
    const partition = new Partition({ topic: topic.name, index: topic.partitions.length, replicas, retentionBytes, ...rules })
    const isr = replicas.filter((id) => this.isActive(id))
    partition.leader = isr[0] ?? NO_LEADER
    if (isr.length > 0) partition.changeIsr(isr)
    partition.follow(this.alive)
    return partition
  }
}

const nodeOf = (id: NodeId, rack: string | null): ClusterNode => ({
  id,
  rack,
  status: 'up',
  isolated: false,
  fenced: false,
  addresses: { memory: { host: `broker-${String(id)}`, port: 9092 } },
})
