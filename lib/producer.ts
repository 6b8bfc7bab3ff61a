/** The producer: wires the stages, and is what users hold. */
import { defer, map, merge, mergeMap, Observable, ReplaySubject, Subject, takeUntil } from 'rxjs'
import { BufferPool } from './batch/buffer-pool'
import type { PartitionInfo } from './cluster/cluster'
import { connectCluster } from './cluster/connect'
import type { Metadata } from './cluster/metadata'
import { resolveConfig } from './config'
import type { ProducerConfig, Settings } from './config'
import { ConfigError, InternalError, ProducerClosedError } from './errors'
import type { KafkaError } from './errors'
import type { ProducerEvent } from './events'
import { accumulate, createAccumulator } from './pipeline/accumulate'
import type { AccumulateOptions, Shared, Withdrawal } from './pipeline/accumulate'
import { ByteBudget } from './pipeline/byte-budget'
import { createClosing } from './pipeline/closing'
import { deliver } from './pipeline/deliver'
import { demandOf } from './pipeline/demand'
import { every, metricsOf } from './pipeline/metrics'
import type { ProducerMetrics } from './pipeline/metrics'
import { createRoom } from './pipeline/room'
import { onDeliveryOf, onSendOf } from './pipeline/interception'
import { Ledger } from './pipeline/ledger'
import type { Tally } from './pipeline/ledger'
import { produce } from './pipeline/produce'
import type { ProduceOptions } from './pipeline/produce'
import type { SendContext } from './pipeline/send'
import { sendingHalf } from './pipeline/sending'
import type { Lent, SendingHalf } from './pipeline/sending'
import { deliveryTimedOut, settle } from './pipeline/settle'
import type { SettleOptions } from './pipeline/settle'
import type { NodeId, PartitionedRecord } from './record'
import { clockOf } from './time'
import { ZERO_UUID } from './wire/uuid'

/** What `close` did with the records that were unsettled when it was called. */
export type CloseReport = Tally

export interface CloseOptions {
  /** Milliseconds after which what is not settled is given up. Default 30,000. */
  readonly timeout?: number
}

export interface Producer extends SendingHalf, AsyncDisposable {
  /** The topic's partitions, once they are known. Errors as `maxBlock` says. */
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
    partitionsFor: (topic) => new Observable((subscriber) => started().metadata.partitionsFor(topic).subscribe(subscriber)),
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
  const { nodes, metadata, records$, conclude } = parts

  records$
    .pipe(
      accumulate(gathering(parts), sharing(parts)),
      mergeMap((batches$) => batches$.pipe(produce(() => nodes.connectionOf(batches$.key), producing(parts)))),
      settle(settling(parts)),
    )
    .subscribe({ next: conclude, error: (cause: unknown) => fail(parts, cause) })
  nodes.failures$.subscribe(({ address: { host, port }, error }) => report({ type: 'connection-failed', host, port, error }))

