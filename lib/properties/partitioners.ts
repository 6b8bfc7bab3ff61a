/** Java's partitioners that there are here too. */
import type { Partitioner } from '../partitioners/partitioner'
import { roundRobin } from '../partitioners/round-robin'

interface PartitionerChoice {
  readonly partitioner?: Partitioner
  readonly ignoreKeys?: true
}

const PRODUCER = 'org.apache.kafka.clients.producer'

/** The last two were removed with Kafka 4.0, and still stand in many files. A partitioner has a state: each producer gets its own. */
export const PARTITIONERS: Readonly<Record<string, () => PartitionerChoice>> = {
  [`${PRODUCER}.RoundRobinPartitioner`]: () => ({ partitioner: roundRobin() }),
  [`${PRODUCER}.internals.DefaultPartitioner`]: () => ({}),
  [`${PRODUCER}.UniformStickyPartitioner`]: () => ({ ignoreKeys: true }),
}
