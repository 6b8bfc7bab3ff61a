/** What is sent to: real brokers, or those of `kafkarx/testing` in a process of their own. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka } from '../../kafka/broker'
import { startCluster } from '../../kafka/cluster'
import { startHarness } from '../../kafka/harness'
import type { TopicOptions } from '../../kafka/harness'
import { javaOnPath } from '../../kafka/java'
import { startOwnBroker } from '../../kafka/own-broker'

export interface Ground {
  readonly brokers: readonly string[]
  /** Of the one real broker. */
  readonly pid: number
  /** Resolves with the name of a topic that is there. */
  topic(partitions: number): Promise<string>
  stop(): Promise<void>
}

export type GroundName = 'one real broker' | 'three real brokers' | 'own: 1' | 'own: 3' | 'own: 50'

const COMMAND = join(__dirname, '..', '..', 'dist', 'cli', 'lib', 'cli', 'main.js')
const MIB = 1024 ** 2

/** What is old goes soon: the data lie in memory, and a run of half an hour would fill it. */
const PROPERTIES = {
  'auto.create.topics.enable': 'false',
  'log.retention.check.interval.ms': '1000',
  'log.segment.delete.delay.ms': '500',
  'log.index.size.max.bytes': String(MIB / 16),
  // Its cleaner takes 128 MiB, and there is nothing to clean.
  'log.cleaner.enable': 'false',
}
const KEPT = { 'segment.bytes': String(16 * MIB), 'retention.bytes': String(32 * MIB) }

/** A disk's moods are nobody's merit. */
const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** The controller takes no more than 10,000 changes at once; and while a broker makes the logs of thousands of them it answers nobody. */
const MOST_AT_ONCE = 500

const withTopics = async (
  brokers: readonly string[],
  parts: { readonly pid: number; readonly stop: () => Promise<void> },
): Promise<Ground> => {
  const harness = await startHarness(brokers.join(','))
  const topics = new Map<number, string>()
  const make = async (partitions: number): Promise<string> => {
    const topic = `scale-${String(partitions)}`
    const options: TopicOptions = { topic, partitions: Math.min(partitions, MOST_AT_ONCE), configs: KEPT }
    await harness.createTopic(options)
    for (let made = MOST_AT_ONCE; made < partitions; made += MOST_AT_ONCE)
      await harness.addPartitions(topic, Math.min(partitions, made + MOST_AT_ONCE))
    topics.set(partitions, topic)
    return topic
  }
  return {
    ...{ brokers, pid: parts.pid },
    topic: async (partitions) => topics.get(partitions) ?? make(partitions),
    stop: async () => {
      await harness.stop()
      await parts.stop()
    },
  }
}

export const oneReal = async (): Promise<Ground> => {
  const kafka = await startKafka({ jvm: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'], properties: PROPERTIES, dataIn: IN_MEMORY })
  return withTopics([kafka.bootstrap], kafka)
}

const threeReal = async (): Promise<Ground> => {
  const cluster = await startCluster({ properties: PROPERTIES, dataIn: IN_MEMORY })
  return withTopics(cluster.direct, { pid: 0, stop: cluster.stop })
}

/** Its topics are there from the beginning, so that each number of partitions is a topic of its own. */
const own = async (brokers: number): Promise<Ground> => {
  const made = [300]
  const topics = made.flatMap((partitions) => ['--topic', `scale-${String(partitions)}:${String(partitions)}`])
  const broker = await startOwnBroker(COMMAND, '--brokers', String(brokers), '--retention', '64K', ...topics)
  return {
    ...{ brokers: [broker.bootstrap], pid: broker.pid },
    topic: (partitions) =>
      made.includes(partitions) ? Promise.resolve(`scale-${String(partitions)}`) : Promise.reject(new Error('there is no such topic')),
    stop: broker.stop,
  }
}

const STARTS: Readonly<Record<GroundName, () => Promise<Ground>>> = {
  'one real broker': oneReal,
  'three real brokers': threeReal,
  'own: 1': () => own(1),
  'own: 3': () => own(3),
  'own: 50': () => own(50),
}

/** One ground, for as long as `work` takes. */
export const on = async <T>(name: GroundName, work: (ground: Ground) => Promise<T>): Promise<T> => {
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`the bench needs Java, for the broker: ${java.reason}`)
  const ground = await STARTS[name]()
  try {
    return await work(ground)
  } finally {
    await ground.stop()
  }
}
