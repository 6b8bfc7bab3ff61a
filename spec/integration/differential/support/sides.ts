/** Both sides, set up alike: a node of Apache Kafka, and a cluster of one broker in this process. */
import { startKafka } from '../../../../kafka/broker'
import { tcp } from '../../../../lib/network/tcp'
import { testCluster } from '../../../../lib/testing/test-cluster'
import { FIND_COORDINATOR, INIT_PRODUCER_ID, METADATA, newestOf, UPDATE_FEATURES } from './apis'
import { client } from './client'
import type { Client } from './client'
import { judge } from './judge'
import type { Reach } from './lane'
import { bothOf, mapPair, same } from './pair'
import type { Pair } from './pair'

/** Records of scenarios are old: nothing of them may be cleaned away while they are compared. */
const THEIR_CONFIGS = { 'log.initial.task.delay.ms': '3600000' }

export interface Sides extends AsyncDisposable {
  readonly reach: Pair<Reach>
}

export interface SidesOptions {
  readonly seed: number
  /** Broker settings of both, over those that make a run short. */
  readonly configs?: Readonly<Record<string, string>>
  /** The finalized `transaction.version`. Default 2. */
  readonly transactionVersion?: 0 | 1 | 2
}

/** What `startKafka` sets, and what keeps a run short. */
const CONFIGS = {
  'auto.create.topics.enable': 'true',
  'num.partitions': '2',
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  // Records of scenarios are old and markers are new: in a new segment, which a Fetch of the one before does not reach.
  'log.roll.ms': '1000000000000000',
  'group.initial.rebalance.delay.ms': '0',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '200',
  'group.min.session.timeout.ms': '100',
}

/** One side, running. */
interface Side {
  readonly reach: Reach
  stop(): Promise<void>
}

/** With a second node in our place what differs is chance, and the scenario is to be mended. */
export async function startSides(options: SidesOptions, beside: 'ours' | 'a second node' = 'ours'): Promise<Sides> {
  const theirs = await theirSide(options)
  return besideEachOther({ theirs, ours: beside === 'ours' ? ourSide(options) : await theirSide(options) })
}

/** Two sides that are ready to be asked. */
async function besideEachOther(sides: Pair<Side>): Promise<Sides> {
  const reach = mapPair(sides, (side) => side.reach)
  const warm = client({ scenario: 'warm-up', reach, judge: unheard() })
  await warmUp(warm)
  warm.close()
  const stop = async (): Promise<void> => {
    await bothOf(mapPair(sides, (side) => side.stop()))
  }
  return { reach, [Symbol.asyncDispose]: stop }
}

async function theirSide({ configs = {}, transactionVersion = 2 }: SidesOptions): Promise<Side> {
  const kafka = await startKafka({ properties: { ...CONFIGS, ...configs, ...THEIR_CONFIGS } })
  const reach = { transport: tcp(), address: addressOf(kafka.bootstrap) }
  if (transactionVersion < 2) await lowerTransactions(reach, transactionVersion)
  return { reach, stop: () => kafka.stop() }
}

function ourSide({ seed, configs = {}, transactionVersion = 2 }: SidesOptions): Side {
  const cluster = testCluster({ brokers: 1, seed, configs: { ...CONFIGS, ...configs }, transactionVersion })
  const reach = { transport: cluster.transport, address: addressOf(cluster.brokers[0] ?? '') }
  return { reach, stop: () => Promise.resolve(cluster.close()) }
}

const addressOf = (bootstrap: string) => {
  const [host = '', port] = bootstrap.split(':')
  return { host, port: Number(port) }
}

/** The warm-up's answers are compared with nobody: they come when the internal topics have been made. */
const unheard = () => judge({ bound: [], unordered: [], growing: [], appendTimes: [], ownWords: [], accepted: [] }, Date.now)

/** Makes the internal topics, and waits until their coordinators answer. */
async function warmUp(warm: Client): Promise<void> {
  await warm.until(METADATA, newestOf(METADATA), { topics: [] }, ({ brokers }) => brokers.length === 1)
  for (const keyType of [0, 1]) {
    const found = (answer: { readonly coordinators: readonly { readonly errorCode: number }[] }): boolean =>
      answer.coordinators[0]?.errorCode === 0
    await warm.until(FIND_COORDINATOR, newestOf(FIND_COORDINATOR), { keyType, coordinatorKeys: ['warm'] }, found)
  }
  const request = { transactionalId: 'warm', transactionTimeoutMs: 1000 }
  await warm.until(INIT_PRODUCER_ID, newestOf(INIT_PRODUCER_ID), request, ({ errorCode }) => errorCode === 0)
}

/** A node is formatted for the newest version; the one in this process is told when it is made. */
async function lowerTransactions(reach: Reach, version: number): Promise<void> {
  const lower = client({ scenario: 'warm-up', reach: same(reach), judge: unheard() })
  const featureUpdates = [{ feature: 'transaction.version', maxVersionLevel: version, upgradeType: 2 }]
  await lower.ask(UPDATE_FEATURES, newestOf(UPDATE_FEATURES), { timeoutMs: 10_000, featureUpdates })
  lower.close()
}
