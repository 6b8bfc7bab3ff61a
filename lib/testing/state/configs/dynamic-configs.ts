/** What brokers were set to while they ran. */
import type { Settings } from '../../settings'

/** Settings by name; those of all brokers under `ALL_BROKERS`, those of one under its id. */
export type DynamicConfigs = Map<string, Map<string, string>>

export const ALL_BROKERS = ''

const MIN_ISR = 'min.insync.replicas'

/**
 * A new 4.4 cluster writes `min.insync.replicas` down as set for all brokers, because eligible leader replicas go by it: from then on
 * what a broker was started with does not matter.
 */
export const dynamicConfigsOf = ({ configs }: Settings): DynamicConfigs =>
  new Map([[ALL_BROKERS, new Map([[MIN_ISR, configs[MIN_ISR] ?? '1']])]])
