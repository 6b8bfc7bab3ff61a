/** TCP that tells which requests a producer writes, in which version. */
import { map, ReplaySubject, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { apis } from '../../lib/generated/apis'
import { tcp } from '../../lib/network/tcp'
import type { Socket, Transport } from '../../lib/network/transport'
import { Reader } from '../../lib/wire/reader'

export interface WrittenRequest {
  /** As Kafka's documentation names it: `Produce`. */
  readonly api: string
  readonly version: number
}

export interface WireTap {
  readonly transport: Transport
  /** All of them from the first, each before it is written. */
  readonly requests$: Observable<WrittenRequest>
  /** Opened by the producer, and not yet closed by it. */
  readonly openConnections: number
}

export const wireTap = (): WireTap => {
  const requests = new ReplaySubject<WrittenRequest>()
  const open = new Set<Socket>()
  const tapped = (socket: Socket): Socket => ({
    ...socket,
    close: () => {
      open.delete(socket)
      socket.close()
    },
    write: (chunks, released) => {
      requests.next(requestIn(chunks))
      socket.write(chunks, released)
    },
  })
  const connect: Transport['connect'] = (address) =>
    tcp()
      .connect(address)
      .pipe(
        tap((socket) => open.add(socket)),
        map(tapped),
      )
  return {
    transport: { connect },
    requests$: requests.asObservable(),
    get openConnections() {
      return open.size
    },
  }
}

/** A request begins with its length, its api key and its version, whatever the version of its header. */
const requestIn = ([first = new Uint8Array(0)]: readonly Uint8Array[]): WrittenRequest => {
  const reader = new Reader(first)
  reader.int32()
  const apiKey = reader.int16()
  const name = Object.values(apis).find((api) => api.apiKey === apiKey)?.name
  return { api: name ?? `api ${apiKey}`, version: reader.int16() }
}
