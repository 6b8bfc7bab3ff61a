/** What goes around a message: the length and header before a request, the header before an answer. */
import { ProtocolError } from '../errors'
import { RequestHeader } from '../generated/messages/RequestHeader'
import { ResponseHeader } from '../generated/messages/ResponseHeader'
import { INT32_BYTES, int32At, putInt32 } from '../wire/int32'
import { Reader } from '../wire/reader'
import { INITIAL_CAPACITY, Writer } from '../wire/writer'
import { apiKeyOf } from './api'
import type { RequestCodec, ResponseCodec } from './api'

/** Who asks: in every request header. */
export interface RequestOrigin {
  readonly clientId: string | null
  readonly correlationId: number
}

/**
 * A request as chunks for a gather write: length, header, message. Records are taken in by reference.
 *
 * Throws what the codec throws: ProtocolError for a value that its type cannot hold, UnsupportedVersionError for a field that would
 * be lost.
 */
export function encodeRequest<Q>(request: RequestCodec<Q>, value: Q, version: number, origin: RequestOrigin): readonly Uint8Array[] {
  // Of the memory that Node shares among small buffers: one of its own would cost as much as writing a small request.
  const writer = new Writer(Buffer.allocUnsafe(INITIAL_CAPACITY))
  writer.int32(0)
  const header = { requestApiKey: apiKeyOf(request), requestApiVersion: version, ...origin }
  RequestHeader.write(writer, header, request.headerVersion(version))
  request.write(writer, value, version)
  const chunks = writer.chunks()
  putLength(chunks, writer.size - INT32_BYTES)
  return chunks
}

/** The length is known last and stands first: the writer's first chunk begins with the room that was left for it. */
function putLength([first]: readonly Uint8Array[], length: number): void {
  if (first !== undefined) putInt32(first, 0, length)
}

/** Which request a frame answers: every version of the response header begins with it. */
export function correlationIdOf(frame: Uint8Array): number {
  if (frame.length < INT32_BYTES) throw new ProtocolError(`An answer of ${String(frame.length)} bytes is too short for a correlation id`)
  return int32At(frame, 0)
}

/**
 * The message in an answer's frame. Bytes behind it are not looked at, as in Java.
 *
 * Throws ProtocolError when the bytes are not that message.
 */
export function decodeResponse<A>(response: ResponseCodec<A>, frame: Uint8Array, version: number): A {
  const reader = new Reader(frame)
  ResponseHeader.read(reader, response.headerVersion(version))
  return response.read(reader, version)
}
