/** A connected socket of Node's, whichever of the addresses of its name it came to. */
import { createConnection } from 'node:net'
import type { Socket as NetSocket } from 'node:net'
import { catchError, Observable, switchMap, tap, throwError } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { ConnectError, textOf } from '../errors'
import { createNames } from './names'
import type { Lookup, Names } from './names'
import type { Address } from './transport'

/** Cold: emits the socket once it is connected, which is then its taker's, and completes; or errors with a ConnectError. */
export type Dial = (address: Address) => Observable<NetSocket>

/**
 * Dials that share what they know of names, for each port: brokers that share a name must not take each other's addresses away. An address that refuses gives way to the next one at once; one from which nothing is heard
 * takes up the attempt until that is given up, and the next attempt begins with the next address.
 */
export function dialler(find?: Lookup): Dial {
  const byPort = new Map<number, Names>()
  const namesFor = (port: number): Names => {
    const known = byPort.get(port)
    if (known !== undefined) return known
    const names = createNames(find)
    byPort.set(port, names)
    return names
  }
  const dial: Dial = (address) => {
    const { host, port } = address
    const names = namesFor(port)
    return names.next(host).pipe(
      switchMap((ip) => connectTo(ip, port)),
      tap(() => names.reached(host)),
      catchError((cause: unknown) => (names.hasMore(host) ? dial(address) : throwError(() => connectError(address, cause)))),
    )
  }
  return dial
}

const connectTo = (ip: string, port: number): Observable<NetSocket> => new Observable((subscriber) => connect(ip, port, subscriber))

function connect(host: string, port: number, subscriber: Subscriber<NetSocket>): () => void {
  // Nagle would hold the small end of a request until the broker has acknowledged its beginning.
  const net = createConnection({ host, port, noDelay: true, keepAlive: true })
  let opened = false

  const failed = (cause: Error): void => subscriber.error(cause)
  net.on('error', failed)
  net.once('connect', () => {
    opened = true
    net.off('error', failed)
    subscriber.next(net)
    subscriber.complete()
  })

  return () => {
    if (!opened) net.destroy()
  }
}

const connectError = ({ host, port }: Address, cause: unknown): ConnectError =>
  new ConnectError(`No connection to ${host}:${String(port)} (${messageOf(cause)}): ${adviceFor(cause)}`, cause)

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : textOf(cause))

const adviceFor = (cause: unknown): string =>
  cause instanceof Error && 'syscall' in cause && cause.syscall === 'getaddrinfo'
    ? 'is the name right, and can it be resolved from here?'
    : 'is a broker listening there?'
