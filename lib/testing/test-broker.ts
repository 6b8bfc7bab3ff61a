/** One broker of a test cluster, in the hands of whoever tests: its life, and the network towards it. */
import type { NodeId } from '../record'
import type { Broker } from './broker/broker'
import type { Conditions, MemoryNetwork } from './memory/network'
import type { Lifecycle } from './state/lifecycle'
import type { ClusterNode, NodeStatus } from './state/node'

/** How slow the network is; what is not named stays as it is. */
export type Slowness = Partial<Omit<Conditions, 'reach'>>

/** One broker of a test cluster, and what can happen to it. */
export interface TestBroker {
  readonly id: NodeId
  readonly status: NodeStatus
  /** Open connections of clients. */
  readonly connections: number

  /** A controlled shutdown: others lead first, then its connections close. */
  stop(): void
  /** Its process dies: connections close at once, and what it led has no answer until its session has run out (`sessionTimeout`). */
  kill(): void
  /** After `stop` or `kill`. One that was killed comes up when its session has run out, as Kafka lets no second one of its number in. */
  start(): void
  /** Its process freezes: connections stay, new ones open, nothing is answered. Others take over when its session has run out. */
  pause(): void
  /** It goes on where it stood, and handles what has come meanwhile. */
  resume(): void

  /**
   * Nothing gets through to it or from it: not to clients, nor to the other brokers and the controller, who take over when its session
   * has run out. Until `heal`. Over sockets it reads what comes, and does nothing about it.
   */
  isolate(): void
  /** Its open connections break. */
  disconnect(): void
  /** In memory only: connecting to it fails at once; open connections stay. Until `heal`. */
  refuse(): void
  /** In memory only: nothing gets through to it or back, and nobody is told; the other brokers reach it. Until `heal`. */
  blackHole(): void
  /** In memory only: `latency` in ms one way, `rate` in bytes per ms and direction, `chunk` in bytes that arrive in one piece. Until `heal`. */
  slow(slowness: Slowness): void
  /** The network towards it is again as it was made. What was on its way arrives. */
  heal(): void
}

export interface TestBrokerOptions {
  readonly node: ClusterNode
  readonly broker: Broker
  readonly lifecycle: Lifecycle
  readonly network: MemoryNetwork
}

export function testBroker({ node, broker, lifecycle, network }: TestBrokerOptions): TestBroker {
  const { memory } = node.addresses
  const change = (conditions: Partial<Conditions>): void => {
    if (memory !== undefined) network.change(memory, conditions)
  }
  return {
    id: node.id,
    get status() {
      return node.status
    },
    get connections() {
      return broker.connections
    },
    stop: () => {
      lifecycle.stop(node)
      broker.finish()
    },
    kill: () => {
      lifecycle.kill(node)
      broker.hangUp()
    },
    start: () => lifecycle.start(node),
    pause: () => lifecycle.pause(node),
    resume: () => lifecycle.resume(node),
    isolate: () => {
      change({ reach: 'lost' })
      lifecycle.isolate(node)
    },
    disconnect: () => {
      if (memory !== undefined) network.cut(memory)
      broker.hangUp()
    },
    refuse: () => change({ reach: 'refused' }),
    blackHole: () => change({ reach: 'lost' }),
    slow: (slowness) => change(checked(slowness)),
    heal: () => {
      lifecycle.rejoin(node)
      if (memory !== undefined) network.heal(memory)
    },
  }
}

/** A rate of 0: nothing is taken. */
const LEAST: Required<Slowness> = { latency: 0, rate: 0, chunk: 1 }

/** What is named, if the network can be so. */
function checked(slowness: Slowness): Slowness {
  const named = Object.entries(slowness).filter(([, value]) => (value as number | undefined) !== undefined)
  for (const [name, value] of named) {
    const least = (LEAST as Readonly<Record<string, number>>)[name]
    if (least === undefined || !(value >= least))
      throw new RangeError(`slow: ${name} ${String(value)}, at least ${String(least)} is needed`)
  }
  return Object.fromEntries(named)
}
