/** All faults, and the few that every change is tried against. */
import { brokerFaults } from './broker-faults'
import { chaos } from './chaos'
import { networkFaults } from './network-faults'
import { operatorFaults } from './operator-faults'
import type { Scenario } from './scenario'

export const SCENARIOS: readonly Scenario[] = [...brokerFaults, ...operatorFaults, ...networkFaults, chaos]

/** One of each kind. The others take minutes. */
export const SHORT: readonly string[] = [
  'leader killed, restarted',
  'leaders of all partitions moved 6 times',
  'resets in mid-request and before answers',
  'control: the same without idempotence must double records',
  'answers to Produce corrupted',
]
