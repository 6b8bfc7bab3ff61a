/**
 * Keeps the view of the cluster fresh: somebody waits for a topic, or says that what is known of it is stale, or it has grown old while
 * it was in use. One question at a time; each asks for every topic that is due. No timer is armed, and nothing connects, while nobody
 * needs anything.
 */
import { defer, Observable, of, Subject, Subscription } from 'rxjs'
import { KafkaError, ProducerClosedError, ProtocolError } from '../errors'
import { backoffAfter } from '../network/backoff'
import type { Connection } from '../network/connection'
import type { NodeId } from '../record'
import type { Cancel, Clock } from '../time'
import { emptyCluster, hasAllLeaders, leaderOf, leadersDiffer, without } from './cluster'
import type { Cluster, PartitionInfo } from './cluster'
import { epochDoubts } from './epoch-doubts'
import { withLeaders } from './leader-hint'
import type { LeaderHint } from './leader-hint'
import { merge } from './merge'
import type { MetadataAnswer } from './merge'
import { askForTopics, problemWith } from './metadata-question'
import type { ConnectionFailure, LateNodes, Nodes } from './nodes'
import { rebootstrapPatience } from './patience'
import type { Patience } from './patience'
import { topicNeeds } from './topic-needs'
import type { TopicNeeds } from './topic-needs'
import { isFinal, leaderlessReason, partitionDidNotCome, topicDidNotCome, topicReasons } from './topic-reasons'
import { topicUses } from './topic-uses'
import { topicWaiters } from './topic-waiters'
import type { Waiter } from './topic-waiters'
import { createUpkeep } from './upkeep'
import type { Upkeep } from './upkeep'

/** Its functions need no `this`: they may be handed on alone. */
export interface Metadata {
  /** The view as it is now. */
  readonly cluster: Cluster
  /** Each new view; and the same again when a need for fresh knowledge lapsed, so that who still has it says so again. */
  readonly changes$: Observable<Cluster>
  /**
   * Cold: what is known, at once; else it is asked for. With a `partition`: as soon as the topic has that one. Emits once. Errors with a
   * BrokerError, at once when the topic's name is invalid or access is denied, else after `maxBlock`; or with a MetadataTimeoutError when
   * no broker said why.
   */
  readonly partitionsFor: (topic: string, partition?: number) => Observable<readonly PartitionInfo[]>
  readonly partitionCount: (topic: string) => number | undefined
  readonly leaderOf: (topic: string, partition: number) => NodeId | undefined
  /**
   * What is known of the topic is stale, or a leader is missing. Asks until every partition has a leader, for `maxBlock` ms at most;
   * saying it again costs nothing.
   */
  readonly refresh: (topic: string) => void
  /** A broker that no longer leads a partition says who does (KIP-951). */
  readonly learn: (hints: readonly LeaderHint[]) => void
  /** What stands between us and the partition, as far as it is known: a broker's reason, or why none could be asked. */
  readonly reasonFor: (topic: string, partition: number) => KafkaError | undefined
  /** There are unsettled records from now on, or none any more: only meanwhile does what is known age. */
  readonly inUse: (is: boolean) => void
  /** Stops asking. Who waits gets a ProducerClosedError. */
  readonly close: () => void
}

export interface MetadataOptions {
  readonly nodes: Nodes
  readonly clock: Clock
  /** How long a topic may stay unknown before who waits for it gets an error, in ms. */
  readonly maxBlock: number
  /** Between questions about the same topic, in ms: doubles up to `retryBackoffMax`, ±20 %; at least 1. */
  readonly retryBackoff: number
  readonly retryBackoffMax: number
  /** How old knowledge may become before it is asked for again, in ms. */
  readonly maxAge: number
  /** How long a topic may be unused before it is forgotten, in ms. */
  readonly maxIdle: number
  /**
   * How long it may be asked in vain before all begins again with the bootstrap addresses, in ms; that also happens when a broker says
   * that it must. Undefined: it never does.
   */
  readonly rebootstrapAfter: number | undefined
}

/** Who does not wait at all still wants it to be known the next time. */
const LEAST_NEED_MS = 1000

/** Milliseconds: without any pause, a broker that knows nothing would be asked again with every answer. */
const LEAST_PAUSE = 1

export const createMetadata = (options: MetadataOptions): Metadata => new DemandedMetadata(options)

class DemandedMetadata implements Metadata {
  cluster = emptyCluster
  private readonly changes = new Subject<Cluster>()
  readonly changes$ = this.changes.asObservable()
  private readonly needs: TopicNeeds
  private readonly waiters = topicWaiters()
  private readonly reasons = topicReasons()
  private readonly uses = topicUses()
  private readonly doubts = epochDoubts()
  private readonly upkeep: Upkeep
  private readonly patience: Patience
  private readonly subscriptions = new Subscription()
  /** Why the last question had no answer. */
  private lastError: KafkaError | undefined
  /** The question that has no answer yet. */
  private question: Question | undefined
  private closed = false
  private timer: Cancel | undefined

