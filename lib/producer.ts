/** The producer: wires the stages, and is what users hold. */
import { defer, map, merge, mergeMap, Observable, ReplaySubject, Subject, throwError } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { BufferPool } from './batch/buffer-pool'
import type { PartitionInfo } from './cluster/cluster'
import { connectCluster } from './cluster/connect'
import { unnumbered } from './batch/sequencer'
import type { Sequencer } from './batch/sequencer'
import type { Batch } from './batch/batch'
import type { Metadata } from './cluster/metadata'
import { resolveConfig } from './config'
import type { ProducerConfig, Settings } from './config'
import { ConfigError, InternalError, ProducerClosedError, textOf } from './errors'
import type { KafkaError } from './errors'
import type { ProducerEvent } from './events'
import { producerIdentity } from './identity/producer-identity'
import { producerSequencer } from './identity/producer-sequencer'
import { accumulate, createAccumulator } from './pipeline/accumulate'
import type { AccumulateOptions, Shared } from './pipeline/accumulate'
import { ByteBudget } from './pipeline/byte-budget'
import { createClosing } from './pipeline/closing'
import { deliver } from './pipeline/deliver'
import { Ledger } from './pipeline/ledger'
import type { Tally } from './pipeline/ledger'
import { produce } from './pipeline/produce'
import type { ProduceOptions } from './pipeline/produce'
import { send } from './pipeline/send'
import type { SendContext } from './pipeline/send'
import { deliveryTimedOut } from './pipeline/final-error'
import { failAll, settle } from './pipeline/settle'
import type { SettleOptions } from './pipeline/settle'
import { to } from './pipeline/to'
import type { ToOptions } from './pipeline/to'
import type { Delivery, NodeId, PartitionedRecord, ProducerRecord } from './record'
import type { Serde, Serializer } from './serializers/serializer'
import { clockOf } from './time'
import { ZERO_UUID } from './wire/uuid'

/** What `close` did with the records that were unsettled when it was called. */
export type CloseReport = Tally

export interface CloseOptions {
  /** Milliseconds after which what is not settled is given up. Default 30,000. */
  readonly timeout?: number
}

/** What needs no serializer. */
type Plain = string | Uint8Array

/**
 * Sends a stream of records: one delivery for each, as they are acknowledged. Keys and values go through the serializers given; those
 * for which there is none must be strings or bytes. Every subscription sends again: share the result, not the sending.
 */
export interface Send {
  <K, V, C = undefined>(serde: {
    readonly key: Serializer<K>
    readonly value: Serializer<V>
  }): OperatorFunction<ProducerRecord<K, V, C>, Delivery<C>>
  <V, C = undefined>(serde: { readonly value: Serializer<V> }): OperatorFunction<ProducerRecord<Plain, V, C>, Delivery<C>>
  <K, C = undefined>(serde: { readonly key: Serializer<K> }): OperatorFunction<ProducerRecord<K, Plain, C>, Delivery<C>>
  <C = undefined>(): OperatorFunction<ProducerRecord<Plain, Plain, C>, Delivery<C>>
}

/** Sends a stream of values to one topic; each value is the context of its delivery. */
export interface To {
  <T>(topic: string, options: ToOptions<T> & { readonly value: Serializer<T> }): OperatorFunction<T, Delivery<T>>
  <T extends Plain | null>(topic: string, options?: ToOptions<T>): OperatorFunction<T, Delivery<T>>
}

export interface Producer extends AsyncDisposable {
  readonly send: Send
  readonly to: To
  /** The topic's partitions, once they are known. Errors as `maxBlock` says, and with a ConfigError for what is no name. */
  partitionsFor(topic: string): Observable<readonly PartitionInfo[]>
  /** Starts when called: what was accepted so far leaves at once. Completes when all of it is settled. */
  flush(): Observable<never>
  /**
   * Starts when called: takes no more records, sends what it has, and gives up what is left after `timeout`. Emits its report and
   * completes. Calling it again gives the same report, maybe sooner: the earliest timeout holds.
   */
  close(options?: CloseOptions): Observable<CloseReport>
  /** What happens inside that is nobody's result. Hot. */
  readonly events$: Observable<ProducerEvent>
}

