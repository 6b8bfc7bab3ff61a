/** Looks at the head of each request as its bytes come in, and ends the connection in the middle of those that are to be cut. */
import { Observable } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { DisconnectError } from '../../errors'

export interface RequestHead {
  /** Bytes of the whole request, with its length. */
  readonly size: number
  readonly apiKey: number
  readonly version: number
  readonly clientId: string | null
}

/** `cutAfter` is asked once for each request, and says after how many of its bytes the connection is to end. Its length counts. */
export function cutWithinRequests(cutAfter: (head: RequestHead) => number | undefined): MonoTypeOperatorFunction<Uint8Array> {
  return (chunks$) =>
    new Observable((subscriber) => {
      const cutIn = requestWatch(cutAfter)
      return chunks$.subscribe({
        next: (chunk) => {
          const at = cutIn(chunk)
          subscriber.next(at === undefined ? chunk : chunk.subarray(0, at))
          if (at !== undefined) subscriber.error(new DisconnectError('The connection was cut within a request'))
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    })
}

const LENGTH_BYTES = 4
/** Length, api key, version, correlation id, length of the client id. */
const FIXED_HEAD = 14

/** Where in the next chunk the cut is, if there is one. */
function requestWatch(cutAfter: (head: RequestHead) => number | undefined): (chunk: Uint8Array) => number | undefined {
  let head: Uint8Array = new Uint8Array(0)
  /** Bytes of the request before this chunk. */
  let seen = 0
  let cut: number | undefined
  /** Undefined until it was decided about the request. */
  let size: number | undefined

  const look = (bytes: Uint8Array): void => {
    head = head.length === 0 ? bytes : Buffer.concat([head, bytes])
    const needed = headSize(head)
    if (needed === undefined || head.length < needed) return
    size = LENGTH_BYTES + viewOf(head).getInt32(0)
    cut = needed < FIXED_HEAD ? undefined : cutAfter(headOf(head, size))
    head = new Uint8Array(0)
  }
  const finish = (): void => {
    seen = 0
    cut = size = undefined
  }

  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (size === undefined) look(chunk.subarray(at))
      const end = Math.min(chunk.length, at + (size ?? Infinity) - seen)
      if (cut !== undefined && seen + end - at >= cut) return Math.max(at, at + cut - seen)
      seen += end - at
      at = end
      if (seen === size) finish()
    }
    return undefined
  }
}

/** How many bytes say what the request is; undefined while that is not known. What is no request is over with its length. */
function headSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined
  const view = viewOf(bytes)
  if (LENGTH_BYTES + view.getInt32(0) < FIXED_HEAD) return LENGTH_BYTES
  return bytes.length < FIXED_HEAD ? undefined : FIXED_HEAD + Math.max(0, view.getInt16(FIXED_HEAD - 2))
}

function headOf(bytes: Uint8Array, size: number): RequestHead {
  const view = viewOf(bytes)
  const length = view.getInt16(FIXED_HEAD - 2)
  const clientId = length < 0 ? null : Buffer.from(bytes.subarray(FIXED_HEAD, FIXED_HEAD + length)).toString()
  return { size, apiKey: view.getInt16(4), version: view.getInt16(6), clientId }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength)
