/** Which cluster, which producer, which subscribers: drawn so that what is rare in real life is not rare here. */
import { mostOf } from '../../lib/batch/lingering'
import type { Chance } from './chance'
import type { ClusterPlan, ProducerPlan, StreamPlan } from './plan'

const TOPICS = ['orders', 'audit', 'clicks'] as const

export function clusterPlanOf(chance: Chance): ClusterPlan {
  const brokers = chance.pick([1, 2, 3, 3, 3, 4])
  const names = TOPICS.slice(0, chance.between(1, TOPICS.length))
  return {
    brokers,
    topics: Object.fromEntries(names.map((name) => [name, topicOf(chance, brokers)])),
    latency: chance.pick([0, 1, 1, 5, 20]),
    sessionTimeout: chance.pick([500, 2000, 9000]),
    configs: { 'auto.create.topics.enable': String(chance.percent(50)) },
    ...(chance.percent(30) && { versions: { Produce: { min: 3, max: chance.pick([3, 7, 8, 9, 10, 11, 12]) } } }),
  }
}

function topicOf(chance: Chance, brokers: number) {
  const replicationFactor = Math.min(brokers, chance.pick([1, 2, 3, 3]))
  const configs: Record<string, string> = {}
  if (chance.percent(25)) configs['max.message.bytes'] = String(chance.pick([300, 600, 1500, 5000]))
  if (chance.percent(40)) configs['min.insync.replicas'] = String(Math.min(2, replicationFactor))
  if (chance.percent(10)) configs['message.timestamp.type'] = 'LogAppendTime'
  if (chance.percent(5)) configs['unclean.leader.election.enable'] = 'true'
  return { partitions: chance.pick([1, 2, 2, 3, 5]), replicationFactor, configs }
}

/** Whether the log can tell what it has already. */
export const isIdempotent = ({ acks = 'all', idempotence = true }: ProducerPlan): boolean => acks === 'all' && idempotence

export function producerPlanOf(chance: Chance, { latency }: ClusterPlan): ProducerPlan {
  const linger = chance.pick([0, 5, 50, 'adaptive'] as const)
  const requestTimeout = chance.pick([200, 1000, 1000, 5000])
  const times = {
    ...{ linger, requestTimeout },
    deliveryTimeout: mostOf(linger) + requestTimeout + chance.pick([0, 300, 3000, 20_000, 20_000]),
    maxBlock: chance.pick([100, 3000, 10_000]),
    connectionSetupTimeout: chance.pick([300, 3000]),
    // Without any pause and without any latency time would stand still.
    retryBackoff: chance.pick(latency === 0 ? [1, 10, 100] : [0, 1, 10, 100]),
    reconnectBackoff: chance.pick([10, 50]),
  }
  return {
    acks: chance.weighted({ all: 75, one: 15, none: 10 }) === 'all' ? 'all' : chance.pick([1, 1, 0]),
    ...times,
    ...sizesOf(chance),
    maxInFlight: chance.pick([1, 2, 5, 5]),
    ...(chance.percent(20) && { retries: chance.between(1, 4) }),
    ...(chance.percent(15) && { idempotence: false }),
    ...(chance.percent(10) && { compression: 'gzip' as const }),
  }
}

function sizesOf(chance: Chance) {
  const batchSize = chance.pick([0, 200, 1000, 4000, 16_384])
  return {
    batchSize,
    maxBatchSize: batchSize + chance.pick([0, 2000, 30_000]),
    maxRequestSize: chance.pick([4096, 20_000, 1_048_576]),
    bufferMemory: chance.pick([16_384, 16_384, 24_000, 65_536, 33_554_432]),
    waitingMemory: chance.pick([0, 40_000, 268_435_456, 268_435_456, 268_435_456]),
  }
}

export const streamPlansOf = (chance: Chance): readonly StreamPlan[] =>
  chance.times(chance.between(1, 4), () => ({
    ...(chance.percent(20) && { echoes: chance.between(1, 20) }),
    ...(chance.percent(10) && { throwsAt: chance.between(1, 5) }),
    ...(chance.percent(20) && { leavesAt: chance.between(1, 30) }),
    ...(chance.percent(6) && { later: true }),
    ...(chance.percent(30) && { options: optionsOf(chance) }),
  }))

const optionsOf = (chance: Chance): NonNullable<StreamPlan['options']> => ({
  ...(chance.percent(40) && { ordered: true }),
  ...(chance.percent(40) && { maxInFlight: chance.pick([1, 3, 20]) }),
  ...(chance.percent(40) && { overflow: chance.pick(['fail', 'drop'] as const) }),
  ...(chance.percent(40) && { onUnsubscribe: 'purge' as const }),
})
