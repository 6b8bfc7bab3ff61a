/** What a broker writes on a connection. */
import { ResponseHeader } from '../../generated/messages/ResponseHeader'
import type { Socket } from '../../network/transport'
import { INT32_BYTES, putInt32 } from '../../wire/int32'
import { Writer } from '../../wire/writer'

/** A whole answer: length, header, body. */
export function framed(body: Writer, correlationId: number, headerVersion: number): Uint8Array {
  const writer = new Writer()
  writer.int32(0)
  ResponseHeader.write(writer, { correlationId }, headerVersion)
  writer.raw(body.finish())
  return withLength(writer.finish())
}

/** The same frame, with the length that it has. */
export function withLength(frame: Uint8Array): Uint8Array {
  putInt32(frame, 0, frame.length - INT32_BYTES)
  return frame
}

export interface Speaker {
  write(frame: Uint8Array): void
  /** Closes the connection when everything that was written is out. */
  hangUp(): void
}

/** `close` is called once at most. */
export function speakerOn(socket: Socket, close: () => void): Speaker {
  let unwritten = 0
  let done = false
  const closeWhenDone = (): void => {
    if (done && unwritten === 0) close()
  }
  const released = (): void => {
    unwritten--
    closeWhenDone()
  }
  return {
    write: (frame) => {
      unwritten++
      socket.write([frame], released)
    },
    hangUp: () => {
      done = true
      closeWhenDone()
    },
  }
}