  constructor(private readonly options: MetadataOptions) {
    const { nodes, clock, retryBackoff, retryBackoffMax, maxAge, maxIdle } = options
    const backoff = { initial: retryBackoff, max: retryBackoffMax }
    this.needs = topicNeeds((asked) => Math.max(LEAST_PAUSE, backoffAfter(asked, backoff, clock.random())), retryBackoffMax)
    this.upkeep = createUpkeep({
      ...{ clock, uses: this.uses, maxAge, maxIdle },
      renewAll: () => this.renewAll(),
      forget: (topics) => this.forget(topics),
    })
    this.patience = rebootstrapPatience(options.rebootstrapAfter)
    this.subscriptions.add(nodes.failures$.subscribe((failure) => this.connectionFailed(failure)))
    this.subscriptions.add(nodes.late$.subscribe((late) => this.isLate(late)))
    this.subscriptions.add(nodes.changes$.subscribe(() => this.work()))
  }

  readonly partitionsFor = (topic: string, partition = 0): Observable<readonly PartitionInfo[]> =>
    defer(() => {
      if (!this.closed) this.upkeep.look()
      this.uses.use(topic)
      const known = this.cluster.topics.get(topic)?.partitions ?? []
      return partition < known.length ? of(known) : new Observable((waiter: Waiter) => this.wait(topic, partition, waiter))
    })

  readonly partitionCount = (topic: string): number | undefined => this.uses.partitionCount(topic)

  readonly leaderOf = (topic: string, partition: number): NodeId | undefined => leaderOf(this.cluster, topic, partition)

  readonly refresh = (topic: string): void => {
    this.want(topic)
    this.work()
  }

  readonly learn = (hints: readonly LeaderHint[]): void => {
    const cluster = withLeaders(this.cluster, hints)
    if (cluster === this.cluster || this.closed) return
    this.cluster = cluster
    this.options.nodes.update(cluster.nodes)
    this.changes.next(cluster)
  }

  readonly reasonFor = (topic: string, partition: number): KafkaError | undefined =>
    this.reasons.get(topic) ?? leaderlessReason(this.cluster, topic, partition) ?? this.options.nodes.lastError ?? this.lastError

  readonly inUse = (is: boolean): void => {
    if (!this.closed) this.upkeep.inUse(is)
  }

  readonly close = (): void => {
    this.closed = true
    this.timer?.()
    this.upkeep.close()
    this.question?.answer.unsubscribe()
    this.subscriptions.unsubscribe()
    for (const waiter of this.waiters.takeAll()) waiter.error(closedError())
  }

  private want(topic: string): void {
    this.uses.use(topic)
    this.need(topic)
  }

  private need(topic: string): void {
    const { clock, maxBlock } = this.options
    const now = clock.now()
    this.needs.want(topic, now + Math.max(maxBlock, LEAST_NEED_MS), now)
  }

  /** This is nobody's use of a topic: what is only kept fresh is forgotten all the same. */
  private renewAll(): void {
    for (const topic of this.cluster.topics.keys()) this.need(topic)
    this.work()
  }

  private forget(topics: readonly string[]): void {
    if (topics.length === 0) return
    this.cluster = without(this.cluster, topics)
    this.uses.update(this.cluster.topics, this.options.clock.now())
  }

  private wait(topic: string, partition: number, waiter: Waiter): (() => void) | undefined {
    if (this.closed) return void waiter.error(closedError())
    const { clock, maxBlock } = this.options
    // What was said when somebody asked last, maybe long ago, is no reason why the topic does not come now.
    if (!this.needs.isWanted(topic, clock.now())) this.reasons.forget(topic)
    let timedOut = false
    const cancel = clock.schedule(maxBlock, () => {
      timedOut = true
      waiter.error(this.reasons.get(topic) ?? this.notInTime(topic, partition))
    })
    this.waiters.add(topic, waiter, partition)
    this.refresh(topic)
    return () => {
      cancel()
      const mayComeAgain = timedOut && maxBlock < LEAST_NEED_MS
      if (!this.waiters.remove(topic, waiter)) return
      if (mayComeAgain) this.reasons.forget(topic)
      else this.nobodyWaits(topic)
    }
  }

  private notInTime(topic: string, partition: number): KafkaError {
    const { maxBlock, nodes } = this.options
    const known = this.cluster.topics.get(topic)
    if (known !== undefined) return partitionDidNotCome(known, partition, maxBlock)
    return topicDidNotCome(topic, maxBlock, nodes.lastError ?? this.lastError)
  }

  /** Nor does anybody who had said that the topic is stale, as far as is known here: who did hears that he must say it again. */
  private nobodyWaits(topic: string): void {
    this.reasons.forget(topic)
    this.needs.settle(topic)
    this.work()
    this.changes.next(this.cluster)
  }

  /** Asks what is due if it can; else stands a timer, or leaves it to `nodes.changes$`. */
  private work(): void {
    this.timer?.()
    this.timer = undefined
    if (this.closed || this.question?.isLate === false) return
    const { clock } = this.options
    const now = clock.now()
    const lapsed = this.needs.lapse(now)
    const at = this.needs.nextAt()
    if (at !== undefined) this.patience.asking(now)
    if (at !== undefined && at > now) this.timer = clock.schedule(at - now, () => this.work())
    else if (at !== undefined) this.ask(this.needs.due(now))
    if (lapsed) this.changes.next(this.cluster)
  }

