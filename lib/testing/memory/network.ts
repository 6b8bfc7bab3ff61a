/** A network in memory: a transport for clients, and the brokers' ends of their connections. */
import { Observable } from 'rxjs'
import { ConnectError } from '../../errors'
import type { Address, Socket, Transport } from '../../network/transport'
import type { Clock } from '../../time'
import type { LineConditions } from './line'
import { linkOf } from './link'
import type { Link } from './link'

/** How the network is towards one address. */
export interface Conditions {
  /** `refused`: connecting fails at once, open connections stay. `lost`: nothing gets through either way, and nobody is told. */
  readonly reach: 'open' | 'refused' | 'lost'
  /** Milliseconds, one way. */
  readonly latency: number
  /** Bytes per millisecond, for each connection and direction. */
  readonly rate: number
  /** The most bytes that arrive in one piece. */
  readonly chunk: number
}

export interface Listener {
  /** Gets the broker's end of every connection. */
  accept(socket: Socket): void
  /** Whether connections are refused just now. Default: never. */
  refuses?(): boolean
}

export interface MemoryNetwork {
  readonly transport: Transport
  /** The addresses that were dialled, in order, whether or not somebody listened. */
  readonly dialled: readonly string[]
  /** From now on somebody listens at the address. */
  listen(address: Address, listener: Listener): void
  /** Changes what holds for the address from now on, also for open connections. */
  change(address: Address, conditions: Partial<Conditions>): void
  /** What holds for the address is again what held at first. */
  heal(address: Address): void
  /** Breaks the open connections to the address. */
  cut(address: Address): void
}

export interface MemoryNetworkOptions extends Partial<Conditions> {
  readonly clock: Clock
}

const PERFECT: Conditions = { reach: 'open', latency: 0, rate: Infinity, chunk: Infinity }

interface Dialling {
  readonly key: string
  /** Tries again: the network may have changed. */
  arrive(): void
}

export function memoryNetwork({ clock, ...conditions }: MemoryNetworkOptions): MemoryNetwork {
  const usual: Conditions = { ...PERFECT, ...conditions }
  const listeners = new Map<string, Listener>()
  const changed = new Map<string, Conditions>()
  const links = new Map<Link, string>()
  const dialling = new Set<Dialling>()
  const dialled: string[] = []

  const conditionsOf = (key: string): Conditions => changed.get(key) ?? usual

  const open = (key: string): Link => {
    const link = linkOf({ clock, conditions: () => forLine(conditionsOf(key)), closed: () => links.delete(link) })
    links.set(link, key)
    return link
  }
  const linksTo = (address: Address): Link[] => [...links].flatMap(([link, key]) => (key === keyOf(address) ? [link] : []))

  const connect = (address: Address): Observable<Socket> =>
    new Observable((subscriber) => {
      const key = keyOf(address)
      dialled.push(key)
      const arrive = (): void => {
        const listener = listeners.get(key)
        const { reach } = conditionsOf(key)
        // Its first packet is sent again and again, until the caller gives up.
        if (reach === 'lost') return
        dialling.delete(attempt)
        if (listener === undefined || reach === 'refused' || listener.refuses?.() === true)
          return subscriber.error(new ConnectError(`${key} refused the connection`))
        const link = open(key)
        listener.accept(link.broker)
        subscriber.next(link.client)
        subscriber.complete()
      }
      const attempt: Dialling = { key, arrive }
      // There and back: a connection is open when its answer has come.
      const cancel = clock.schedule(2 * conditionsOf(key).latency, () => {
        dialling.add(attempt)
        arrive()
      })
      return () => {
        cancel()
        dialling.delete(attempt)
      }
    })

  const become = (address: Address, conditions: Conditions): void => {
    const key = keyOf(address)
    changed.set(key, conditions)
    for (const link of linksTo(address)) link.changed()
    for (const attempt of [...dialling]) if (attempt.key === key) attempt.arrive()
  }

  return {
    transport: { connect },
    dialled,
    listen: (address, listener) => void listeners.set(keyOf(address), listener),
    change: (address, some) => become(address, { ...conditionsOf(keyOf(address)), ...some }),
    heal: (address) => become(address, usual),
    cut: (address) => {
      for (const link of linksTo(address)) link.cut()
    },
  }
}

const forLine = ({ reach, ...rest }: Conditions): LineConditions => ({ ...rest, silent: reach === 'lost' })

const keyOf = ({ host, port }: Address): string => `${host}:${String(port)}`
