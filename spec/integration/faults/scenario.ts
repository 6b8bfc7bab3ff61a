/** A fault, as data. */
import type { Cluster, ClusterBroker } from '../../../kafka/cluster'
import type { Harness } from '../../../kafka/harness'
import type { Proxy } from '../../../kafka/proxy'
import type { ProducerConfig } from '../../../lib/config'
import type { ProducerEvent } from '../../../lib/events'
import type { CloseReport } from '../../../lib/producer'
import type { PROMISES } from './judge'
import type { Load } from './load'

/** What a fault may touch and look at while the load runs. */
export interface Scene {
  readonly cluster: Cluster
  readonly proxies: readonly Proxy[]
  readonly java: Harness
  readonly topic: string
  readonly clientId: string
  readonly load: Load
  /** Waits for it; rejects when the fault takes too long. */
  until(condition: () => boolean): Promise<void>
  /** Waits until so many more records were acknowledged. */
  deliveredMore(count: number): Promise<void>
  /** Lets the fault go on: for faults that are nothing but time. */
  lasts(ms: number): Promise<void>
  /** How many events of the kind the producer told of so far; for retries, with this error. */
  told(type: ProducerEvent['type'], code?: string): number
  /** The broker that leads the topic's first partition now. */
  leader(): Promise<ClusterBroker>
  /** Closes the producer while the load goes on. */
  close(timeout: number): Promise<CloseReport>
  /** Makes the topic anew, as it was. */
  createTopic(): Promise<void>
  /** These records are excused, as `excused` of the scenario says. */
  excuse(ids: Iterable<number>): void
}

export interface Scenario {
  /** What happens, as the table says it. */
  readonly name: string
  /** Whether the records come through the proxies. */
  readonly through: 'proxies' | 'nothing'
  /** What differs from a producer's defaults. */
  readonly config?: Partial<ProducerConfig>
  /** Codes with which records may fail. Without them, every record must be delivered. */
  readonly mayFail?: readonly string[]
  /** A control: without what is said in `config`, this promise must be seen to break, else the suite is blind to it. */
  readonly mustBreak?: (typeof PROMISES)[number]
  /** Of which records less is promised, and why. */
  readonly excused?: string
  /** Takes as long as the fault does, and resolves when it is seen to have bitten; with `closed` when it has closed the producer. */
  during(scene: Scene): Promise<void | 'closed'>
}
