/** What the doctor finds, step by step. */
import type { KafkaError } from '../errors'

export type StepName = 'configuration' | 'name' | 'TCP' | 'TLS' | 'protocol' | 'login' | 'metadata' | 'listener' | 'topic'

export interface Passed {
  readonly type: 'passed'
  readonly step: StepName
  /** Of what: an address, a broker, a topic. */
  readonly target: string
  /** What was found, in a few words. */
  readonly says: string
}

export interface Failed {
  readonly type: 'failed'
  readonly step: StepName
  readonly target: string
  readonly error: KafkaError
  /** What to try next, in whole sentences. */
  readonly hint: string
}

export type Finding = Passed | Failed
