/**
 * The brokers and the connections to them, opened when somebody asks for one. A connection belongs to an address: when a bootstrap
 * address turns out to be that of a node, its connection becomes the node's.
 */
import { Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import type { KafkaError } from '../errors'
import type { Backoff } from '../network/backoff'
import type { Connection } from '../network/connection'
import { isRefusal } from '../network/refusal'
import type { Address } from '../network/transport'
import type { NodeId } from '../record'
import type { Clock } from '../time'
import type { Node } from './cluster'
import { endpoint } from './endpoint'
import type { Endpoint } from './endpoint'

export interface Nodes {
  /**
   * The node's open connection. When there is none, begins to connect and gives nothing, and so while the node wants to be left alone
   * (KIP-219); `changes$` says when to ask again.
   */
  connectionOf(id: NodeId): Connection | undefined
  /** A connection to any broker, for questions that each of them can answer; else as `connectionOf`. */
  anyConnection(): Connection | undefined
  /** A connection was opened, closed or lost, or could not be opened; or may be sent to again. */
  readonly changes$: Observable<void>
  /** An attempt failed, or an open connection broke; before `changes$`. */
  readonly failures$: Observable<ConnectionFailure>
  /** A connection has kept a request unanswered for long; said again every two seconds. */
  readonly late$: Observable<LateNodes>
  /** Why the latest attempt failed; undefined after one that succeeded. */
  readonly lastError: KafkaError | undefined
  /** Unanswered requests on all connections, also on those that are retired. */
  readonly inFlight: number
  /** The nodes of the cluster as they are now. Connections to addresses that none of them has are retired. */
  update(nodes: ReadonlyMap<NodeId, Node>): void
  /** Forgets all nodes and begins again with the bootstrap addresses. What is unanswered fails. */
  rebootstrap(): void
  /** Closes all connections; afterwards there are none. What is unanswered fails. */
  close(): void
}

export interface ConnectionFailure {
  readonly address: Address
  /** Nodes at this address that somebody asked for by `connectionOf` in vain since the last failure. */
  readonly wanted: readonly NodeId[]
  readonly error: KafkaError
  /** Every address that there is has failed, and at least one of them refused us, or was not to be trusted: with this. */
  readonly refusal: KafkaError | undefined
}

export interface LateNodes {
  readonly address: Address
  /** Those that are said to be there. */
  readonly nodes: readonly NodeId[]
}

export interface NodesOptions {
  /** Tried in this order, one after another, until one works; then all of them again. */
  readonly bootstrap: readonly Address[]
  readonly clock: Clock
  /** Kafka: reconnect.backoff.ms and reconnect.backoff.max.ms. Default: 50 ms to 1 s. */
  readonly reconnectBackoff?: Backoff
  /** How long a connection may be unused before it is closed, in ms. Default 9 minutes. */
  readonly connectionsMaxIdle?: number
  /** While nodes are known, are the bootstrap addresses tried when those cannot be reached? Default true. */
  readonly fallBack?: boolean
  /** `openConnection` with its options. */
  connect(address: Address, attempt: Attempt): Observable<Connection>
}

export interface Attempt {
  /** Attempts in a row at this address that came to nothing. */
  readonly failures: number
  /** To be called when a request is unanswered for long. */
  readonly late: () => void
  /** The only node that is said to be there; undefined for a bootstrap address. */
  readonly node: NodeId | undefined
}

const RECONNECT_BACKOFF: Backoff = { initial: 50, max: 1000 }

const CONNECTIONS_MAX_IDLE = 540_000
/** A connection may be closed so much later than it could be. */
const IDLE_LOOKS = 4

const noNodes: ReadonlyMap<NodeId, Node> = new Map()

export const createNodes = (options: NodesOptions): Nodes => new DemandedNodes(options)

class DemandedNodes implements Nodes {
  lastError: KafkaError | undefined
  /** The last since a connection was ready. */
  private refusal: KafkaError | undefined
  private readonly changes = new Subject<void>()
  private readonly failures = new Subject<ConnectionFailure>()
  private readonly late = new Subject<LateNodes>()
  private readonly endpoints = new Map<string, Endpoint>()
  /** Those of the nodes that were asked for: every batch asks. */
  private readonly endpointsByNode = new Map<NodeId, Endpoint>()
  /** No longer given out, and maybe still waiting for their last answers. */
  private retired: readonly Endpoint[] = []
  /** Asked for in vain, and not connected since. */
  private readonly wanted = new Set<NodeId>()
  private nodes = noNodes
  private closed = false
  private readonly maxIdle: number
  /** When idle connections are looked for again. No timer: what nobody needs is looked at when somebody needs something. */
  private nextIdleLook: number
  readonly changes$ = this.changes.asObservable()
  readonly failures$ = this.failures.asObservable()
  readonly late$ = this.late.asObservable()

  constructor(private readonly options: NodesOptions) {
    this.maxIdle = options.connectionsMaxIdle ?? CONNECTIONS_MAX_IDLE
    this.nextIdleLook = options.clock.now() + this.maxIdle / IDLE_LOOKS
  }

  connectionOf(id: NodeId): Connection | undefined {
    const node = this.nodes.get(id)
    if (node === undefined || this.closed) return undefined
    this.closeIdle()
    const connection = this.endpointOf(node).demand()
    if (connection === undefined) this.wanted.add(id)
    return connection
  }

  anyConnection(): Connection | undefined {
    if (this.closed) return undefined
    this.closeIdle()
    const { bootstrap, clock, fallBack = true } = this.options
    const all = rotated([...this.endpoints.values()], clock.random())
    const connection = leastLoaded(all.filter(({ isLate }) => !isLate))
    if (connection !== undefined || all.some(({ connecting }) => connecting)) return connection
    const late = leastLoaded(all)
    const known = rotated([...this.nodes.values()], clock.random())
    const addresses = fallBack || known.length === 0 ? [...known, ...bootstrap] : known
    const next = nextToTry(addresses.map((address) => this.endpointAt(address)).filter(({ isLate }) => !isLate))
    // Who is late may only be slow, and is better than whoever cannot be reached.
    return late !== undefined && (next?.restsUntil ?? Infinity) > clock.now() ? late : next?.demand()
  }

  private get allHaveFailed(): boolean {
    return [...this.nodes.values(), ...this.options.bootstrap].every((address) => this.endpointAt(address).failures > 0)
  }

  get inFlight(): number {
    const all = [...this.endpoints.values(), ...this.retired]
    return all.reduce((sum, { inFlight }) => sum + inFlight, 0)
  }

  update(nodes: ReadonlyMap<NodeId, Node>): void {
    this.nodes = nodes
    this.endpointsByNode.clear()
    const addresses = new Set([...nodes.values()].map(keyOf))
    for (const id of [...this.wanted]) if (!nodes.has(id)) this.wanted.delete(id)
    const gone = takeOut(this.endpoints, (key) => !addresses.has(key))
    this.retired = [...this.retired.filter(({ idle }) => !idle), ...gone]
    for (const each of gone) each.retire()
  }

  rebootstrap(): void {
    this.nodes = noNodes
    this.endpointsByNode.clear()
    const all = [...this.retired, ...takeOut(this.endpoints, () => true)]
    this.retired = []
    for (const each of all) each.close()
    this.changes.next()
  }

  close(): void {
    this.closed = true
    this.rebootstrap()
  }

  private closeIdle(): void {
    const now = this.options.clock.now()
    if (now < this.nextIdleLook) return
    this.nextIdleLook = now + this.maxIdle / IDLE_LOOKS
    for (const each of this.endpoints.values()) each.closeIdle()
  }

  private endpointOf(node: Node): Endpoint {
    const known = this.endpointsByNode.get(node.id) ?? this.endpointAt(node)
    this.endpointsByNode.set(node.id, known)
    return known
  }

  private endpointAt(address: Address): Endpoint {
    const known = this.endpoints.get(keyOf(address))
    if (known !== undefined) return known
    const { clock, connect, reconnectBackoff = RECONNECT_BACKOFF } = this.options
    const created = endpoint({
      address,
      clock,
      backoff: reconnectBackoff,
      maxIdle: this.maxIdle,
      connect: (failures) => connect(address, { failures, late: () => this.becameLate(address), node: this.onlyNodeAt(address) }),
      changed: () => this.changed(address),
      failed: (error) => this.failed(address, error),
    })
    this.endpoints.set(keyOf(address), created)
    return created
  }

  private changed(address: Address): void {
    this.lastError = undefined
    this.refusal = undefined
    this.takeWanted(address)
    this.changes.next()
  }

  private failed(address: Address, error: KafkaError): void {
    this.lastError = error
    if (isRefusal(error)) this.refusal = error
    const refusal = this.refusal !== undefined && this.allHaveFailed ? this.refusal : undefined
    this.failures.next({ address, wanted: this.takeWanted(address), error, refusal })
    this.changes.next()
  }

  private becameLate(address: Address): void {
    this.late.next({ address, nodes: this.nodesAt(address) })
  }

  private takeWanted(address: Address): readonly NodeId[] {
    return this.nodesAt(address).filter((id) => this.wanted.delete(id))
  }

  private nodesAt(address: Address): readonly NodeId[] {
    return [...this.nodes.values()].filter((node) => keyOf(node) === keyOf(address)).map(({ id }) => id)
  }

  private onlyNodeAt(address: Address): NodeId | undefined {
    const here = this.nodesAt(address)
    return here.length === 1 ? here[0] : undefined
  }
}

const keyOf = ({ host, port }: Address): string => `${host}:${String(port)}`

/** The connection with the fewest unanswered requests, of those that may be sent to. */
function leastLoaded(endpoints: readonly Endpoint[]): Connection | undefined {
  let least: Connection | undefined
  for (const { usable: connection } of endpoints) {
    if (connection !== undefined && (least === undefined || connection.inFlight < least.inFlight)) least = connection
  }
  return least
}

/**
 * The one that rests no longer than any other and failed least, so that each has its turn even when all take long to fail: known nodes
 * first, the bootstrap addresses once those have failed.
 */
function nextToTry(candidates: readonly Endpoint[]): Endpoint | undefined {
  return candidates.reduce<Endpoint | undefined>((best, each) => (best === undefined || isBetter(each, best) ? each : best), undefined)
}

const isBetter = (a: Endpoint, b: Endpoint): boolean =>
  a.restsUntil < b.restsUntil || (a.restsUntil === b.restsUntil && a.failures < b.failures)

/** A random start, so that not all clients ask the same node. */
function rotated<T>(list: readonly T[], random: number): readonly T[] {
  const start = Math.floor(random * list.length)
  return [...list.slice(start), ...list.slice(0, start)]
}

/** Out of the map before anybody is told. */
function takeOut<V>(map: Map<string, V>, which: (key: string) => boolean): readonly V[] {
  const taken = [...map].filter(([key]) => which(key))
  for (const [key] of taken) map.delete(key)
  return taken.map(([, value]) => value)
}
