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
import { ask } from '../network/request'
import { brokerError } from '../protocol/broker-error'
import type { NodeId } from '../record'
import type { Cancel, Clock } from '../time'
import { emptyCluster, hasAllLeaders, leaderOf, leadersDiffer, merge } from './cluster'
import type { Cluster, PartitionInfo } from './cluster'
import type { ConnectionFailure, Nodes } from './nodes'
import { topicNeeds } from './topic-needs'
import { topicWaiters } from './topic-waiters'
import type { Waiter } from './topic-waiters'

export interface Metadata {
  /** The view as it is now. */
  readonly cluster: Cluster
  /** Each new view; and the same again when a need for fresh knowledge lapsed, so that who still has it says so again. */
  readonly changes$: Observable<Cluster>
  /**
   * Cold: what is known, at once; else it is asked for. Emits once. Errors with a BrokerError, at once when the topic's name is invalid or
   * access is denied, else after `maxBlock`; or with a MetadataTimeoutError when no broker said why.
   */
  partitionsFor(topic: string): Observable<readonly PartitionInfo[]>
  partitionCount(topic: string): number | undefined
  leaderOf(topic: string, partition: number): NodeId | undefined
  /**
   * What is known of the topic is stale, or a leader is missing. Asks until every partition has a leader, for `maxBlock` ms at most;
   * saying it again costs nothing.
   */
  refresh(topic: string): void
  /** What stands between us and the topic, as far as it is known: a broker's reason, or why none could be asked. */
  reasonFor(topic: string): KafkaError | undefined
  /** Stops asking. Who waits gets a ProducerClosedError. */
  close(): void
}

export interface MetadataOptions {
  readonly nodes: Nodes
  readonly clock: Clock
  /** How long a topic may stay unknown before who waits for it gets an error, in ms. */
  readonly maxBlock: number
  /** Between questions about the same topic, in ms: doubles up to `retryBackoffMax`, ±20 %. */
  readonly retryBackoff: number
  readonly retryBackoffMax: number
}

const METADATA = { request: MetadataRequest, response: MetadataResponse }

const INVALID_TOPIC_EXCEPTION = 17
const TOPIC_AUTHORIZATION_FAILED = 29
const REBOOTSTRAP_REQUIRED = 129
/** Asking again will not help. */
const finalErrors: ReadonlySet<number> = new Set([INVALID_TOPIC_EXCEPTION, TOPIC_AUTHORIZATION_FAILED])

