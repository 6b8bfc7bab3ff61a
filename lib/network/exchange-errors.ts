/** Why an exchange ended, or took a request no more: said of the broker with whom it was. */
import { DisconnectError, KafkaError, ProtocolError, RequestTimeoutError } from '../errors'
import { apiName } from '../protocol/api'
import type { Address } from './transport'

interface Peer {
  readonly address: Address
  /** How long a request may be unanswered, in ms. */
  readonly requestTimeout: number
}

/** A bug in a codec must look like bad bytes: it ends this connection and not the process. */
export const asKafkaError = (error: unknown): KafkaError =>
  error instanceof KafkaError ? error : new ProtocolError(`Not readable: ${String(error)}`)

const where = ({ address: { host, port } }: Peer): string => `${host}:${String(port)}`

export const tookTooLong = (peer: Peer, request: { readonly name: string } | undefined): RequestTimeoutError =>
  new RequestTimeoutError(
    `${where(peer)} did not answer ${request === undefined ? 'a request' : apiName(request)} within ${String(peer.requestTimeout)} ms: ` +
      'if it is only slow, give it a greater requestTimeout',
  )

export const closedBefore = (peer: Peer): DisconnectError =>
  new DisconnectError(`The connection to ${where(peer)} was closed before the request was sent`)

export const closedByBroker = (peer: Peer): DisconnectError => new DisconnectError(`${where(peer)} closed the connection`)

/** So does a listener that wants another protocol, at once; and one that wants a login, once it is asked for more than its versions. */
export const hungUp = (peer: Peer): DisconnectError =>
  new DisconnectError(`${where(peer)} closed the connection before it did anything for us: does the listener expect TLS or SASL?`)

export const disconnectError = (peer: Peer, cause: KafkaError | undefined): DisconnectError =>
  cause instanceof DisconnectError
    ? cause
    : new DisconnectError(`The connection to ${where(peer)} was closed before the answer came`, cause)
