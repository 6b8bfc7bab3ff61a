/** A broker whose answers a spec decides: it speaks the generated codecs over any Socket. The real in-process cluster lives in lib/testing. */
import { frames } from '../../lib/network/frames'
import type { Address, Socket } from '../../lib/network/transport'
import type { Api } from '../../lib/protocol/api'
import { apiKeyOf } from '../../lib/protocol/api'
import { stableVersions } from '../../lib/protocol/versions'
import type { Clock } from '../../lib/time'
import { ApiVersionsRequest } from '../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../lib/generated/messages/ApiVersionsResponse'
import { RequestHeader } from '../../lib/generated/messages/RequestHeader'
import { ResponseHeader } from '../../lib/generated/messages/ResponseHeader'
import type { Message, VersionRange } from '../../lib/wire/message'
import { Reader } from '../../lib/wire/reader'
import { Writer } from '../../lib/wire/writer'
import type { MemoryNetwork } from './memory-transport'

/** What a handler answers: a value, nothing ever, a closed connection, or bytes of its own instead of a frame's body. */
export type Reply<A> =
  | { readonly type: 'value'; readonly value: A; readonly after?: number }
  | { readonly type: 'silence' }
  | { readonly type: 'hang up' }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }

export const value = <A>(answer: A, after = 0): Reply<A> => ({ type: 'value', value: answer, after })
export const silence: Reply<never> = { type: 'silence' }
export const hangUp: Reply<never> = { type: 'hang up' }
export const bytes = (raw: Uint8Array): Reply<never> => ({ type: 'bytes', bytes: raw })

/** A request as it arrived. */
export interface Received {
  readonly api: string
  readonly version: number
  readonly headerVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly value: unknown
  readonly at: number
}

type Handler = (reader: Reader, version: number) => Handled
interface Handled {
  readonly value: unknown
  readonly reply: Reply<(writer: Writer) => void>
}

export interface ScriptedBroker {
  readonly address: Address
  readonly received: readonly Received[]
  /** Answers of one api from now on. */
  on<Q extends QI, QI, A extends AI, AI>(pair: Pair<Q, QI, A, AI>, answer: (request: Q, version: number) => Reply<AI>): void
  /** Claims these versions of an api; null: does not know it. */
  speaks(api: Pick<Api<never, unknown>, 'request'>, versions: VersionRange | null): void
  /** The api names of what arrived, without ApiVersions. */
  readonly asked: readonly string[]
  connections(): number
}

/** The two generated messages of an api. */
export interface Pair<Q extends QI, QI, A extends AI, AI> {
  readonly request: Message<Q, QI>
  readonly response: Message<A, AI>
}

const VERSIONS = { request: ApiVersionsRequest, response: ApiVersionsResponse }

export function scriptedBroker(network: MemoryNetwork, clock: Clock, address: Address): ScriptedBroker {
  const handlers = new Map<number, { readonly name: string; readonly codec: Codec; readonly handle: Handler }>()
  const versions = new Map<number, VersionRange>()
  const received: Received[] = []
  let open = 0

  const on: ScriptedBroker['on'] = ({ request, response }, answer) => {
    const key = apiKeyOf(request)
    versions.set(key, versions.get(key) ?? stableVersions(request))
    const handle: Handler = (reader, version) => {
      const asked = request.read(reader, version)
      const reply = answer(asked, version)
      if (reply.type !== 'value') return { value: asked, reply }
      return { value: asked, reply: { ...reply, value: (writer) => response.write(writer, reply.value, version) } }
    }
    handlers.set(key, { name: request.name.replace('Request', ''), codec: { request, response }, handle })
  }

  function serve(socket: Socket): void {
    open++
    socket.data.pipe(frames(1 << 30)).subscribe({
      next: (frame) => answer(socket, new Reader(frame)),
      error: () => open--,
      complete: () => open--,
    })
  }

  function answer(socket: Socket, reader: Reader): void {
    const [key, version] = [reader.int16(), reader.int16()]
    reader.position = 0
    const handler = handlers.get(key)
    if (handler === undefined) return socket.close()
    if (key === ApiVersionsRequest.apiKey && !within(versions.get(key), version)) return refuseVersion(socket, reader)
    const headerVersion = handler.codec.request.headerVersion(version)
    const { correlationId, clientId } = RequestHeader.read(reader, headerVersion)
    const handled = handler.handle(reader, version)
    reader.finish(handler.name)
    received.push({ api: handler.name, version, headerVersion, correlationId, clientId, value: handled.value, at: clock.now() })
    send(socket, handled.reply, () => header(correlationId, handler.codec.response.headerVersion(version)))
  }

  /** As a broker does since 2.4: at version 0, with the versions of ApiVersions alone. */
  function refuseVersion(socket: Socket, reader: Reader): void {
    const { correlationId } = RequestHeader.read(reader, 1)
    const writer = header(correlationId, 0)
    const range = versions.get(18)
    const apiKeys = range === undefined ? [] : [{ apiKey: 18, minVersion: range.min, maxVersion: range.max }]
    ApiVersionsResponse.write(writer, { errorCode: 35, apiKeys }, 0)
    socket.write([framed(writer)])
  }

  function send(socket: Socket, reply: Handled['reply'], begin: () => Writer): void {
    if (reply.type === 'hang up') socket.close()
    if (reply.type === 'bytes') socket.write([reply.bytes])
    if (reply.type !== 'value') return
    const writer = begin()
    reply.value(writer)
    clock.schedule(reply.after ?? 0, () => socket.write([framed(writer)]))
  }

  on(VERSIONS, () =>
    value({ errorCode: 0, apiKeys: [...versions].map(([apiKey, { min, max }]) => ({ apiKey, minVersion: min, maxVersion: max })) }),
  )
  network.listen(address, serve)

  return {
    address,
    received,
    on,
    speaks: ({ request }, range) => {
      if (range === null) versions.delete(apiKeyOf(request))
      else versions.set(apiKeyOf(request), range)
    },
    get asked() {
      return received.map(({ api }) => api).filter((api) => api !== 'ApiVersions')
    },
    connections: () => open,
  }
}

interface Codec {
  readonly request: { headerVersion(version: number): number }
  readonly response: { headerVersion(version: number): number }
}

const within = (range: VersionRange | undefined, version: number): boolean =>
  range !== undefined && version >= range.min && version <= range.max

function header(correlationId: number, version: number): Writer {
  const writer = new Writer()
  ResponseHeader.write(writer, { correlationId }, version)
  return writer
}

function framed(body: Writer): Uint8Array {
  const writer = new Writer()
  writer.int32(body.size)
  writer.raw(body.finish())
  return writer.finish()
}
