import type { Job, Outcome } from '../job'

/** Everybody who is measured. */
export type ClientName =
  | 'kafkarx'
  | 'kafkarx-24'
  | 'kafkarx-adaptive'
  | 'other'
  | 'librdkafka'
  | 'librdkafka-debian'
  | 'java'
  | 'java-tuned'
  | 'java-64k'
  | 'java-1m'
  | 'java-linger-20'
  | 'node-rdkafka'
  | 'confluent'
  | 'confluent-send'
  | 'platformatic'
  | 'kafkajs'
  | 'ceiling'

/** What is known once it is there. */
export interface Ready {
  /** What runs: names and versions. */
  readonly version: string
  readonly run: (job: Job) => Promise<Outcome>
}

export interface Client {
  readonly name: ClientName
  /** As tables call it. */
  readonly title: string
  /**
   * The share of a case's records that it is given in bulk: each then takes some seconds. The rate is what counts.
   */
  readonly share: number
  /** Installs it where need be. Throws or rejects with the reason for which it cannot be had. */
  readonly prepare: () => Ready | Promise<Ready>
}