/** Cold: nothing opens before the first subscription. Throws a ConfigError that names everything that is wrong with `config`. */
export function producer(config: ProducerConfig): Producer {
  const settings = resolveConfig(config)
  const events$ = new Subject<ProducerEvent>()
  let engine: Engine | undefined
  const started = (): Engine => (engine ??= startEngine(settings, (event) => events$.next(event)))

  const sendWith =
    <K, V, C>(serde: Serde<K, V> = {}): OperatorFunction<ProducerRecord<K, V, C>, Delivery<C>> =>
    (records$) =>
      new Observable((subscriber) => records$.pipe(send<K, V, C>(serde, started().sending)).subscribe(subscriber))
  const close = ({ timeout = 30_000 }: CloseOptions = {}): Observable<CloseReport> => {
    if (!(timeout >= 0)) throw new ConfigError([`timeout: ${String(timeout)} given; milliseconds expected`])
    return started().close(timeout)
  }

  return {
    send: sendWith,
    to: <T>(topic: string, options: ToOptions<T> = {}) => to(topic, options, sendWith),
    partitionsFor: (topic) =>
      defer(() => (isName(topic) ? started().metadata.partitionsFor(topic) : throwError(() => new ConfigError([noName(topic)])))),
    flush: () => started().flush(),
    close,
    events$: events$.asObservable(),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve, reject) => {
        close().subscribe({ complete: resolve, error: reject })
      }),
  }
}

/** JavaScript has no types at run time, and a question about no topic at all would be asked until `maxBlock`. */
const isName = (topic: unknown): topic is string => typeof topic === 'string' && topic !== ''
const noName = (topic: unknown): string => `topic: ${textOf(topic)} given; the name of a topic expected`

/** What runs once somebody has subscribed. */
interface Engine {
  readonly sending: SendContext
  readonly metadata: Metadata
  flush(): Observable<never>
  close(timeout: number): Observable<CloseReport>
}

function startEngine(settings: Settings, report: (event: ProducerEvent) => void): Engine {
  const parts = partsOf(settings, report)
  const { nodes, metadata, records$, conclude } = parts

  records$
    .pipe(
      accumulate(gathering(parts), sharing(parts)),
      mergeMap((batches$) => batches$.pipe(produce(() => nodes.connectionOf(batches$.key), producing(parts)))),
      settle(settling(parts)),
    )
    .subscribe({ next: conclude, error: (cause: unknown) => fail(parts, cause) })
  parts.denied$.subscribe((error) => failAll(parts.accumulator.waiting, () => error, parts.accumulator).forEach(conclude))
  parts.fatal$.subscribe((error) => stop(parts, error))
  nodes.failures$.subscribe(({ address: { host, port }, error }) => report({ type: 'connection-failed', host, port, error }))

  const closing = createClosing({ ...parts, giveUp: () => giveUp(parts, gaveUp()), release: () => release(parts) })
  return {
    metadata,
    sending: sending(parts),
    flush: () => {
      const settled$ = new ReplaySubject<never>()
      parts.settleAll(() => settled$.complete())
      return settled$.asObservable()
    },
    close: (timeout) => {
      parts.end.refusal ??= new ProducerClosedError('The producer is closed')
      return closing.within(timeout)
    },
  }
}

/** What the stages share. */
type Parts = ReturnType<typeof partsOf>

interface End {
  /** Set by `close`: no record is accepted any more. */
  refusal?: KafkaError
  /** Set when closing takes too long: nothing is sent any more. */
  givenUp?: KafkaError
}

function partsOf(settings: Settings, report: (event: ProducerEvent) => void) {
  const clock = clockOf(settings.scheduler)
  const cluster = connectCluster(settings, clock)
  const memory = new BufferPool(settings.bufferMemory)
  const leaderOf = (topic: string, partition: number): NodeId | undefined => cluster.metadata.leaderOf(topic, partition)
  const { batchSize, maxBatchSize, maxRequestSize, linger, deliveryTimeout, compression } = settings
  const sizes = { batchSize, maxBatchSize, maxRequestSize, linger, compression }
  const { adaptivePartitioning, partitionerAvailabilityTimeout, preferredRack } = settings
  const isNear = (node: NodeId): boolean => cluster.metadata.cluster.nodes.get(node)?.rack === preferredRack
  const choosing = { adaptivePartitioning, partitionerAvailabilityTimeout, ...(preferredRack !== undefined && { isNear }) }
  const canTake = (node: NodeId): boolean => {
    const connection = cluster.nodes.connectionOf(node)
    return connection !== undefined && connection.inFlight < settings.maxInFlight
  }
  const end: End = {}
  const denied$ = new Subject<KafkaError>()
  const fatal$ = new Subject<KafkaError>()
  const identity = producerIdentity({
    ...{ nodes: cluster.nodes, clock, report },
    retryBackoff: { initial: settings.retryBackoff, max: settings.retryBackoffMax },
    denied: (error) => denied$.next(error),
    fatal: (error) => fatal$.next(error),
  })
  const sequencer = (): Sequencer => (settings.idempotence ? producerSequencer(identity.epochs) : unnumbered)
  const accumulator = createAccumulator<unknown>(
    { ...sizes, ...choosing, leaderOf, canTake },
    { clock, memory, deliveryTimeout, sequencer },
  )
  const ledger = new Ledger()
  const wake$ = new Subject<void>()
  const hurry = (): (() => void) => {
    const endHurry = accumulator.hurry()
    wake$.next()
    return endHurry
  }
  return {
    ...cluster,
    ...{ settings, report, clock, memory, leaderOf, canTake, accumulator, ledger, wake$, hurry, end, identity, denied$, fatal$ },
    records$: new Subject<PartitionedRecord>(),
    abandon$: new Subject<KafkaError>(),
    waiting: new ByteBudget(settings.waitingMemory),
    conclude: deliver(clock),
    /** Also for what is not in a batch yet: it may wait for its topic, its serializer, or memory. */
    settleAll: (settled: () => void): void => {
      const endHurry = hurry()
      ledger.whenSettled(() => {
        endHurry()
        settled()
      })
    },
  }
}

