/** What a partition asks of its cluster while it runs: the time, and settings that may change. */
import type { Clock } from '../../time'
import type { Settings } from '../settings'
import { ALL_BROKERS } from './configs/dynamic-configs'
import type { DynamicConfigs } from './configs/dynamic-configs'
import type { PartitionOptions } from './partition'
import type { Topic } from './topic'

const MIN_ISR = 'min.insync.replicas'
const PRODUCER_EXPIRATION = 'producer.id.expiration.ms'
const A_DAY = '86400000'

interface Surroundings {
  readonly clock: Clock
  readonly settings: Settings
  readonly brokerConfigs: DynamicConfigs
}

type PartitionRules = Required<Pick<PartitionOptions, 'timestamp' | 'minIsr' | 'producerExpiration'>>

export function partitionRules({ configs }: Topic, { clock, settings, brokerConfigs }: Surroundings): PartitionRules {
  const ofBrokers = (name: string): string | undefined => brokerConfigs.get(ALL_BROKERS)?.get(name) ?? settings.configs[name]
  return {
    timestamp: () => clock.timestamp(),
    minIsr: () => Number(configs.get(MIN_ISR) ?? ofBrokers(MIN_ISR) ?? 1),
    producerExpiration: () => Number(ofBrokers(PRODUCER_EXPIRATION) ?? A_DAY),
  }
}
