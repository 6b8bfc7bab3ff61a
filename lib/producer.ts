/** The producer: wires the stages, and is what users hold. */
import { defer, map, merge, mergeMap, ReplaySubject, Subject, takeUntil, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Batch } from './batch/batch'
import type { PartitionInfo } from './cluster/cluster'
import type { Metadata } from './cluster/metadata'
import { resolveConfig } from './config'
import type { ProducerConfig, Settings } from './config'
import { ConfigError, ProducerClosedError, textOf } from './errors'
import type { KafkaError } from './errors'
import type { ProducerEvent } from './events'
import { accumulate } from './pipeline/accumulate'
import type { AccumulateOptions, Shared } from './pipeline/accumulate'
import { createClosing } from './pipeline/closing'
import { demandOf } from './pipeline/demand'
import { fail, giveUp, release, stop } from './pipeline/ending'
import { deliveryTimedOut } from './pipeline/final-error'
import { onDeliveryOf, onSendOf } from './pipeline/interception'
import type { Tally } from './pipeline/ledger'
import { every, metricsOf } from './pipeline/metrics'
import type { ProducerMetrics } from './pipeline/metrics'
import { partsOf } from './pipeline/parts'
import type { Parts } from './pipeline/parts'
import { produce } from './pipeline/produce'
import type { ProduceOptions } from './pipeline/produce'
import type { SendContext } from './pipeline/send'
import { sendingHalf } from './pipeline/sending'
import type { Lent, SendingHalf } from './pipeline/sending'
import { failAll, settle } from './pipeline/settle'
import type { SettleOptions } from './pipeline/settle'
import { ZERO_UUID } from './wire/uuid'

/** What `close` did with the records that were unsettled when it was called. */
export type CloseReport = Tally

/** How long closing may take. */
export interface CloseOptions {
  /** Milliseconds after which what is not settled is given up. Default 30,000. */
  readonly timeout?: number
}

/** What `producer` gives: streams go in by `send`, `sendFrom` and `to`, and whoever subscribes what these give gets one delivery for each record. */
export interface Producer extends SendingHalf, AsyncDisposable {
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
  /**
   * Free bytes of `bufferMemory`: those of now on subscribe, then one value per change of at least a sixteenth of it. For sources that
   * can be paced. Completes when the producer is closed.
   */
  readonly demand$: Observable<number>
  /** Cold: a snapshot every `metricsInterval`, the first after one. Completes when the producer is closed. */
  readonly metrics$: Observable<ProducerMetrics>
}

/** Cold: nothing opens before the first subscription. Throws a ConfigError that names everything that is wrong with `config`. */
export function producer(config: ProducerConfig): Producer {
  const settings = resolveConfig(config)
  const events$ = new Subject<ProducerEvent>()
  let engine: Engine | undefined
  const started = (): Engine => (engine ??= startEngine(settings, (event) => events$.next(event)))

  const close = ({ timeout = 30_000 }: CloseOptions = {}): Observable<CloseReport> => {
    if (!(timeout >= 0)) throw new ConfigError([`timeout: ${String(timeout)} given; milliseconds expected`])
    return started().close(timeout)
  }

  return {
    ...sendingHalf(started),
    partitionsFor: (topic) =>
      defer(() => (isName(topic) ? started().metadata.partitionsFor(topic) : throwError(() => new ConfigError([noName(topic)])))),
    flush: () => started().flush(),
    close,
    events$: events$.asObservable(),
    demand$: defer(() => started().demand$),
    metrics$: defer(() => started().metrics$),
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
interface Engine extends Lent {
  readonly demand$: Observable<number>
  readonly metrics$: Observable<ProducerMetrics>
  readonly metadata: Metadata
  flush(): Observable<never>
  close(timeout: number): Observable<CloseReport>
}

function startEngine(settings: Settings, report: (event: ProducerEvent) => void): Engine {
  const parts = partsOf(settings, report)
  const { nodes, metadata, records, conclude } = parts

  records.out$
    .pipe(
      accumulate(waking(parts), sharing(parts)),
      mergeMap((batches$) => batches$.pipe(produce(() => nodes.connectionOf(batches$.key), producing(parts)))),
      settle(settling(parts)),
    )
    .subscribe({ next: conclude, error: (cause: unknown) => fail(parts, cause) })
  nodes.changes$.subscribe(() => parts.prepare())
  parts.denied$.subscribe((error) => failAll(parts.accumulator.waiting, () => error, parts.accumulator).forEach(conclude))
  parts.fatal$.subscribe((error) => stop(parts, error))
  nodes.failures$.subscribe(({ address: { host, port }, error }) => report({ type: 'connection-failed', host, port, error }))

  const closing = createClosing({ ...parts, giveUp: () => giveUp(parts), release: () => release(parts) })
  return {
    metadata,
    room: parts.room,
    sending: sending(parts),
    demand$: demandOf(parts.room).pipe(takeUntil(parts.released$)),
    metrics$: every(settings.metricsInterval, parts.clock, () => metricsOf(parts)).pipe(takeUntil(parts.released$)),
    flush: () => {
      const settled$ = new ReplaySubject<never>()
      parts.settleAll(() => settled$.complete())
      return settled$.asObservable()
    },
    close: (timeout) => {
      parts.end.refusal ??= new ProducerClosedError('The producer is closed')
      // Whoever is pulled learns of it here: nothing else may happen any more.
      parts.room.poke()
      return closing.within(timeout)
    },
  }
}

function sending({ metadata, records, end, settings, withdraw$, ...shared }: Parts): SendContext {
  return {
    ...shared,
    // What still waits for its topic or its serializer when nothing is sent any more is settled here, and not appended.
    append: (record) => {
      const { givenUp } = end
      if (givenUp === undefined) records.put(record)
      else record.outlet?.settle({ type: 'failed', topic: record.topic, error: givenUp, context: record.context })
    },
    refusal: () => end.refusal,
    onSend: onSendOf(settings.interceptors, shared.report),
    onDelivery: onDeliveryOf(settings.interceptors, shared.report),
    withdraw: (stream, error) => withdraw$.next({ stream, error }),
    partitionsOf: (topic) => metadata.partitionCount(topic) ?? metadata.partitionsFor(topic).pipe(map(({ length }) => length)),
    awaitPartition: (topic, partition) => metadata.partitionsFor(topic, partition).pipe(map(({ length }) => length)),
    isAvailable: (topic, partition) => metadata.leaderOf(topic, partition) !== undefined,
    ...(settings.partitioner && { partitioner: settings.partitioner }),
  }
}

function waking({ gathering, gone$, wake$, nodes, metadata, identity }: Parts): AccumulateOptions {
  return { ...gathering, gone$, wake$: merge(wake$, nodes.changes$, metadata.changes$, identity.changes$) }
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
        const cause = batch.lastError ?? identity.lastError() ?? metadata.reasonFor(batch.topic, batch.partition)
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
