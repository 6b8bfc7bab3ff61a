import { randomUUID } from 'node:crypto'
import { startHarness } from '../../kafka/harness'
import type { Harness, TopicOptions } from '../../kafka/harness'
import { BOOTSTRAP, WITHOUT_KAFKA } from './shared-broker'

export interface RealKafka {
  /** host:port for `brokers`. */
  readonly bootstrap: string
  /** Kafka's own clients; there from the first `beforeAll` of the body on. */
  readonly java: Harness
  /** A new topic whose name nobody else uses; one partition unless told. */
  topic(partitions?: number, configs?: Readonly<Record<string, string>>): Promise<string>
}

/** A real broker and two processes share the machine with whatever else runs on it. */
const PATIENCE_MS = 60_000

/** Brokers before 3.6 have one limit for times that are too early and for those that are too late (KIP-937). */
const asOldBrokersKnowThem = (configs: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(configs).map(([name, value]) => [
      name.replace(/^message\.timestamp\.(before|after)\.max\.ms$/, 'message.timestamp.difference.max.ms'),
      value,
    ]),
  )

const createTopic = async (java: Harness, options: TopicOptions & { readonly configs: Readonly<Record<string, string>> }): Promise<void> =>
  java.createTopic(options).catch((error: unknown) => {
    if (!/Unknown topic config name: message\.timestamp\./.test(String(error))) throw error
    return java.createTopic({ ...options, configs: asOldBrokersKnowThem(options.configs) })
  })

const realKafka = (bootstrap: string): RealKafka => {
  let running: Harness | undefined
  beforeAll(async () => {
    running = await startHarness(bootstrap)
  })
  afterAll(async () => running?.stop())
  const java = () => {
    if (!running) throw new Error('the Java harness starts in beforeAll')
    return running
  }
  return {
    bootstrap,
    get java() {
      return java()
    },
    topic: async (partitions = 1, configs = {}) => {
      const topic = `spec-${randomUUID()}`
      await createTopic(java(), { topic, partitions, configs })
      return topic
    },
  }
}

/** `describe` for specs on a real Kafka; without one they are reported as skipped, and the reason stands in their name. */
export const describeWithKafka = (name: string, body: (kafka: RealKafka) => void): void =>
  describeWhereKafkaRuns(name, (bootstrap) => body(realKafka(bootstrap)))

/** The same for specs that start brokers of their own. `bootstrap` is the one that all share. */
export const describeWhereKafkaRuns = (name: string, body: (bootstrap: string) => void): void => {
  jest.setTimeout(PATIENCE_MS)
  const bootstrap = process.env[BOOTSTRAP]
  if (bootstrap !== undefined) return describe(name, () => body(bootstrap))
  const reason = process.env[WITHOUT_KAFKA] ?? 'spec/integration/setup.ts did not run'
  describe.skip(`${name} (skipped: ${reason})`, () => body('127.0.0.1:0'))
}
