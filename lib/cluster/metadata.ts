/**
 * Keeps the view of the cluster fresh, on demand: somebody waits for a topic, or says that what is known of it is stale. One question at
 * a time; each asks for every topic that is due. No timer is armed, and nothing connects, while nobody needs anything.
 */
import { defer, map, Observable, of, Subject, Subscription } from 'rxjs'
import { BrokerError, KafkaError, MetadataTimeoutError, ProducerClosedError, ProtocolError } from '../errors'
import { MetadataRequest } from '../generated/messages/MetadataRequest'
import { MetadataResponse } from '../generated/messages/MetadataResponse'
import { backoffAfter } from '../network/backoff'
import type { Connection } from '../network/connection'
import { ask } from '../network/ask'
import { brokerError } from '../protocol/broker-error'
import type { NodeId } from '../record'
import type { Cancel, Clock } from '../time'
import { emptyCluster, hasAllLeaders, leaderOf, leadersDiffer, merge } from './cluster'
import type { Cluster, PartitionInfo } from './cluster'
import { withLeaders } from './leader-hint'
import type { LeaderHint } from './leader-hint'
import type { ConnectionFailure, Nodes } from './nodes'
import { topicNeeds } from './topic-needs'
import type { TopicNeeds } from './topic-needs'
import { topicWaiters } from './topic-waiters'
import type { Waiter } from './topic-waiters'

/** Its functions need no `this`: they may be handed on alone. */
export interface Metadata {
  /** The view as it is now. */
  readonly cluster: Cluster
  /** Each new view; and the same again when a need for fresh knowledge lapsed, so that who still has it says so again. */
  readonly changes$: Observable<Cluster>
  /**
   * Cold: what is known, at once; else it is asked for. Emits once. Errors with a BrokerError, at once when the topic's name is invalid or
   * access is denied, else after `maxBlock`; or with a MetadataTimeoutError when no broker said why.
   */
  readonly partitionsFor: (topic: string) => Observable<readonly PartitionInfo[]>
  readonly partitionCount: (topic: string) => number | undefined
  readonly leaderOf: (topic: string, partition: number) => NodeId | undefined
  /**
   * What is known of the topic is stale, or a leader is missing. Asks until every partition has a leader, for `maxBlock` ms at most;
   * saying it again costs nothing.
   */
  readonly refresh: (topic: string) => void
  /** A broker that no longer leads a partition says who does (KIP-951). */
  readonly learn: (hints: readonly LeaderHint[]) => void
  /** What stands between us and the topic, as far as it is known: a broker's reason, or why none could be asked. */
  readonly reasonFor: (topic: string) => KafkaError | undefined
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
}

const METADATA = { request: MetadataRequest, response: MetadataResponse }

