import type { OperatorFunction } from 'rxjs'
import type { Compression } from '../batch/compression/compression'
import { typeOf } from '../batch/compression/compression'
import { ConnectError, textOf, UnsupportedVersionError } from '../errors'
import type { KafkaError } from '../errors'
import { ProduceRequest } from '../generated/messages/ProduceRequest'
import { ProduceResponse } from '../generated/messages/ProduceResponse'
import type { Connection } from '../network/connection'
import type { Outcome } from '../network/exchange'
import type { VersionRange } from '../wire/message'
import { ZERO_UUID } from '../wire/uuid'
import type { Drained } from './batch-streams'
import { operate } from './operate'
import type { Sink } from './stage'

export type Acks = -1 | 0 | 1

export interface ProduceOptions {
  /** −1: all in-sync replicas have it; 1: the leader has it; 0: nobody says. */
  readonly acks: Acks
  /** What the batches may be compressed with. Default none. */
  readonly compression?: Compression
  /** Milliseconds that the broker may wait for its replicas. */
  readonly timeout: number
  /** The topic's id, which requests carry from version 13 on (KIP-516). */
  readonly topicId: (topic: string) => string
}

/** What became of a request: an answer, a request that none was asked for, or a failure that leaves open whether it arrived. */
export interface ProduceAnswer<C> {
  readonly batches: Drained<C>
  /** The names of the topics that the request named by id. */
  readonly topicNames: ReadonlyMap<string, string>
  readonly outcome: Outcome<ProduceResponse>
}

const api = { request: ProduceRequest, response: ProduceResponse }

/**
 * Sends what is drained for a node, one request a drain, and gives what became of each. Answers come in the order of the requests.
 * `connection` gives the node's open connection; without one, what was drained fails as not sent.
 */
export function produce<C>(
  connection: () => Connection | undefined,
  options: ProduceOptions,
): OperatorFunction<Drained<C>, ProduceAnswer<C>> {
  return operate((destination: Sink<ProduceAnswer<C>>) => {
    let unanswered = 0
    let sourceCompleted = false

    const answered = (answer: ProduceAnswer<C>): void => {
      unanswered--
      destination.next(answer)
      if (sourceCompleted && unanswered === 0) destination.complete()
    }
    return {
      next: (batches) => {
        unanswered++
        // Kept from now: an id may belong to another topic, or to none, when the answer comes.
        const topicNames = new Map<string, string>()
        for (const { topic } of batches) topicNames.set(options.topicId(topic), topic)
        send(connection(), batches, options, (outcome) => answered({ batches, topicNames, outcome }))
      },
      complete: () => {
        sourceCompleted = true
        if (unanswered === 0) destination.complete()
      },
    }
  })
}

function send<C>(
  connection: Connection | undefined,
  batches: Drained<C>,
  options: ProduceOptions,
  answered: (outcome: Outcome<ProduceResponse>) => void,
): void {
  if (connection === undefined) {
    answered({ type: 'failed', error: new ConnectError('The node lost its connection before the batch was sent'), sent: false })
    return
  }
  for (const batch of batches) {
    batch.attempts++
    batch.writeStarted()
  }
  try {
    connection.send({
      api,
      value: requestOf(batches, options),
      version: versionFor(connection, batches, options),
      answer: options.acks === 0 ? 'none' : 'expected',
      released: () => {
        for (const batch of batches) batch.writeReleased()
      },
      answered,
    })
  } catch (error) {
    for (const batch of batches) batch.writeReleased()
    answered({ type: 'failed', error: error as KafkaError, sent: false })
  }
}

/** Throws UnsupportedVersionError, also for what these batches need and the broker does not have. */
function versionFor<C>(connection: Connection, batches: Drained<C>, options: ProduceOptions): number {
  const limits = versionsFor(batches, options)
  try {
    return connection.versionOf(api, limits)
  } catch (error) {
    throw limits.min === ZSTD_FROM ? tooOldForZstd(error) : error
  }
}

/** From version 13 on a topic is named by its id alone (KIP-516): where one has none, an older version names them. */
function versionsFor<C>(batches: Drained<C>, { topicId, compression = 'none' }: ProduceOptions): VersionRange {
  const { min, max } = ProduceRequest.validVersions
  return {
    min: typeOf(compression) === 'zstd' ? ZSTD_FROM : min,
    max: batches.some(({ topic }) => topicId(topic) === ZERO_UUID) ? NAMED_UNTIL : max,
  }
}

/** Brokers before 2.1 do not know the codec, and their topics may have consumers that do not (KIP-110). */
const ZSTD_FROM = 7
const tooOldForZstd = (error: unknown): UnsupportedVersionError =>
  new UnsupportedVersionError(`Compression with zstd needs brokers of Kafka 2.1 or newer; choose another one. ${textOf(error)}`)

const NAMED_UNTIL = 12

function requestOf<C>(batches: Drained<C>, { acks, timeout, topicId }: ProduceOptions) {
  const topics = new Map<string, TopicData>()
  const topicData: TopicData[] = []
  for (const { topic, partition, parts } of batches) {
    let ofTopic = topics.get(topic)
    if (ofTopic === undefined) {
      ofTopic = { name: topic, topicId: topicId(topic), partitionData: [] }
      topics.set(topic, ofTopic)
      topicData.push(ofTopic)
    }
    ofTopic.partitionData.push({ index: partition, records: parts })
  }
  return { transactionalId: null, acks, timeoutMs: timeout, topicData }
}

interface TopicData {
  readonly name: string
  readonly topicId: string
  readonly partitionData: { readonly index: number; readonly records: readonly Uint8Array[] }[]
}
