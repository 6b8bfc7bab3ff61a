import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Jvm } from './jvm'
import { newClusterId, startNode } from './node'
import type { NodeOptions } from './node'
import { pause } from './pausing'
import type { Paused } from './pausing'
import { freePorts } from './ports'

/** One broker of a cluster. Its ports and its data are the same in all its lives. */
export interface ClusterBroker {
  readonly id: number
  /** host:port of its listener behind `portInFrontOf`, as clients are told it. */
  readonly address: string
  /** Of the process that runs it now, or ran it last. */
  readonly pid: number
  readonly running: boolean
  /** A controlled shutdown: it hands its partitions over first. */
  stop(): Promise<void>
  /** As a power cut: without a word, and what the system had taken from it stays. */
  kill(): Promise<void>
  /** It stands still, with its connections open. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Resolves when it answers again. */
  start(): Promise<void>
}

/** Three brokers and a controller of Apache Kafka (KRaft) on loopback. */
export interface Cluster {
  /** host:port of every broker, with nothing in between: the listener that they use among themselves too. */
  readonly direct: readonly string[]
  /** The same brokers behind what `portInFrontOf` put there. */
  readonly fronted: readonly string[]
  readonly brokers: readonly ClusterBroker[]
  /** Ends all of it and removes its data. */
  stop(): Promise<void>
}

export interface ClusterOptions {
  /** Broker settings over those that a cluster needs. */
  readonly properties?: Readonly<Record<string, string>>
  /** The port that clients are told in place of that of a second listener: a proxy's. */
  readonly portInFrontOf?: (port: number) => Promise<number>
  /** The folder in which the data folder is made; the system's temporary one unless told. */
  readonly dataIn?: string
}

export const BROKERS = 3
/**
 * For a topic of which three replicas are there and two must be in sync. A broker's own min.insync.replicas is not looked at any more: with
 * eligible leader replicas (KIP-966) the cluster has one value, which formatting sets to 1.
 */
export const REPLICATED = { replicas: BROKERS, configs: { 'min.insync.replicas': '2' } }

const MOST_ATTEMPTS = 5
const HOST = '127.0.0.1'
const LISTENERS = {
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,FRONTED:PLAINTEXT',
}

const smallJvm = (megabytes: number): readonly string[] => ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Xmx${megabytes}m`]

const quorum = (port: number) => ({ 'controller.quorum.voters': `100@${HOST}:${port}`, ...LISTENERS })

/**
 * The controller is a process of its own, and stays. In combined nodes, two brokers that are away would be two voters that are away: nobody
 * could take them out of the in-sync replicas, and a leader alone would not refuse (NOT_ENOUGH_REPLICAS) but wait; and a leader
 * that is killed would, one time in three, take the controller with it. What is looked at here is a producer, which never talks to one.
 */
const controllerProperties = (port: number) => ({
  'process.roles': 'controller',
  'node.id': '100',
  listeners: `CONTROLLER://${HOST}:${port}`,
  ...quorum(port),
  // Who is killed is missed soon; a machine that is busy does not look dead.
  'broker.session.timeout.ms': '6000',
})

interface Ports {
  readonly internal: number
  readonly client: number
  /** What clients are told. */
  readonly told: number
}

const brokerProperties = (id: number, { internal, client, told }: Ports) => ({
  'process.roles': 'broker',
  'node.id': String(id),
  listeners: `INTERNAL://${HOST}:${internal},FRONTED://${HOST}:${client}`,
  'advertised.listeners': `INTERNAL://${HOST}:${internal},FRONTED://${HOST}:${told}`,
  'inter.broker.listener.name': 'INTERNAL',
  'broker.heartbeat.interval.ms': '1000',
  'broker.session.timeout.ms': '6000',
  'default.replication.factor': String(BROKERS),
  'offsets.topic.replication.factor': String(BROKERS),
  'offsets.topic.num.partitions': '1',
  'auto.create.topics.enable': 'false',
  // Leaders move when a scenario says so.
  'auto.leader.rebalance.enable': 'false',
})

const started = async (options: NodeOptions): Promise<Jvm> => {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const node = await startNode(options)
    if (node) return node
  }
  throw new Error('Kafka did not start: another program holds its port')
}

const killed = async ({ child, ended }: Jvm): Promise<void> => {
  child.kill('SIGKILL')
  await ended
}

interface Plan {
  readonly id: number
  readonly internal: number
  readonly told: number
  readonly options: NodeOptions
}

const brokerOf = ({ id, told, options }: Plan, first: Jvm): ClusterBroker => {
  let node = first
  let paused: Paused | undefined
  const resume = async () => {
    await paused?.resume()
    paused = undefined
  }
  return {
    id,
    address: `${HOST}:${told}`,
    get pid() {
      return node.child.pid ?? 0
    },
    get running() {
      return node.child.exitCode === null && node.child.signalCode === null
    },
    stop: async () => {
      node.child.kill('SIGTERM')
      await node.ended
    },
    kill: async () => {
      await killed(node)
      await resume()
    },
    pause: async () => void (paused = await pause(node.child.pid ?? 0)),
    resume,
    start: async () => void (node = await started(options)),
  }
}

const withoutProxy = (port: number): Promise<number> => Promise.resolve(port)

interface Ground {
  readonly folder: string
  readonly clusterId: string
  readonly options: ClusterOptions
}

const planned = async (
  { folder, clusterId, options }: Ground,
  [controllerPort = 0, ...ports]: readonly number[],
): Promise<readonly Plan[]> => {
  const { properties = {}, portInFrontOf = withoutProxy } = options
  const plan = async (id: number): Promise<Plan> => {
    const [internal = 0, client = 0] = ports.slice(2 * (id - 1))
    const told = await portInFrontOf(client)
    const settings = { ...brokerProperties(id, { internal, client, told }), ...quorum(controllerPort), ...properties }
    return { id, internal, told, options: { properties: settings, folder: join(folder, `broker-${id}`), clusterId, jvm: smallJvm(512) } }
  }
  return Promise.all(Array.from({ length: BROKERS }, (_, i) => plan(i + 1)))
}

const startIn = async (ground: Ground): Promise<Cluster> => {
  const { folder, clusterId } = ground
  const clean = () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  const running: { kill(): Promise<void> }[] = []
  const stop = async () => {
    await Promise.all(running.map((one) => one.kill()))
    await clean()
  }
  const ports = await freePorts(1 + 2 * BROKERS)
  const [controllerPort = 0] = ports
  const plans = await planned(ground, ports)
  try {
    const controller = await started({ properties: controllerProperties(controllerPort), folder, clusterId, jvm: smallJvm(256) })
    running.push({ kill: () => killed(controller) })
    const starts = await Promise.allSettled(plans.map(async (plan) => brokerOf(plan, await started(plan.options))))
    const brokers = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    running.push(...brokers)
    for (const start of starts) if (start.status === 'rejected') throw start.reason
    const direct = plans.map(({ internal }) => `${HOST}:${internal}`)
    return { direct, fronted: brokers.map(({ address }) => address), brokers, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** With an empty disk. It ends with this process, however that ends. */
export const startCluster = async (options: ClusterOptions = {}): Promise<Cluster> =>
  startIn({ folder: await mkdtemp(join(options.dataIn ?? tmpdir(), 'kafkarx-cluster-')), clusterId: newClusterId(), options })
