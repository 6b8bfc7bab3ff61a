/** Frames out of bytes: Kafka puts an int32 length before every answer, and TCP cuts the stream wherever it likes. */
import { Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { ProtocolError, TlsError } from '../errors'
import type { KafkaError } from '../errors'

const LENGTH_BYTES = 4

/** What one chunk completed: frames in order, then the problem that ends the stream, if there is one. */
interface Cut {
  readonly frames: readonly Uint8Array[]
  readonly problem?: KafkaError
}

/**
 * The frames of a stream of chunks, without their length. A frame that lies in one chunk is a view of that chunk; one that is cut
 * is joined once, when its last byte is there, so nothing is allocated for bytes that were only promised.
 *
 * Errors with a ProtocolError after the frames before it when a length is negative or above `maxLength` (bytes), or with a TlsError when
 * it looks as if the peer spoke TLS: a length of 2 GB kills the I/O thread of Java's producer, here it ends this one connection.
 */
export function frames(maxLength: number): OperatorFunction<Uint8Array, Uint8Array> {
  return (chunks) =>
    new Observable((subscriber) => {
      const cut = frameCutter(maxLength)
      return chunks.subscribe({
        next: (chunk) => {
          const { frames, problem } = cut(chunk)
          for (const frame of frames) subscriber.next(frame)
          if (problem !== undefined) subscriber.error(problem)
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    })
}

/** Remembers what is unfinished between chunks; a chunk is cut up entirely before anybody hears of its frames. */
function frameCutter(maxLength: number): (chunk: Uint8Array) => Cut {
  const length = lengthReader()
  const body = bodyCollector()

  return (chunk) => {
    const frames: Uint8Array[] = []
    for (let at = 0; at < chunk.length;) {
      if (!body.isOpen()) {
        at = length.read(chunk, at)
        if (!length.isComplete()) break
        const size = length.take()
        if (size < 0 || size > maxLength) return { frames, problem: badLength(size, maxLength) }
        body.begin(size)
      }
      at = body.read(chunk, at)
      if (body.isComplete()) frames.push(body.take())
    }
    return { frames }
  }
}

const badLength = (size: number, maxLength: number): KafkaError =>
  isTls(size)
    ? new TlsError('answers in TLS: set tls, or take the port of a listener without it', 'required')
    : new ProtocolError(`A frame claims ${String(size)} bytes, allowed are 0 to ${String(maxLength)}: is this a Kafka listener?`)

/** An alert or a handshake (21, 22) of SSL 3 or TLS (3, 0…4), where a length should be. */
const isTls = (size: number): boolean =>
  (size >>> 24 === 21 || size >>> 24 === 22) && ((size >>> 16) & 0xff) === 3 && ((size >>> 8) & 0xff) <= 4

/** The int32 before a frame, which may itself be cut. */
function lengthReader() {
  let value = 0
  let seen = 0
  return {
    isComplete: () => seen === LENGTH_BYTES,
    read(chunk: Uint8Array, from: number): number {
      let at = from
      while (seen < LENGTH_BYTES && at < chunk.length) {
        value = (value << 8) | (chunk[at++] ?? 0)
        seen++
      }
      return at
    },
    take(): number {
      const length = value
      value = 0
      seen = 0
      return length
    },
  }
}

/** The bytes of one frame: a view when they lie in one chunk, else pieces that are joined once. */
function bodyCollector() {
  let open = false
  let size = 0
  let held = 0
  let pieces: Uint8Array[] = []
  return {
    isOpen: () => open,
    isComplete: () => open && held === size,
    begin(length: number): void {
      open = true
      size = length
      held = 0
    },
    read(chunk: Uint8Array, from: number): number {
      const end = Math.min(chunk.length, from + size - held)
      if (end > from) pieces.push(chunk.subarray(from, end))
      held += end - from
      return end
    },
    take(): Uint8Array {
      const frame = joined(pieces, size)
      pieces = []
      open = false
      return frame
    },
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return first
  const whole = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
