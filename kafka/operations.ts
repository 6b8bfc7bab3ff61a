/** A command for the Java harness, and its result. */
export type Ask = (command: Readonly<Record<string, unknown>>, onPart?: (part: string) => void) => Promise<unknown>

export interface PartitionState {
  readonly partition: number
  /** -1 while there is none. */
  readonly leader: number
  readonly inSync: readonly number[]
}

/** What an operator does to a cluster that runs, through Kafka's own admin client. Each resolves when the brokers say that it is so. */
export interface Operations {
  /** Every one of so many brokers is there, and every replica of every partition is in sync. */
  awaitWhole(brokers: number): Promise<void>
  leaders(topic: string): Promise<readonly PartitionState[]>
  /** Each partition gets its second replica as its preferred leader, and that one is elected. */
  moveLeaders(topic: string): Promise<void>
  /** `count`: how many there are then. */
  addPartitions(topic: string, count: number): Promise<void>
  /** No broker holds anything of a deleted topic any more, so none can acknowledge what was sent to it. */
  awaitNoLogs(topic: string): Promise<void>
  /** A quota for whoever calls himself so; undefined takes it away. */
  limitProducer(clientId: string, bytesPerSecond: number | undefined): Promise<void>
}

type RawState = readonly [number, number, readonly number[]]

export const operations = (ask: Ask): Operations => ({
  awaitWhole: async (brokers) => void (await ask({ command: 'awaitWhole', brokers })),
  leaders: async (topic) => {
    const states = (await ask({ command: 'leaders', topic })) as readonly RawState[]
    return states.map(([partition, leader, inSync]) => ({ partition, leader, inSync }))
  },
  moveLeaders: async (topic) => void (await ask({ command: 'moveLeaders', topic })),
  addPartitions: async (topic, count) => void (await ask({ command: 'addPartitions', topic, count })),
  awaitNoLogs: async (topic) => void (await ask({ command: 'awaitNoLogs', topic })),
  limitProducer: async (clientId, bytesPerSecond) => void (await ask({ command: 'limitProducer', clientId, bytesPerSecond })),
})
