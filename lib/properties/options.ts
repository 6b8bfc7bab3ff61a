/** The options that properties can become. */
import type { ProducerConfig } from '../config'

export type SaslOptions =
  | { readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: () => Promise<string>; readonly extensions?: Readonly<Record<string, string>> }

export interface Options extends ProducerConfig {
  readonly sasl?: SaslOptions
  readonly metadataMaxAge?: number
  readonly metadataMaxIdle?: number
  readonly metadataRecovery?: 'rebootstrap' | 'none'
  readonly metadataRebootstrapTrigger?: number
  readonly connectionSetupTimeoutMax?: number
  readonly connectionsMaxIdle?: number
}