  const closing = createClosing({ ...parts, giveUp: () => giveUp(parts, gaveUp()), release: () => release(parts) })
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

/** What the stages share. */
type Parts = ReturnType<typeof partsOf>

interface End {
  /** Set by `close`: no record is accepted any more. */
  refusal?: KafkaError
  /** Set when closing takes too long: nothing is sent any more. */
  givenUp?: KafkaError
}

function partsOf(settings: Settings, tell: (event: ProducerEvent) => void) {
  let retries = 0
  const report = (event: ProducerEvent): void => {
    if (event.type === 'retry') retries++
    tell(event)
  }
  const clock = clockOf(settings.scheduler)
  const cluster = connectCluster(settings, clock)
  const memory = new BufferPool(settings.bufferMemory)
  const leaderOf = (topic: string, partition: number): NodeId | undefined => cluster.metadata.leaderOf(topic, partition)
  const { batchSize, maxBatchSize, maxRequestSize, linger, deliveryTimeout } = settings
  const sizes = { batchSize, maxBatchSize, maxRequestSize, linger }
  const canTake = (node: NodeId): boolean => {
    const connection = cluster.nodes.connectionOf(node)
    return connection !== undefined && connection.inFlight < settings.maxInFlight
  }
  const accumulator = createAccumulator<unknown>({ ...sizes, leaderOf, canTake }, { clock, memory, deliveryTimeout })
  const ledger = new Ledger()
  const waiting = new ByteBudget(settings.waitingMemory)
  const room = createRoom({ memory, waiting, clock, isShort: () => accumulator.pressed })
  const wake$ = new Subject<void>()
  const end: End = {}
  const hurry = (): (() => void) => {
    const endHurry = accumulator.hurry()
    wake$.next()
    return endHurry
  }
  return {
    ...cluster,
    ...{ settings, report, clock, memory, leaderOf, canTake, accumulator, ledger, wake$, hurry, end, waiting, room },
    retries: () => retries,
    released$: new ReplaySubject<void>(1),
    records$: new Subject<PartitionedRecord>(),
    abandon$: new Subject<KafkaError>(),
    withdraw$: new Subject<Withdrawal>(),
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

function sending({ metadata, records$, end, settings, withdraw$, ...shared }: Parts): SendContext {
  return {
    ...shared,
    // What still waits for its topic or its serializer when nothing is sent any more is settled here, and not appended.
    append: (record) => {
      const { givenUp } = end
      if (givenUp === undefined) records$.next(record)
      else record.outlet?.settle({ type: 'failed', topic: record.topic, error: givenUp, context: record.context })
    },
    refusal: () => end.refusal,
    onSend: onSendOf(settings.interceptors, shared.report),
    onDelivery: onDeliveryOf(settings.interceptors, shared.report),
    withdraw: (stream, error) => withdraw$.next({ stream, error }),
    partitionsOf: (topic) => metadata.partitionCount(topic) ?? metadata.partitionsFor(topic).pipe(map(({ length }) => length)),
    ...(settings.partitioner && { partitioner: settings.partitioner }),
  }
}

function gathering({ settings, metadata, nodes, wake$, leaderOf, canTake, gone$ }: Parts): AccumulateOptions {
  const { maxBlock, maxRequestSize } = settings
  return { leaderOf, canTake, gone$, maxBlock, maxRequestSize, wake$: merge(wake$, nodes.changes$, metadata.changes$) }
}

function sharing({ settings, metadata, conclude, ...parts }: Parts): Shared<unknown> {
  return {
    ...parts,
    leaderless: (topics) => topics.forEach(metadata.refresh),
    expired: (batch) => {
      const cause = batch.lastError ?? metadata.reasonFor(batch.topic)
      conclude({ type: 'failed', batch, error: deliveryTimedOut(batch, settings.deliveryTimeout, cause) })
    },
  }
}

function producing({ settings, metadata }: Parts): ProduceOptions {
  return {
    acks: settings.acks,
    timeout: settings.requestTimeout,
    topicId: (topic) => metadata.cluster.topics.get(topic)?.id ?? ZERO_UUID,
  }
}

function settling({ settings, metadata, wake$, end, ...shared }: Parts): SettleOptions<unknown> {
  return {
    ...shared,
    retries: settings.retries,
    retryBackoff: { initial: settings.retryBackoff, max: settings.retryBackoffMax },
    deliveryTimeout: settings.deliveryTimeout,
    refresh: metadata.refresh,
    wake: () => wake$.next(),
    givenUp: () => end.givenUp,
  }
}

/** Every place where a record may wait, from the front of the way to its end. */
function giveUp({ end, abandon$, metadata, accumulator, conclude, nodes }: Parts, error: KafkaError): void {
  end.givenUp = error
  abandon$.next(error)
  metadata.close()
  for (const batch of accumulator.purge()) conclude({ type: 'failed', batch, error })
  nodes.close()
}

const gaveUp = (): ProducerClosedError =>
  new ProducerClosedError('The producer was closed before the record was acknowledged: give close a longer timeout')

/** The shared pipeline broke, by a defect of ours: no answer will be heard any more, so everything is settled here. */
function fail(parts: Parts, cause: unknown): void {
  const error = new InternalError('A defect of kafkarx stopped the producer: please report it with the stack of its cause', cause)
  parts.end.refusal = error
  for (const batch of parts.accumulator.abandon()) parts.conclude({ type: 'failed', batch, error })
  giveUp(parts, error)
}

function release({ metadata, nodes, records$, released$ }: Parts): void {
  released$.next()
  metadata.close()
  nodes.close()
  records$.complete()
}
