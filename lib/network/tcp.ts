/** TCP: the transport to the world. */
import type { Socket as NetSocket } from 'node:net'
import { map, Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { DisconnectError } from '../errors'
import type { KafkaError } from '../errors'
import { dialler } from './dial'
import type { Address, Socket, Transport } from './transport'

/** `dial`: for specs. */
export function tcp(dial = dialler()): Transport {
  return { connect: (address) => dial(address).pipe(map((net) => socketOver(net, address))) }
}

export const disconnectError = ({ host, port }: Address, cause: Error): KafkaError =>
  new DisconnectError(`The connection to ${host}:${String(port)} broke: ${cause.message}`, cause)

/** How the incoming half ended; undefined while it lives. */
type End = { readonly type: 'complete' } | { readonly type: 'error'; readonly error: KafkaError }

/**
 * Our socket over Node's. Once closed, `data` ends first and only then the writes that never got through are released. `brokenBy` makes
 * the error of a stream that broke; default: a DisconnectError.
 */
export function socketOver(net: NetSocket, address: Address, brokenBy = disconnectError): Socket {
  const incoming = incomingOf(net, (cause) => brokenBy(address, cause))
  const releases = releaseList()
  net.once('close', () => {
    incoming.end({ type: 'complete' })
    releases.close()
  })
  return {
    data: incoming.data,
    write: (chunks, released) => writeGathered(net, chunks, releases.add(released)),
    close: () => void net.destroy(),
  }
}

function incomingOf(net: NetSocket, brokenBy: (cause: Error) => KafkaError) {
  let ended: End | undefined
  let reader: Subscriber<Uint8Array> | undefined

  const end = (how: End): void => {
    if (ended !== undefined) return
    ended = how
    if (reader !== undefined) tell(reader, how)
  }
  // An error listener must stay for the whole life of the socket: without one Node throws it at the process.
  net.on('error', (cause) => end({ type: 'error', error: brokenBy(cause) }))
  net.once('end', () => end({ type: 'complete' }))

  const data = new Observable<Uint8Array>((subscriber) => {
    if (ended !== undefined) return tell(subscriber, ended)
    reader = subscriber
    const receive = (chunk: Uint8Array): void => subscriber.next(chunk)
    net.on('data', receive)
    return () => {
      reader = undefined
      net.off('data', receive)
    }
  })
  return { data, end }
}

const tell = (subscriber: Subscriber<Uint8Array>, end: End): void =>
  end.type === 'complete' ? subscriber.complete() : subscriber.error(end.error)

/** One writev for all chunks. A single one is not held back before: that costs as much as the rest of writing it. */
function writeGathered(net: NetSocket, chunks: readonly Uint8Array[], called: (error?: Error | null) => void): void {
  const last = chunks.at(-1) ?? new Uint8Array(0)
  if (chunks.length > 1) net.cork()
  for (const chunk of chunks.slice(0, -1)) net.write(chunk)
  net.write(last, called)
  if (chunks.length > 1) net.uncork()
}

/**
 * Each release runs exactly once: when its write was called back, or when the socket has closed. A write that failed waits for the
 * second: closing always follows, and by then `data` has ended.
 */
function releaseList() {
  const waiting = new Set<() => void>()
  let closed = false
  return {
    add(release: () => void = nothing): (error?: Error | null) => void {
      const once = (): void => {
        if (waiting.delete(once)) release()
      }
      waiting.add(once)
      return (error) => {
        if (closed || !(error instanceof Error)) once()
      }
    },
    close(): void {
      closed = true
      for (const release of [...waiting]) release()
    },
  }
}

const nothing = (): void => undefined
