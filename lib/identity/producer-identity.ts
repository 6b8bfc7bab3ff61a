/** The id under which an idempotent producer writes: asked of any broker when it is first needed, and again when its epochs are used up. */
import { defer, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { ProtocolError, textOf, UnsupportedVersionError } from '../errors'
import type { KafkaError } from '../errors'
import type { ProducerEvent } from '../events'
import { InitProducerIdRequest } from '../generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../generated/messages/InitProducerIdResponse'
import { ask } from '../network/ask'
import type { Connection } from '../network/connection'
import { backoffAfter } from '../network/backoff'
import type { Backoff } from '../network/backoff'
import { asKafkaError } from '../network/exchange-errors'
import { brokerError } from '../protocol/broker-error'
import type { Nodes } from '../cluster/nodes'
import type { Cancel, Clock } from '../time'
import { LocalEpochs } from './producer-epochs'
import type { ProducerEpochs } from './producer-epochs'

export interface ProducerIdentity {
  readonly epochs: ProducerEpochs
  /** There is an id, or it may be asked for again. */
  readonly changes$: Observable<void>
  /** Why the last question had no answer. */
  lastError(): KafkaError | undefined
  /** Asks no more. */
  readonly close: () => void
}

export interface ProducerIdentityOptions {
  readonly nodes: Nodes
  readonly clock: Clock
  readonly retryBackoff: Backoff
  readonly report: (event: ProducerEvent) => void
  /** What waits for an id fails; who comes later asks again. */
  readonly denied: (error: KafkaError) => void
  /** No broker will ever give one. */
  readonly fatal: (error: KafkaError) => void
}

const INIT = { request: InitProducerIdRequest, response: InitProducerIdResponse }

const CLUSTER_AUTHORIZATION_FAILED = 31
const NEEDS = new Map([[CLUSTER_AUTHORIZATION_FAILED, 'an idempotent producer needs WRITE on a topic, or IDEMPOTENT_WRITE on the cluster']])

/** A right that is missing may be granted while the producer runs (KAFKA-13668). */
const DENIED: ReadonlySet<string> = new Set(['CLUSTER_AUTHORIZATION_FAILED', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'])

export function producerIdentity(options: ProducerIdentityOptions): ProducerIdentity {
  const { nodes, clock, retryBackoff, report, denied, fatal } = options
  const changes = new Subject<void>()
  let state: 'idle' | 'asking' | 'resting' | 'closed' = 'idle'
  let failures = 0
  let lastError: KafkaError | undefined
  let endRest: Cancel | undefined

  const demand = (): void => {
    const connection = state === 'idle' ? nodes.anyConnection() : undefined
    if (connection === undefined) return
    state = 'asking'
    idFrom(connection).subscribe({ next: answered, error: failed })
  }
  const answered = ({ errorCode, producerId, producerEpoch }: InitProducerIdResponse): void => {
    if (state === 'closed') return
    if (errorCode !== 0) return failed(brokerError(errorCode, 'The broker gave the producer no id', NEEDS.get(errorCode)))
    if (producerId < 0n || producerEpoch < 0) return failed(noId(producerId, producerEpoch))
    state = 'idle'
    failures = 0
    lastError = undefined
    epochs.assign({ producerId, producerEpoch })
    report({ type: 'producer-id', producerId, epoch: producerEpoch })
    changes.next()
  }
  const failed = (cause: unknown): void => {
    if (state === 'closed') return
    // A bug in a codec, or an answer cut short, is no word of the broker: it is asked again.
    const error = asKafkaError(cause)
    lastError = error
    state = 'resting'
    failures++
    endRest = clock.schedule(backoffAfter(failures, retryBackoff, clock.random()), () => {
      state = 'idle'
      changes.next()
    })
    // Not from within a question whether something may leave: what it means empties the queues.
    if (!error.retriable) clock.yield(() => refused(error))
  }
  const refused = (error: KafkaError): void => {
    if (DENIED.has(error.code)) denied(error)
    else if (!(error instanceof ProtocolError)) fatal(error)
  }
  const epochs = new LocalEpochs({
    demand,
    bumped: ({ producerId, producerEpoch }) => report({ type: 'epoch-bumped', producerId, epoch: producerEpoch }),
  })
  return {
    epochs,
    changes$: changes.asObservable(),
    lastError: () => lastError,
    close: () => {
      state = 'closed'
      endRest?.()
    },
  }
}

function idFrom(connection: Connection): Observable<InitProducerIdResponse> {
  return defer(() => {
    try {
      return ask(connection, INIT, { ...InitProducerIdRequest.create(), transactionalId: null }, connection.versionOf(INIT))
    } catch (cause) {
      throw new UnsupportedVersionError(`Brokers before 0.11 know no idempotent producers, set idempotence to false: ${textOf(cause)}`)
    }
  })
}

/** Under a number below 0 a batch is no idempotent one, and the log would take it twice: such an answer was damaged on its way. */
const noId = (producerId: bigint, producerEpoch: number): ProtocolError =>
  new ProtocolError(`The broker gave the producer ${String(producerId)} as its id, and epoch ${String(producerEpoch)}: neither is below 0`)