function sending({ metadata, records$, end, settings, leaderOf, ...shared }: Parts): SendContext {
  return {
    ...shared,
    // What still waits for its topic or its serializer when nothing is sent any more is settled here, and not appended.
    append: (record) => {
      const { givenUp } = end
      if (givenUp === undefined) records$.next(record)
      else record.outlet?.settle({ type: 'failed', topic: record.topic, error: givenUp, context: record.context })
    },
    refusal: () => end.refusal,
    partitionsOf: (topic) => metadata.partitionCount(topic) ?? metadata.partitionsFor(topic).pipe(map(({ length }) => length)),
    isAvailable: (topic, partition) => leaderOf(topic, partition) !== undefined,
    ...(settings.partitioner && { partitioner: settings.partitioner }),
  }
}

function gathering({ settings, metadata, nodes, identity, wake$, leaderOf, canTake, gone$ }: Parts): AccumulateOptions {
  const { maxBlock, maxRequestSize } = settings
  return { leaderOf, canTake, gone$, maxBlock, maxRequestSize, wake$: merge(wake$, nodes.changes$, metadata.changes$, identity.changes$) }
}

function sharing({ settings, metadata, identity, accumulator, conclude, report, ...parts }: Parts): Shared<unknown> {
  return {
    ...parts,
    accumulator,
    leaderless: (topics) => topics.forEach(metadata.refresh),
    expired: (batches) => {
      for (const { topic, partition, recordCount: records, onWay: inFlight } of batches) {
        report({ type: 'expired', topic, partition, records, inFlight })
      }
      const errorOf = (batch: Batch): KafkaError => {
        const cause = batch.lastError ?? identity.lastError ?? metadata.reasonFor(batch.topic)
        return deliveryTimedOut(batch, settings.deliveryTimeout, cause)
      }
      failAll(batches, errorOf, accumulator).forEach(conclude)
    },
  }
}

function producing({ settings, metadata }: Parts): ProduceOptions {
  return {
    acks: settings.acks,
    compression: settings.compression,
    timeout: settings.requestTimeout,
    topicId: (topic) => metadata.cluster.topics.get(topic)?.id ?? ZERO_UUID,
  }
}

function settling({ settings, metadata, wake$, end, fatal$, ...shared }: Parts): SettleOptions<unknown> {
  return {
    ...shared,
    retries: settings.retries,
    retryBackoff: { initial: settings.retryBackoff, max: settings.retryBackoffMax },
    deliveryTimeout: settings.deliveryTimeout,
    refresh: metadata.refresh,
    learn: metadata.learn,
    fatal: (error) => fatal$.next(error),
    wake: () => wake$.next(),
    givenUp: () => end.givenUp,
  }
}

/** Every place where a record may wait, from the front of the way to its end. */
function giveUp({ end, abandon$, metadata, accumulator, conclude, nodes }: Parts, error: KafkaError): void {
  end.givenUp = error
  abandon$.next(error)
  metadata.close()
  failAll(accumulator.waiting, () => error, accumulator).forEach(conclude)
  nodes.close()
}

const gaveUp = (): ProducerClosedError =>
  new ProducerClosedError('The producer was closed before the record was acknowledged: give close a longer timeout')

/** The brokers will take nothing any more. */
function stop(parts: Parts, error: KafkaError): void {
  if (parts.end.givenUp !== undefined) return
  parts.end.refusal = error
  parts.report({ type: 'fatal', error })
  giveUp(parts, error)
}

/** The shared pipeline broke, by a defect of ours: no answer will be heard any more, so everything is settled here. */
function fail(parts: Parts, cause: unknown): void {
  const error = new InternalError('A defect of kafkarx stopped the producer: please report it with the stack of its cause', cause)
  parts.end.refusal = error
  failAll(parts.accumulator.unsettled, () => error, parts.accumulator).forEach(parts.conclude)
  giveUp(parts, error)
}

function release({ metadata, nodes, records$ }: Parts): void {
  metadata.close()
  nodes.close()
  records$.complete()
}
