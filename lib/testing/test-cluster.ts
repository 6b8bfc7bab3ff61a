/** A Kafka cluster inside the process: real protocol, real bytes, no disk, no network unless it is asked to listen. */
import { Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { recordBatch } from '../batch/record-batch'
import type { DecodedRecord } from '../batch/record-batch'
import type { Address, Transport } from '../network/transport'
import type { NodeId } from '../record'
import { clockOf } from '../time'
import type { Clock } from '../time'
import { handlers } from './apis/all'
import { Broker } from './broker/broker'
import type { Arrived } from './broker/disturbances'
import { closable } from './closable-clock'
import { faultsOf } from './faults/faults'
import type { Faults } from './faults/faults'
import { Rules } from './faults/rules'
import { listenerOf } from './listen'
import type { ListenOptions } from './listen'
import { memoryNetwork } from './memory/network'
import { operationsOn } from './operations'
import type { Operations } from './operations'
import { scheduleOn } from './schedule'
import type { Schedule } from './schedule'
import { seeded } from './seeded'
import { settingsOf } from './settings'
import type { Settings, TestClusterOptions } from './settings'
import { ClusterState } from './state/cluster-state'
import type { AppendedBatch } from './state/cluster-state'
import { Lifecycle } from './state/lifecycle'
import type { ClusterNode } from './state/node'
import { testBroker } from './test-broker'
import type { TestBroker } from './test-broker'

/** A record as it lies in a log. */
export interface LoggedRecord extends DecodedRecord {
  readonly partition: number
}

/** A Kafka cluster in this process: what its brokers do, what is made to go wrong, and when. */
export interface TestCluster extends Operations, Faults, Schedule {
  /** `host:port` of every broker in memory, for a client with this cluster's `transport`. */
  readonly brokers: readonly string[]
  /** Reaches the brokers without sockets; for the `transport` of a producer. */
  readonly transport: Transport
  /** Opens a real socket for each broker, once. Resolves with their `host:port`, for any Kafka client; rejects with a ListenError. */
  listen(options?: ListenOptions): Promise<readonly string[]>

  /** Each request as it arrives, before it is answered. */
  readonly requests$: Observable<Arrived>
  /** Each batch of a client as it reaches its log. */
  readonly appended$: Observable<AppendedBatch>
  /** Defects of this cluster. While nobody listens here they are thrown: in virtual time by what moves it, else outside of everything. */
  readonly problems$: Observable<unknown>
  /** What can be read of the logs of a topic, partition by partition, also what is not committed; control records are left out. */
  records(topic: string): readonly LoggedRecord[]

  /** One broker, by its number from 1 on. Throws a RangeError when there is none. */
  broker(id: NodeId): TestBroker
  /** Ends all faults and what is wrong with the network. Brokers that are down or paused stay so. */
  heal(): void
  /** Ends all connections, closes its ports, and takes back all its timers. The cluster cannot be used afterwards. */
  close(): void
}

/** Starts at once, with no time spent. Throws ConfigError, or a RangeError for replicas on brokers that there are not. */
export function testCluster(options: TestClusterOptions = {}): TestCluster {
  const settings = settingsOf(options)
  const world = clockFor(options, settings)
  const clock = closable(world)
  const cluster = new ClusterState(settings, clock)
  const lifecycle = new Lifecycle(cluster)
  const operations = operationsOn(cluster, lifecycle)
  for (const { name, ...topic } of settings.topics) operations.createTopic(name, topic)
  const rules = new Rules(cluster)
  const schedule = scheduleOn(clock)
  const running = startBrokers({ cluster, lifecycle, rules, world })
  const listener = listenerOf({ cluster, accept: ({ id }, socket, flow) => running.brokerOf(id).accept(socket, 'socket', flow) })

  return {
    ...operations,
    ...faultsOf({ rules, clock, cluster }),
    ...{ at: schedule.at, after: schedule.after },
    get now() {
      return schedule.now
    },
    ...running.seen,
    listen: listener.listen,
    appended$: cluster.appended$.asObservable(),
    records: (topic) => recordsOf(cluster, topic),
    broker: running.testBrokerOf,
    heal: () => {
      rules.endAll()
      for (const id of cluster.nodes.keys()) running.testBrokerOf(id).heal()
    },
    close: () => {
      listener.close()
      rules.endAll()
      running.close()
      clock.close()
    },
  }
}

/** Chance is the scheduler's own where it brings some, unless a seed was asked for. */
function clockFor({ scheduler, seed }: TestClusterOptions, settings: Settings): Clock {
  const bringsChance = scheduler !== undefined && 'random' in scheduler && seed === undefined
  return bringsChance ? clockOf(scheduler) : clockOf(scheduler, seeded(settings.seed))
}

interface Parts {
  /** The clock of what is around the cluster, and goes on when that is closed. */
  readonly world: Clock
  readonly cluster: ClusterState
  readonly lifecycle: Lifecycle
  readonly rules: Rules
}

/** The brokers, where clients reach them in memory. */
function startBrokers({ cluster, lifecycle, rules, world }: Parts) {
  const network = memoryNetwork({ clock: world, latency: cluster.settings.latency })
  const requests$ = new Subject<Arrived>()
  const problems = problemsOf(cluster.clock)
  let isClosed = false
  const start = (node: ClusterNode) => {
    const arrived = (request: Arrived): void => requests$.next(request)
    const broker = new Broker({ node, cluster, handlers, disturbances: rules, arrived, failed: problems.report })
    const { memory } = node.addresses
    if (memory !== undefined) {
      network.listen(memory, { accept: (socket) => broker.accept(socket, 'memory'), refuses: () => isClosed || node.status === 'down' })
    }
    return { node, broker, handle: testBroker({ node, broker, lifecycle, network }) }
  }
  const started = new Map([...cluster.nodes].map(([id, node]) => [id, start(node)]))
  const found = (id: NodeId) => {
    const one = started.get(id)
    if (one === undefined) throw new RangeError(`There is no broker ${String(id)}`)
    return one
  }
  return {
    seen: {
      brokers: [...started.values()].flatMap(({ node: { addresses } }) => textOf(addresses.memory)),
      transport: network.transport,
      requests$: requests$.asObservable(),
      problems$: problems.reported$,
    },
    brokerOf: (id: NodeId): Broker => found(id).broker,
    testBrokerOf: (id: NodeId): TestBroker => found(id).handle,
    close: () => {
      isClosed = true
      for (const { broker } of started.values()) broker.hangUp()
      requests$.complete()
      cluster.appended$.complete()
    },
  }
}

function problemsOf(clock: Clock) {
  const reported$ = new Subject<unknown>()
  const report = (problem: unknown): void => {
    if (reported$.observed) reported$.next(problem)
    // On the clock, so that in virtual time it is thrown at whoever moves the time: in the spec that met it.
    else clock.yield(() => raise(problem))
  }
  return { report, reported$: reported$.asObservable() }
}

function raise(problem: unknown): never {
  throw problem instanceof Error ? problem : new Error(String(problem))
}

const textOf = (address: Address | undefined): string[] => (address === undefined ? [] : [`${address.host}:${String(address.port)}`])

const recordsOf = (cluster: ClusterState, topic: string): readonly LoggedRecord[] =>
  (cluster.topics.get(topic)?.partitions ?? []).flatMap(({ index, log }) =>
    log.batches
      .map(({ bytes }) => recordBatch.decode(bytes))
      .flatMap(({ control, records }) => (control ? [] : records))
      .filter(({ offset }) => offset >= log.startOffset)
      .map((record) => ({ ...record, partition: index })),
  )
