/** The options that properties can become. */
import type { ProducerConfig } from '../config'

/** A PEM text, its bytes, or the path of a file that holds it. */
export type Pem = string | Buffer

export interface TlsOptions {
  readonly ca?: Pem | readonly Pem[]
  readonly cert?: Pem | readonly Pem[]
  readonly key?: Pem | readonly Pem[]
  readonly passphrase?: string
  readonly checkServerIdentity?: false
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
  readonly ciphers?: string
}

export type SaslOptions =
  | { readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: () => Promise<string>; readonly extensions?: Readonly<Record<string, string>> }

export interface Options extends ProducerConfig {
  readonly tls?: boolean | TlsOptions
  readonly sasl?: SaslOptions
  readonly metadataMaxAge?: number
  readonly metadataMaxIdle?: number
  readonly metadataRecovery?: 'rebootstrap' | 'none'
  readonly metadataRebootstrapTrigger?: number
  readonly connectionSetupTimeoutMax?: number
  readonly connectionsMaxIdle?: number
}
