/** The options that properties can become. */
import type { ProducerConfig } from '../config'

export interface Options extends ProducerConfig {
  readonly metadataMaxAge?: number
  readonly metadataMaxIdle?: number
  readonly metadataRecovery?: 'rebootstrap' | 'none'
  readonly metadataRebootstrapTrigger?: number
  readonly connectionSetupTimeoutMax?: number
  readonly connectionsMaxIdle?: number
}
