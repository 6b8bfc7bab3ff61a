/** `kafkarx/testing`: a Kafka cluster inside the process, what can go wrong in it, and virtual time to run it in. */
export { testCluster } from '../testing/test-cluster'
export type { LoggedRecord, TestCluster } from '../testing/test-cluster'
export type { TestClusterOptions, TestTopic } from '../testing/settings'
export type { ListenOptions } from '../testing/listen'

// What happens in it, and to it.
export type { Arrived } from '../testing/broker/disturbances'
export type { AppendedBatch } from '../testing/state/cluster-state'
export type { Operations } from '../testing/operations'
export type { Schedule } from '../testing/schedule'
export type { Slowness, TestBroker } from '../testing/test-broker'
export type { Faults, NextWhere } from '../testing/faults/faults'
export type { Fault, Held, Ordered } from '../testing/faults/fault'
export type { AnswerOf, FaultyApi, RequestOf, Where } from '../testing/faults/where'
export type { ErrorName } from '../generated/error-codes'

export { virtualTime } from '../testing/virtual-time'
export type { VirtualTime } from '../testing/virtual-time'
