/**
 * The brokers of a test cluster on real sockets, where any Kafka client can reach them: one port a broker.
 *
 * As a broker's process: while it is down its port refuses connections, and when it starts it has the same port again; while it is
 * paused, connections are taken and nothing is answered. Who came in here is told the addresses here, and never those in memory.
 */
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket as NetSocket } from 'node:net'
import { Observable, Subscription } from 'rxjs'
import { ListenError } from '../errors'
import { socketOver } from '../network/tcp'
import type { Address, Socket } from '../network/transport'
import type { Flow } from './broker/in-turn'
import type { ClusterState } from './state/cluster-state'
import type { ClusterNode } from './state/node'

/** Where `listen` opens sockets, and what clients are told. */
export interface ListenOptions {
  /** Where the ports are opened. Default 127.0.0.1: nobody else on the network reaches them. */
  readonly host?: string
  /** The first broker's port; the others have the ones after it. Default 0: any that are free. */
  readonly port?: number
  /** The host that clients are told (advertised.listeners). Default: `host`, or 127.0.0.1 where that stands for every address. */
  readonly advertisedHost?: string
}

export interface Listener {
  /** Opens a port for each broker, once. Resolves with `host:port` of each; rejects with a ListenError, and then none is open. */
  listen(options?: ListenOptions): Promise<readonly string[]>
  /** Closes the ports. The connections are the brokers' to end. */
  close(): void
}

export interface ListenerOptions {
  readonly cluster: ClusterState
  /** Gets each connection to a broker. */
  readonly accept: (node: ClusterNode, socket: Socket, flow: Flow) => void
}

const LOOPBACK = '127.0.0.1'

/** Every address of the machine: to be bound to, but none that a client could be told. */
const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

export function listenerOf({ cluster, accept }: ListenerOptions): Listener {
  const life = new Subscription()
  let listens = false

  const listen = async ({ host = LOOPBACK, port = 0, advertisedHost }: ListenOptions = {}): Promise<readonly string[]> => {
    if (listens || life.closed) throw new ListenError(`The cluster ${life.closed ? 'is closed' : 'listens already'}`)
    listens = true
    try {
      const doors = await openAll(cluster, {
        host,
        port,
        entered: (node, net) => accept(node, socketOver(net, clientOf(net)), flowOf(net)),
      })
      // When it was closed meanwhile, this closes the ports at once.
      life.add(follow(cluster, doors))
      if (life.closed) throw new ListenError('The cluster was closed before it listened')
      return tell(doors, advertisedHost ?? (EVERYWHERE.has(host) ? LOOPBACK : host))
    } catch (error) {
      listens = false
      throw error
    }
  }

  return { listen, close: () => life.unsubscribe() }
}

interface Opening extends Address {
  readonly entered: (node: ClusterNode, net: NetSocket) => void
}

/** A broker's port: it stays the broker's, open or not. */
interface Door {
  readonly node: ClusterNode
  readonly port: number
  open(): void
  close(): void
}

/** All of them or none. */
async function openAll({ nodes }: ClusterState, { host, port, entered }: Opening): Promise<readonly Door[]> {
  const doors: Door[] = []
  try {
    for (const node of nodes.values()) doors.push(await openDoor(node, { host, port: port === 0 ? 0 : port + doors.length, entered }))
    return doors
  } catch (error) {
    for (const { close } of doors) close()
    throw error
  }
}

async function openDoor(node: ClusterNode, { host, port: wanted, entered }: Opening): Promise<Door> {
  const serverOf = (): Server => createServer({ noDelay: true, keepAlive: true }, (net) => entered(node, net))
  let server: Server | undefined = serverOf()
  const port = await bound(server, { host, port: wanted })

  const open = (): void => {
    if (server !== undefined) return
    const reopened = serverOf().listen(port, host)
    // Down again before it was open: only from now on can it be closed.
    reopened.once('listening', () => server === reopened || reopened.close())
    server = reopened
  }
  const close = (): void => {
    server?.close()
    server = undefined
  }
  return { node, port, open, close }
}

/** Resolves with the port when it is open. */
const bound = (server: Server, { host, port }: Address): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => reject(listenError({ host, port }, cause))
    server.once('error', failed)
    server.listen(port, host, () => {
      // From now on an error of it is nobody's: without a listener Node throws it, which is better than a port that is silently dead.
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })

/** What to do about the operating system's refusals that people meet. */
const ADVICE: Readonly<Partial<Record<string, string>>> = {
  EADDRINUSE: 'another program listens there: end it, or choose another port',
  EACCES: 'that port needs more rights: choose one above 1023',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'nobody knows that host',
}

const listenError = ({ host, port }: Address, cause: NodeJS.ErrnoException): ListenError =>
  new ListenError(`Cannot listen on ${hostText(host)}:${String(port)}: ${ADVICE[cause.code ?? ''] ?? cause.message}`, cause)

/** Ports are open while their brokers are there, and all closed at the end. */
function follow(cluster: ClusterState, doors: readonly Door[]): Subscription {
  const look = (): void => {
    for (const { node, open, close } of doors)
      if (node.status === 'down') close()
      else open()
  }
  look()
  const following = cluster.changed$.subscribe(look)
  following.add(() => doors.forEach(({ close }) => close()))
  return following
}

/** From now on clients are told these addresses. */
function tell(doors: readonly Door[], host: string): readonly string[] {
  for (const { node, port } of doors) node.addresses.socket = { host, port }
  return doors.map(({ port }) => `${hostText(host)}:${String(port)}`)
}

/** An IPv6 address has colons of its own. */
const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)

const clientOf = ({ remoteAddress = 'a client that left', remotePort = 0 }: NetSocket): Address => ({
  host: remoteAddress,
  port: remotePort,
})

const flowOf = (net: NetSocket): Flow => ({
  hold: () => void net.pause(),
  release: () => void net.resume(),
  drained$: new Observable((subscriber) => {
    if (!net.writableNeedDrain) return subscriber.complete()
    const done = (): void => subscriber.complete()
    net.once('drain', done).once('close', done)
    return () => void net.off('drain', done).off('close', done)
  }),
})
