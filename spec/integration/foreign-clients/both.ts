import { randomUUID } from 'node:crypto'
import { wireCluster } from '../../../demo/wire-cluster'
import type { OnPath } from '../../../kafka/java'
import { testCluster } from '../../../lib/testing/test-cluster'
import type { TestCluster } from '../../../lib/testing/test-cluster'
import { describeWithKafka } from '../support'

/** Apache Kafka and the cluster of `kafkarx/testing`, both on sockets, for the same steps of the same client. */
export interface Both {
  /** A new topic of the same name on both; one partition unless told. */
  topic(partitions?: number): Promise<string>
  /** What the steps come to, which is the same on both. */
  same<T>(steps: (bootstrap: string) => Promise<T>): Promise<T>
}

/** As the real broker of the specs is set, but of three brokers: more can go wrong on the way to the right one. */
const OURS = {
  brokers: 3,
  configs: {
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.num.partitions': '3',
  },
} as const

/** A program of its own starts, connects and ends on each side. */
const PATIENCE_MS = 60_000

/** `describe` for an unmodified client; where it or Kafka is missing, it is reported as skipped, and the reason stands in its name. */
export const describeOnBoth = (client: string, present: OnPath, body: (both: Both) => void): void => {
  const nowhere = (): Promise<never> => Promise.reject(new Error(`${client} is not here`))
  if (!present.ok) return describe.skip(`${client} (skipped: ${present.reason})`, () => body({ topic: nowhere, same: nowhere }))
  describeWithKafka(client, (kafka) => {
    let ours: TestCluster
    let address = ''
    beforeAll(async () => {
      ours = testCluster(OURS)
      ;[address = ''] = await ours.listen()
      // The first who asks for a group makes a real broker make its coordinator, which not every client has the patience for; Java's has.
      await kafka.java.committed('nobody', 'nothing')
    })
    afterAll(() => ours.close())
    jest.setTimeout(PATIENCE_MS)
    body({
      topic: async (partitions = 1) => {
        const topic = `spec-${randomUUID()}`
        await Promise.all([kafka.java.createTopic({ topic, partitions }), wireCluster([address]).createTopic(topic, partitions)])
        return topic
      },
      same: async (steps) => {
        const [theirs, own] = await Promise.all([steps(kafka.bootstrap), steps(address)])
        expect(own).toEqual(theirs)
        return theirs
      },
    })
  })
}
