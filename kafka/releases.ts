import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kafka } from './broker'
import { kraftClassPath, zooKeeperClassPath } from './jars'
import { saysLine, startJvm } from './jvm'
import type { JvmOptions } from './jvm'
import { freePorts } from './ports'

type Properties = Readonly<Record<string, string>>

/** Who keeps the metadata of a cluster. */
type Keeper = 'zookeeper' | 'kraft'

/** Apache Kafka as it was released, the oldest first: the last of each line that is still met, and the first that the project was designed by. */
export const RELEASES = { '2.8.2': 'zookeeper', '3.9.1': 'kraft', '4.3.1': 'kraft', '4.4.0': 'kraft' } as const satisfies Readonly<
  Record<string, Keeper>
>

export type Release = keyof typeof RELEASES

export const isRelease = (text: string): text is Release => text in RELEASES

interface Ports {
  readonly port: number
  /** Of the controller, or of ZooKeeper. */
  readonly keeperPort: number
}

/** One replica of everything. */
const SINGLE: Properties = {
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.min.isr': '1',
}

const KEPT_BY: Readonly<Record<Keeper, (ports: Ports) => Properties>> = {
  zookeeper: ({ port, keeperPort }) => ({
    'broker.id': '1',
    'zookeeper.connect': `127.0.0.1:${keeperPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port}`,
  }),
  kraft: ({ port, keeperPort }) => ({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${keeperPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${keeperPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  }),
}

/** 16 bytes in base64; with a first one that makes no dash of it, which would read as an option. */
const newClusterId = (): string => Buffer.concat([Buffer.of(0x41), randomBytes(15)]).toString('base64url')

/** What starts a release, given its properties file and the folder of its data. */
const programs: Readonly<Record<Keeper, (release: Release, file: string, folder: string) => Promise<JvmOptions>>> = {
  zookeeper: async (release, file, folder) => ({
    ...{ program: 'zookeeper', main: 'Broker', classPath: await zooKeeperClassPath(release) },
    programArguments: [file, folder],
  }),
  kraft: async (release, file, folder) => ({
    ...{ main: 'Broker', classPath: await kraftClassPath(release) },
    programArguments: [file, folder, '--cluster-id', newClusterId()],
  }),
}

/** Starts one node of a release with an empty disk and waits until it answers. It ends with this process, however that ends. */
export const startRelease = async (release: Release, properties: Properties = {}): Promise<Kafka> => {
  const keeper = RELEASES[release]
  const [port = 0, keeperPort = 0] = await freePorts(2)
  const folder = await mkdtemp(join(tmpdir(), `kafkarx-kafka-${release}-`))
  const file = join(folder, 'server.properties')
  const all = { ...SINGLE, ...KEPT_BY[keeper]({ port, keeperPort }), 'log.dirs': join(folder, 'log'), ...properties }
  const text = Object.entries(all).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(file, text.join(''))
  const node = await startJvm(await programs[keeper](release, file, folder))
  const stop = async () => {
    await node.stop()
    await rm(folder, { recursive: true, force: true })
  }
  if (await saysLine(node, 'READY')) return { bootstrap: `127.0.0.1:${port}`, pid: node.child.pid ?? 0, stop }
  await stop()
  throw new Error(`Kafka ${release} did not start:\n${node.complaint()}`)
}
