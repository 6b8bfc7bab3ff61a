import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newClusterId, startNode } from './node'
import type { NodeOptions } from './node'
import { freePorts } from './ports'

/** A real Apache Kafka: one node, broker and controller (KRaft), on loopback. */
export interface Kafka {
  /** host:port for `brokers`. */
  readonly bootstrap: string
  readonly pid: number
  /** Ends the node and removes its data. */
  stop(): Promise<void>
}

export interface KafkaOptions extends Pick<NodeOptions, 'scram' | 'jvm' | 'onLine'> {
  /** Broker settings over those that a single node needs. */
  readonly properties?: Readonly<Record<string, string>>
  /** The folder in which the data folder is made; the system's temporary one unless told. */
  readonly dataIn?: string
}

const MOST_ATTEMPTS = 5

/** One replica of everything, and no waiting for members that will never join. */
const singleNode = (port: number, controllerPort: number): Readonly<Record<string, string>> => ({
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
})

/** Resolves with undefined when another program took one of the ports first. */
const startOnce = async ({ properties = {}, dataIn = tmpdir(), ...options }: KafkaOptions): Promise<Kafka | undefined> => {
  const [port = 0, controllerPort = 0] = await freePorts(2)
  const folder = await mkdtemp(join(dataIn, 'kafkarx-broker-'))
  const clean = () => rm(folder, { recursive: true, force: true })
  const settings = { ...singleNode(port, controllerPort), ...properties }
  const node = await startNode({ properties: settings, folder, clusterId: newClusterId(), ...options }).catch(async (error: unknown) => {
    await clean()
    throw error
  })
  if (!node) return void (await clean())
  const stop = async () => {
    await node.stop()
    await clean()
  }
  return { bootstrap: `127.0.0.1:${port}`, pid: node.child.pid ?? 0, stop }
}

/** Starts a node with an empty disk and waits until it answers. It ends with this process, however that ends. */
export const startKafka = async (options: KafkaOptions = {}): Promise<Kafka> => {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const kafka = await startOnce(options)
    if (kafka) return kafka
  }
  throw new Error(`Kafka did not start: ${MOST_ATTEMPTS} times another program took its port`)
}