export function createMetadata({ nodes, clock, maxBlock, retryBackoff, retryBackoffMax }: MetadataOptions): Metadata {
  const changes = new Subject<Cluster>()
  const waiters = topicWaiters()
  const backoff = { initial: retryBackoff, max: retryBackoffMax }
  const needs = topicNeeds((asked) => backoffAfter(asked, backoff, clock.random()), retryBackoffMax)
  const reasons = new Map<string, KafkaError>()
  const subscriptions = new Subscription()
  let cluster = emptyCluster
  let lastError: KafkaError | undefined
  let asking = false
  let closed = false
  let timer: Cancel | undefined

  /** Asks what is due if it can; else stands a timer, or leaves it to `nodes.changes$`. */
  function work(): void {
    timer?.()
    timer = undefined
    if (closed || asking) return
    const now = clock.now()
    const lapsed = needs.lapse(now)
    const at = needs.nextAt
    if (at !== undefined && at > now) timer = clock.schedule(at - now, work)
    else if (at !== undefined) askAnyNode(needs.due(now))
    if (lapsed) changes.next(cluster)
  }

  function askAnyNode(topics: readonly string[]): void {
    const connection = nodes.anyConnection()
    if (connection === undefined) return
    asking = true
    needs.asked(topics, clock.now())
    subscriptions.add(
      answerFrom(connection, topics).subscribe({
        next: ({ response, version }) => received(topics, response, version),
        error: (error: unknown) => failed(error),
      }),
    )
  }

  function failed(error: unknown): void {
    asking = false
    lastError = error instanceof KafkaError ? error : new ProtocolError(String(error))
    work()
  }

  function received(topics: readonly string[], response: MetadataResponse, version: number): void {
    if (response.errorCode === REBOOTSTRAP_REQUIRED) nodes.rebootstrap()
    if (response.errorCode !== 0) return failed(brokerError(response.errorCode, 'A broker refused to describe the cluster'))
    // A broker that has just started may know of none, not even of itself.
    if (response.brokers.length === 0) return failed(new ProtocolError('A broker answered that the cluster has no nodes'))
    asking = false
    lastError = undefined
    const before = cluster
    cluster = merge(before, response, version)
    nodes.update(cluster.nodes)
    noteErrors(response)
    const tell = topics.map((topic) => conclude(topic, before))
    work()
    for (const each of tell) each()
    changes.next(cluster)
  }

  function noteErrors({ topics }: MetadataResponse): void {
    for (const { name, errorCode } of topics) {
      if (name === null) continue
      if (errorCode === 0) reasons.delete(name)
      else reasons.set(name, brokerError(errorCode, `Topic '${name}'`))
    }
  }

  /** What the answer means for one topic that was asked for; gives what is to be told to those who wait. */
  function conclude(topic: string, before: Cluster): () => void {
    const reason = reasons.get(topic)
    const partitions = cluster.topics.get(topic)?.partitions
    if (leadersDiffer(before, cluster, topic)) needs.renew(topic)
    if (isFinal(reason) || (reason === undefined && hasAllLeaders(cluster, topic))) needs.settle(topic)
    if (isFinal(reason)) return tellAll(waiters.take(topic), (waiter) => waiter.error(reason))
    if (partitions === undefined) return nothing
    return tellAll(waiters.take(topic), (waiter) => {
      waiter.next(partitions)
      waiter.complete()
    })
  }

  function want(topic: string): void {
    const now = clock.now()
    needs.want(topic, now + maxBlock, now)
    work()
  }

  function wait(topic: string, waiter: Waiter): () => void {
    if (closed) {
      waiter.error(closedError())
      return nothing
    }
    const cancel = clock.schedule(maxBlock, () => waiter.error(reasons.get(topic) ?? timeoutError(topic)))
    waiters.add(topic, waiter)
    want(topic)
    return () => {
      cancel()
      if (!waiters.remove(topic, waiter)) return
      reasons.delete(topic)
      needs.settle(topic)
      work()
    }
  }

  function timeoutError(topic: string): MetadataTimeoutError {
    const cause = nodes.lastError ?? lastError
    const why = cause === undefined ? 'no broker answered' : cause.message
    return new MetadataTimeoutError(`The partitions of '${topic}' did not become known within ${String(maxBlock)} ms: ${why}`, cause)
  }

  /** A leader that cannot be reached may have been replaced. */
  function connectionFailed({ wanted }: ConnectionFailure): void {
    if (wanted.length === 0) return
    const lost = new Set<NodeId | null>(wanted)
    const stale = [...cluster.topics.values()].filter(({ partitions }) => partitions.some(({ leader }) => lost.has(leader)))
    const now = clock.now()
    for (const { name } of stale) needs.want(name, now + maxBlock, now)
  }

  subscriptions.add(nodes.failures$.subscribe(connectionFailed))
  subscriptions.add(nodes.changes$.subscribe(work))

  return {
    get cluster() {
      return cluster
    },
    changes$: changes.asObservable(),
    partitionsFor: (topic) =>
      defer(() => {
        const known = cluster.topics.get(topic)
        return known === undefined ? new Observable((waiter: Waiter) => wait(topic, waiter)) : of(known.partitions)
      }),
    partitionCount: (topic) => cluster.topics.get(topic)?.partitions.length,
    leaderOf: (topic, partition) => leaderOf(cluster, topic, partition),
    refresh: want,
    reasonFor: (topic) => reasons.get(topic) ?? nodes.lastError ?? lastError,
    close: () => {
      closed = true
      timer?.()
      subscriptions.unsubscribe()
      for (const waiter of waiters.takeAll()) waiter.error(closedError())
    },
  }
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

const nothing = (): void => undefined