  private ask(topics: readonly string[]): void {
    const { nodes, clock } = this.options
    const connection = nodes.anyConnection()
    // A question that is late is given up as soon as somebody else can be asked.
    if (connection === undefined || connection === this.question?.connection) return
    this.question?.answer.unsubscribe()
    const answer = new Subscription()
    this.question = { connection, answer, isLate: false }
    this.needs.asked(topics, clock.now())
    answer.add(
      askForTopics(connection, topics).subscribe({
        next: (received) => this.received(topics, received),
        error: (error: unknown) => this.failed(error instanceof KafkaError ? error : new ProtocolError(String(error))),
      }),
    )
  }

  private failed(error: KafkaError): void {
    this.question = undefined
    this.lastError = error
    this.rebootstrapAfter(error)
    this.work()
    // The question took a place among the requests of its connection, which is free again.
    this.changes.next(this.cluster)
  }

  private received(topics: readonly string[], answer: MetadataAnswer): void {
    const problem = problemWith(answer.response)
    if (problem !== undefined) return this.failed(problem)
    this.question = undefined
    this.lastError = undefined
    this.patience.answered()
    const before = this.cluster
    this.takeIn(answer)
    if ([...this.cluster.topics.keys()].every((topic) => topics.includes(topic))) this.upkeep.renewed()
    const told = topics.map((topic) => this.conclude(topic, before))
    this.work()
    for (const tell of told) tell()
    this.changes.next(this.cluster)
  }

  private takeIn(answer: MetadataAnswer): void {
    const now = this.options.clock.now()
    this.cluster = merge(this.cluster, answer, (known, fresh) => this.doubts.accepts(known, fresh, now))
    this.uses.update(this.cluster.topics, now)
    this.options.nodes.update(this.cluster.nodes)
    this.reasons.note(answer.response)
  }

  /** Without nodes no partition has a leader: whoever has something to send asks anew, however long this lasts. */
  private rebootstrapAfter(error: KafkaError): void {
    if (!this.patience.endsWith(error, this.options.clock.now())) return
    this.cluster = { ...this.cluster, nodes: new Map() }
    this.options.nodes.rebootstrap()
  }

  /** What the answer means for one topic that was asked for; gives what is to be told to those who wait. */
  private conclude(topic: string, before: Cluster): () => void {
    const reason = this.reasons.get(topic)
    const partitions = this.cluster.topics.get(topic)?.partitions ?? []
    const taken = this.waiters.take(topic, isFinal(reason) ? Infinity : partitions.length)
    const isComplete = reason === undefined && hasAllLeaders(this.cluster, topic) && !this.waiters.has(topic)
    if (leadersDiffer(before, this.cluster, topic)) this.needs.renew(topic)
    if (isFinal(reason) || isComplete) this.needs.settle(topic)
    if (isFinal(reason)) return tellAll(taken, (waiter) => waiter.error(reason))
    return tellAll(taken, (waiter) => {
      waiter.next(partitions)
      waiter.complete()
    })
  }

  /** A leader that cannot be reached may have been replaced. `nodes.changes$` follows, and asks. */
  private connectionFailed({ wanted, refusal, error }: ConnectionFailure): void {
    if (refusal !== undefined) this.refused(refusal)
    this.wantTopicsOf(wanted)
    // While there are no nodes it has begun already, and beginning again would forget which addresses have to rest.
    if (this.cluster.nodes.size > 0) this.rebootstrapAfter(error)
  }

  /** Another broker may know better: that this one has been replaced, or what it was asked. */
  private isLate({ address, nodes }: LateNodes): void {
    if (this.question?.connection.address === address) this.question.isLate = true
    this.wantTopicsOf(nodes)
    this.work()
  }

  private wantTopicsOf(nodes: readonly NodeId[]): void {
    if (nodes.length === 0) return
    const leaders = new Set<NodeId | null>(nodes)
    for (const { name, partitions } of this.cluster.topics.values())
      if (partitions.some(({ leader }) => leaders.has(leader))) this.want(name)
  }

  /** Nobody is left to ask. Waiting would only hide why: whoever comes later asks again, as soon as the rest of an address is over. */
  private refused(error: KafkaError): void {
    const topics = this.waiters.topics()
    for (const topic of topics) this.needs.settle(topic)
    for (const tell of topics.map((topic) => tellAll(this.waiters.take(topic, Infinity), (waiter) => waiter.error(error)))) tell()
  }
}

interface Question {
  readonly connection: Connection
  readonly answer: Subscription
  isLate: boolean
}

const tellAll = (waiters: readonly Waiter[], tell: (waiter: Waiter) => void) => () => waiters.forEach(tell)

const closedError = (): ProducerClosedError => new ProducerClosedError('The producer was closed before the topic became known')