const INVALID_TOPIC_EXCEPTION = 17
const TOPIC_AUTHORIZATION_FAILED = 29
const REBOOTSTRAP_REQUIRED = 129
/** Asking again will not help. */
const finalErrors: ReadonlySet<number> = new Set([INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED])

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
  /** Why a topic is not known, as a broker said it. */
  private readonly reasons = new Map<string, KafkaError>()
  private readonly subscriptions = new Subscription()
  /** Why the last question had no answer. */
  private lastError: KafkaError | undefined
  private asking = false
  private closed = false
  private timer: Cancel | undefined

  constructor(private readonly options: MetadataOptions) {
    const { nodes, clock, retryBackoff, retryBackoffMax } = options
    const backoff = { initial: retryBackoff, max: retryBackoffMax }
    this.needs = topicNeeds((asked) => Math.max(LEAST_PAUSE, backoffAfter(asked, backoff, clock.random())), retryBackoffMax)
    this.subscriptions.add(nodes.failures$.subscribe((failure) => this.connectionFailed(failure)))
    this.subscriptions.add(nodes.changes$.subscribe(() => this.work()))
  }

  readonly partitionsFor = (topic: string): Observable<readonly PartitionInfo[]> =>
    defer(() => {
      const known = this.cluster.topics.get(topic)
      return known === undefined ? new Observable((waiter: Waiter) => this.wait(topic, waiter)) : of(known.partitions)
    })

  readonly partitionCount = (topic: string): number | undefined => this.cluster.topics.get(topic)?.partitions.length

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

  readonly reasonFor = (topic: string): KafkaError | undefined => this.reasons.get(topic) ?? this.options.nodes.lastError ?? this.lastError

  readonly close = (): void => {
    this.closed = true
    this.timer?.()
    this.subscriptions.unsubscribe()
    for (const waiter of this.waiters.takeAll()) waiter.error(closedError())
  }

  private want(topic: string): void {
    const now = this.options.clock.now()
    this.needs.want(topic, now + Math.max(this.options.maxBlock, LEAST_NEED_MS), now)
  }

  private wait(topic: string, waiter: Waiter): (() => void) | undefined {
    if (this.closed) return void waiter.error(closedError())
    const { clock, maxBlock } = this.options
    let timedOut = false
    const cancel = clock.schedule(maxBlock, () => {
      timedOut = true
      waiter.error(this.reasons.get(topic) ?? this.timeoutError(topic))
    })
    this.waiters.add(topic, waiter)
    this.refresh(topic)
    return () => {
      cancel()
      const mayComeAgain = timedOut && maxBlock < LEAST_NEED_MS
      if (!this.waiters.remove(topic, waiter)) return
      if (mayComeAgain) this.reasons.delete(topic)
      else this.nobodyWaits(topic)
    }
  }

  private nobodyWaits(topic: string): void {
    this.reasons.delete(topic)
    this.needs.settle(topic)
    this.work()
  }

  /** Asks what is due if it can; else stands a timer, or leaves it to `nodes.changes$`. */
  private work(): void {
    this.timer?.()
    this.timer = undefined
    if (this.closed || this.asking) return
    const { clock } = this.options
    const now = clock.now()
    const lapsed = this.needs.lapse(now)
    const at = this.needs.nextAt
    if (at !== undefined && at > now) this.timer = clock.schedule(at - now, () => this.work())
    else if (at !== undefined) this.ask(this.needs.due(now))
    if (lapsed) this.changes.next(this.cluster)
  }

  private ask(topics: readonly string[]): void {
    const { nodes, clock } = this.options
    const connection = nodes.anyConnection()
    if (connection === undefined) return
    this.asking = true
    this.needs.asked(topics, clock.now())
    this.subscriptions.add(
      answerFrom(connection, topics).subscribe({
        next: ({ response, version }) => this.received(topics, response, version),
        error: (error: unknown) => this.failed(error instanceof KafkaError ? error : new ProtocolError(String(error))),
      }),
    )
  }

  private failed(error: KafkaError): void {
    this.asking = false
    this.lastError = error
    this.work()
    // The question took a place among the requests of its connection, which is free again.
    this.changes.next(this.cluster)
  }

  private received(topics: readonly string[], response: MetadataResponse, version: number): void {
    if (response.errorCode === REBOOTSTRAP_REQUIRED) this.rebootstrap()
    const problem = problemWith(response)
    if (problem !== undefined) return this.failed(problem)
    this.asking = false
    this.lastError = undefined
    const before = this.cluster
    this.cluster = merge(before, response, version)
    this.options.nodes.update(this.cluster.nodes)
    this.noteErrors(response)
    const told = topics.map((topic) => this.conclude(topic, before))
    this.work()
    for (const tell of told) tell()
    this.changes.next(this.cluster)
  }

  /** Without nodes no partition has a leader: whoever has something to send asks anew, however long this lasts. */
  private rebootstrap(): void {
    this.cluster = { ...this.cluster, nodes: new Map() }
    this.options.nodes.rebootstrap()
  }

  private noteErrors({ topics }: MetadataResponse): void {
    for (const { name, errorCode } of topics) {
      if (name === null) continue
      if (errorCode === 0) this.reasons.delete(name)
      else this.reasons.set(name, brokerError(errorCode, `Topic '${name}'`))
    }
  }

  /** What the answer means for one topic that was asked for; gives what is to be told to those who wait. */
  private conclude(topic: string, before: Cluster): () => void {
    const reason = this.reasons.get(topic)
    const partitions = this.cluster.topics.get(topic)?.partitions
    if (leadersDiffer(before, this.cluster, topic)) this.needs.renew(topic)
    if (isFinal(reason) || (reason === undefined && hasAllLeaders(this.cluster, topic))) this.needs.settle(topic)
    if (isFinal(reason)) return tellAll(this.waiters.take(topic), (waiter) => waiter.error(reason))
    if (partitions === undefined) return () => undefined
    return tellAll(this.waiters.take(topic), (waiter) => {
      waiter.next(partitions)
      waiter.complete()
    })
  }

  /** A leader that cannot be reached may have been replaced. `nodes.changes$` follows, and asks. */
  private connectionFailed({ wanted, refusal }: ConnectionFailure): void {
    if (refusal !== undefined) this.refused(refusal)

    const lost = new Set<NodeId | null>(wanted)
    for (const { name, partitions } of this.cluster.topics.values()) {
      if (lost.size > 0 && partitions.some(({ leader }) => lost.has(leader))) this.want(name)
    }
  }

  /** Nobody is left to ask. Waiting would only hide why: whoever comes later asks again, as soon as the rest of an address is over. */
  private refused(error: KafkaError): void {
    const topics = this.waiters.topics
    for (const topic of topics) this.needs.settle(topic)
    for (const tell of topics.map((topic) => tellAll(this.waiters.take(topic), (waiter) => waiter.error(error)))) tell()
  }

  private timeoutError(topic: string): MetadataTimeoutError {
    const cause = this.options.nodes.lastError ?? this.lastError
    const why = cause === undefined ? 'no broker answered' : cause.message
    return new MetadataTimeoutError(
      `The partitions of '${topic}' did not become known within ${String(this.options.maxBlock)} ms: ${why}`,
      cause,
    )
  }
}

function problemWith({ errorCode, brokers }: MetadataResponse): KafkaError | undefined {
  if (errorCode !== 0) return brokerError(errorCode, 'A broker refused to describe the cluster')
  // A broker that has just started may know of none, not even of itself.
  return brokers.length === 0 ? new ProtocolError('A broker answered that the cluster has no nodes') : undefined
}

interface Answer {
  readonly response: MetadataResponse
  readonly version: number
}

/** With auto-creation, as Java's producer asks: whether a topic is made is the broker's decision (auto.create.topics.enable). */
function answerFrom(connection: Connection, topics: readonly string[]): Observable<Answer> {
  return defer(() => {
    const version = connection.versionOf(METADATA)
    const request = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: true }
    return ask(connection, METADATA, request, version).pipe(map((response) => ({ response, version })))
  })
}

const isFinal = (reason: KafkaError | undefined): reason is BrokerError =>
  reason instanceof BrokerError && finalErrors.has(reason.errorCode)

const tellAll = (waiters: readonly Waiter[], tell: (waiter: Waiter) => void) => () => waiters.forEach(tell)

const closedError = (): ProducerClosedError => new ProducerClosedError('The producer was closed before the topic became known')
