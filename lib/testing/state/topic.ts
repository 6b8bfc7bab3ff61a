/** A topic: a name, an id that is new each time the name is used, its partitions and its settings. */
import type { Partition } from './partition'

export interface Topic {
  readonly name: string
  readonly id: string
  readonly isInternal: boolean
  readonly partitions: Partition[]
  /** What differs from the cluster's settings, by Kafka's names. */
  readonly configs: Map<string, string>
}
