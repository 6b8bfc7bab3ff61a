import { Observable, Subject } from 'rxjs'
import { ConnectError, DisconnectError } from '../../lib/errors'
import type { Address, Socket, Transport } from '../../lib/network/transport'
import type { Clock } from '../../lib/time'

export interface MemoryNetwork {
  readonly transport: Transport
  /** The addresses that were dialled, in order, whether or not somebody listened. */
  readonly dialled: readonly string[]
  /** From now on `accept` gets the broker's end of every connection to the address. */
  listen(address: Address, accept: (socket: Socket) => void): void
  /** From now on connecting to the address fails, or (`'silence'`) never comes to an end. Open connections stay. */
  refuse(address: Address, how?: 'refused' | 'silence'): void
  /** Ends `refuse`. */
  restore(address: Address): void
  /** Breaks the open connections to the address. */
  cut(address: Address): void
}

interface MemoryNetworkOptions {
  readonly clock: Clock
  /** One way, in ms. */
  readonly latency?: number
  /** The bytes of a chunk that arrives; default: as it was written. */
  readonly chunk?: number
}

export function memoryNetwork({ clock, latency = 1, chunk = Infinity }: MemoryNetworkOptions): MemoryNetwork {
  const listeners = new Map<string, (socket: Socket) => void>()
  const down = new Map<string, 'refused' | 'silence'>()
  const links = new Map<Link, string>()
  const dialled: string[] = []

  const connect = (address: Address): Observable<Socket> =>
    new Observable((subscriber) => {
      const key = keyOf(address)
      dialled.push(key)
      return clock.schedule(latency, () => {
        const accept = listeners.get(key)
        if (down.get(key) === 'silence') return
        if (accept === undefined || down.has(key)) return subscriber.error(new ConnectError(`${key} refused`))
        const link = linkOf({ clock, latency, chunk, closed: () => links.delete(link) })
        links.set(link, key)
        accept(link.broker)
        subscriber.next(link.client)
        subscriber.complete()
      })
    })

  return {
    transport: { connect },
    dialled,
    listen: (address, accept) => void listeners.set(keyOf(address), accept),
    refuse: (address, how = 'refused') => void down.set(keyOf(address), how),
    restore: (address) => void down.delete(keyOf(address)),
    cut: (address) => {
      for (const [link, key] of [...links]) if (key === keyOf(address)) link.cut()
    },
  }
}

const keyOf = ({ host, port }: Address): string => `${host}:${String(port)}`

interface Link {
  readonly client: Socket
  readonly broker: Socket
  cut(): void
}

interface LinkOptions extends Required<MemoryNetworkOptions> {
  closed(): void
}

function linkOf(options: LinkOptions): Link {
  const client = endOf(options, () => broker)
  const broker: MemoryEnd = endOf(options, () => client)
  const cut = (): void => {
    const error = new DisconnectError('cut')
    client.end(error)
    broker.end(error)
  }
  return { client, broker, cut }
}

interface MemoryEnd extends Socket {
  arrive(bytes: Uint8Array): void
  end(error?: DisconnectError): void
}

function endOf({ clock, latency, chunk, closed }: LinkOptions, peer: () => MemoryEnd): MemoryEnd {
  const incoming = new Subject<Uint8Array>()
  const releases = new Set<() => void>()
  let open = true

  const end = (error?: DisconnectError): void => {
    if (!open) return
    open = false
    closed()
    if (error === undefined) incoming.complete()
    else incoming.error(error)
    for (const release of [...releases]) release()
  }
  const releaseOnce = (released: () => void): (() => void) => {
    const once = (): void => {
      if (releases.delete(once)) released()
    }
    releases.add(once)
    return once
  }

  return {
    data: incoming.asObservable(),
    write: (chunks, released = () => undefined) => {
      const bytes = Uint8Array.from(chunks.flatMap((each) => Array.from(each)))
      clock.schedule(0, releaseOnce(released))
      clock.schedule(latency, () => {
        for (let at = 0; at < bytes.length; at += chunk) peer().arrive(bytes.subarray(at, at + chunk))
      })
    },
    close: () => {
      if (!open) return
      clock.schedule(latency, () => peer().end())
      end()
    },
    arrive: (bytes) => {
      if (open) incoming.next(bytes)
    },
    end,
  }
}
