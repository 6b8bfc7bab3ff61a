/** What the stages of one producer share, and how they are told apart from each other's work. */
import { ReplaySubject, Subject } from 'rxjs'
import { BufferPool, LARGEST_PIECE } from '../batch/buffer-pool'
import { unnumbered } from '../batch/sequencer'
import type { Sequencer } from '../batch/sequencer'
import { connectCluster } from '../cluster/connect'
import type { ClusterLink } from '../cluster/connect'
import type { Settings } from '../config'
import type { KafkaError } from '../errors'
import type { ProducerEvent } from '../events'
import { producerIdentity } from '../identity/producer-identity'
import { producerSequencer } from '../identity/producer-sequencer'
import type { NodeId, PartitionedRecord } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { createAccumulator } from './accumulate'
import type { AccumulateOptions, Withdrawal } from './accumulate'
import { ByteBudget } from './byte-budget'
import { deliver } from './deliver'
import { funnel } from './funnel'
import { Ledger } from './ledger'
import { createRoom } from './room'

export type Parts = ReturnType<typeof sharedParts>

export interface End {
  /** Set by `close`: no record is accepted any more. */
  refusal?: KafkaError
  /** Set when closing takes too long: nothing is sent any more. */
  givenUp?: KafkaError
}

type Report = (event: ProducerEvent) => void

export const partsOf = (settings: Settings, tell: Report): Parts => sharedParts(settings, tell)

function sharedParts(settings: Settings, tell: Report) {
  const { report, retries } = countingRetries(tell)
  const clock = clockOf(settings.scheduler)
  const cluster = connectCluster(settings, clock)
  const memory = new BufferPool(settings.bufferMemory)
  const numbers = numbering(settings, cluster, { clock, report })
  const gathering = gatheringIn(settings, cluster)
  const { deliveryTimeout } = settings
  const accumulator = createAccumulator<unknown>(gathering, { clock, memory, deliveryTimeout, sequencer: numbers.sequencer })
  // Before anybody looks for what can leave.
  cluster.anew$.subscribe((topic) => accumulator.madeAnew(topic))
  const ledger = new Ledger(cluster.metadata.inUse)
  const waiting = new ByteBudget(settings.waitingMemory)
  const wake$ = new Subject<void>()
  const hurry = (): (() => void) => {
    const endHurry = accumulator.hurry()
    wake$.next()
    return endHurry
  }
  const end: End = {}
  return {
    ...cluster,
    ...numbers,
    ...{ settings, report, retries, clock, memory, gathering, accumulator, ledger, waiting, wake$, hurry, end },
    room: createRoom({
      ...{ memory, waiting, clock, isShort: () => accumulator.pressed },
      // Also a small one may need another piece for its batch.
      largestRecord: Math.max(settings.maxRequestSize, LARGEST_PIECE),
    }),
    released$: new ReplaySubject<void>(1),
    records: funnel<PartitionedRecord>(),
    abandon$: new Subject<KafkaError>(),
    withdraw$: new Subject<Withdrawal>(),
    ...deliver(clock),
    /** Asks for a producer id as soon as there is somebody to ask, while the topics of the first records are still being asked for. */
    prepare: (): void => {
      if (settings.idempotence && ledger.unsettled > 0) numbers.identity.epochs.current()
    },
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

function countingRetries(tell: Report) {
  let count = 0
  const report: Report = (event) => {
    if (event.type === 'retry') count++
    tell(event)
  }
  return { report, retries: () => count }
}

/** Batches by partition: who takes them, when they are full, and where those go that may go anywhere. */
function gatheringIn(settings: Settings, { metadata, nodes }: ClusterLink): AccumulateOptions {
  const { batchSize, maxBatchSize, maxRequestSize, linger, maxInFlight, maxBlock, preferredRack, ...rest } = settings
  const { adaptivePartitioning, partitionerAvailabilityTimeout, compression } = rest
  const isNear = (node: NodeId): boolean => metadata.cluster.nodes.get(node)?.rack === preferredRack
  const canTake = (node: NodeId): boolean => {
    const connection = nodes.connectionOf(node)
    return connection !== undefined && connection.inFlight < maxInFlight
  }
  return {
    ...{ batchSize, maxBatchSize, maxRequestSize, linger, maxBlock, compression },
    ...{ adaptivePartitioning, partitionerAvailabilityTimeout, ...(preferredRack !== undefined && { isNear }) },
    ...{ leaderOf: metadata.leaderOf, canTake },
  }
}

/** Who numbers the batches, and what happens when nobody gives the producer an id. */
function numbering(settings: Settings, { nodes }: ClusterLink, { clock, report }: { readonly clock: Clock; readonly report: Report }) {
  const denied$ = new Subject<KafkaError>()
  const fatal$ = new Subject<KafkaError>()
  const identity = producerIdentity({
    ...{ nodes, clock, report },
    retryBackoff: { initial: settings.retryBackoff, max: settings.retryBackoffMax },
    denied: (error) => denied$.next(error),
    fatal: (error) => fatal$.next(error),
  })
  const sequencer = (): Sequencer => (settings.idempotence ? producerSequencer(identity.epochs) : unnumbered)
  return { identity, sequencer, denied$, fatal$ }
}
