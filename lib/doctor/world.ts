/** Where the doctor looks around. */
import type { ProducerConfig, Settings } from '../config'
import type { MeantNode } from '../network/handshake'
import type { Lookup } from '../network/names'
import type { Clock } from '../time'

export interface World {
  /** As it was given: what it leaves open decides which steps there are. */
  readonly config: ProducerConfig
  readonly settings: Settings
  readonly clock: Clock
  readonly lookup: Lookup
  /** The broker that should be found, once brokers are known by number. */
  readonly meant?: MeantNode
}
