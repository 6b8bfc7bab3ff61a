/** A request and its answer: what of a generated pair of messages the network needs. */
import { ProtocolError } from '../errors'
import type { MessageFacts } from '../wire/message'
import type { Reader } from '../wire/reader'
import type { Writer } from '../wire/writer'

type RequestFacts = Pick<MessageFacts, 'name' | 'apiKey' | 'validVersions' | 'latestVersionUnstable'>

/** What it takes to write a request; every generated request is one. */
export interface RequestCodec<Q> extends RequestFacts {
  headerVersion(version: number): number
  write(writer: Writer, value: Q, version: number): void
}

/** What it takes to read an answer; every generated response is one. */
export interface ResponseCodec<A> {
  readonly name: string
  headerVersion(version: number): number
  read(reader: Reader, version: number): A
}

export interface Api<Q, A> {
  readonly request: RequestCodec<Q>
  readonly response: ResponseCodec<A>
}

/** `Produce`, `Metadata`: the name that Kafka's documentation uses. */
export const apiName = ({ name }: { readonly name: string }): string => name.replace(/(Request|Response)$/, '')

/** The number of a request on the wire. */
export function apiKeyOf({ name, apiKey }: RequestFacts): number {
  if (apiKey === null) throw new ProtocolError(`${name} cannot be sent: its schema gives it no api key`)
  return apiKey
}
