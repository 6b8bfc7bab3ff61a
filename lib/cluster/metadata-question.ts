/** One question to one broker: who leads these topics? */
import { defer, map } from 'rxjs'
import type { Observable } from 'rxjs'
import { ProtocolError } from '../errors'
import type { KafkaError } from '../errors'
import { MetadataRequest } from '../generated/messages/MetadataRequest'
import { MetadataResponse } from '../generated/messages/MetadataResponse'
import { ask } from '../network/ask'
import type { Connection } from '../network/connection'
import { brokerError } from '../protocol/broker-error'
import type { MetadataAnswer } from './merge'

const METADATA = { request: MetadataRequest, response: MetadataResponse }

/** With auto-creation, as Java's producer asks: whether a topic is made is the broker's decision (auto.create.topics.enable). */
export function askForTopics(connection: Connection, topics: readonly string[]): Observable<MetadataAnswer> {
  return defer(() => {
    const version = connection.versionOf(METADATA)
    const request = { topics: topics.map((name) => ({ name })), allowAutoTopicCreation: true }
    return ask(connection, METADATA, request, version).pipe(map((response) => ({ response, version })))
  })
}

/** Why an answer is none. */
export function problemWith({ errorCode, brokers }: MetadataResponse): KafkaError | undefined {
  if (errorCode !== 0) return brokerError(errorCode, 'A broker refused to describe the cluster')
  // A broker that has just started may know of none, not even of itself.
  return brokers.length === 0 ? new ProtocolError('A broker answered that the cluster has no nodes') : undefined
}
