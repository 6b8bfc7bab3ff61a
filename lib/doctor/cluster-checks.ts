/** What the cluster says of itself, and whether it is so: its brokers at the addresses that they advertise, and a topic's leaders. */
import { concatMap, from, last, map, switchMap, take } from 'rxjs'
import type { Observable } from 'rxjs'
import { ConnectError } from '../errors'
import type { KafkaError } from '../errors'
import { MetadataRequest } from '../generated/messages/MetadataRequest'
import { MetadataResponse } from '../generated/messages/MetadataResponse'
import { request$ } from '../network/request'
import type { Address } from '../network/transport'
import { brokerError } from '../protocol/broker-error'
import type { Finding } from './finding'
import { connected, textOf } from './steps'
import { walk } from './walk'
import type { World } from './world'

const METADATA = { request: MetadataRequest, response: MetadataResponse }

/** Never makes the topic: the doctor leaves everything as it was. */
export function metadataFrom(address: Address, topic: string | undefined, world: World): Observable<MetadataResponse> {
  const request = { topics: topic === undefined ? [] : [{ name: topic }], allowAutoTopicCreation: false }
  return connected(address, world).pipe(
    switchMap((connection) => request$(connection, METADATA, request)),
    take(1),
  )
}

type Broker = MetadataResponse['brokers'][number]

/** One finding a broker: whether it is found where it says that it is. */
export function listeners({ brokers, clusterId }: MetadataResponse, world: World): Observable<Finding> {
  return from([...brokers].sort((a, b) => a.nodeId - b.nodeId)).pipe(
    concatMap((broker) =>
      walk(broker, clusterId === null ? world : { ...world, meant: { clusterId, nodeId: broker.nodeId } }).pipe(
        last(),
        map((finding) => asListener(finding, broker)),
      ),
    ),
  )
}

function asListener(finding: Finding, broker: Broker): Finding {
  const target = nameOf(broker)
  if (finding.type === 'passed') return { type: 'passed', step: 'listener', target, says: 'reached' }
  const { step, error, hint } = finding
  if (error.code === 'REBOOTSTRAP_REQUIRED') return { type: 'failed', step: 'listener', target, error, hint: ANOTHER }
  const isAddress = step === 'name' || step === 'TCP'
  return { type: 'failed', step: 'listener', target, error, hint: isAddress ? `${advertises(broker)} ${hint}` : hint }
}

const ANOTHER =
  'Another broker answers there, or one of another cluster: compare advertised.listeners of all brokers, and what stands between.'

const advertises = (broker: Broker): string =>
  `The broker itself tells clients to connect to ${textOf(broker)} (advertised.listeners), and records for what it leads go there: ` +
  'have it advertise an address that this machine reaches.'

export const nameOf = (broker: Broker): string => `broker ${String(broker.nodeId)} at ${textOf(broker)}`

/** The topic is there, each partition has a leader, and each leader was reached. */
export function topicFinding(topic: string, { topics, brokers }: MetadataResponse, unreachable: ReadonlySet<number>): Finding {
  const found = topics.find(({ name }) => name === topic)
  const failed = (error: KafkaError, hint: string): Finding => ({ type: 'failed', step: 'topic', target: topic, error, hint })
  const code = found?.errorCode ?? UNKNOWN_TOPIC
  if (found === undefined || code !== 0) return failed(brokerError(code, `Topic '${topic}'`), TOPIC_HINTS[code] ?? ASK_AGAIN)
  const leaderless = found.partitions.filter(({ leaderId }) => !brokers.some(({ nodeId }) => nodeId === leaderId))
  if (leaderless.length > 0) return failed(brokerError(LEADER_NOT_AVAILABLE, partitionsOf(topic, leaderless)), NO_LEADER)
  const lost = found.partitions.filter(({ leaderId }) => unreachable.has(leaderId))
  if (lost.length > 0)
    return failed(new ConnectError(`${partitionsOf(topic, lost)}: the leader cannot be reached`), 'See above what fails with its broker.')
  const count = found.partitions.length
  return {
    type: 'passed',
    step: 'topic',
    target: topic,
    says: `${String(count)} partition${count === 1 ? '' : 's'}, each with a leader that was reached`,
  }
}

const UNKNOWN_TOPIC = 3
const LEADER_NOT_AVAILABLE = 5

const ASK_AGAIN = 'Ask again in a while, and see the log of the broker.'
const TOPIC_HINTS: Readonly<Record<number, string>> = {
  [UNKNOWN_TOPIC]: 'Is the name spelt right? A principal that may not DESCRIBE a topic is told the same.',
  17: 'Compare the name with that of kafka-topics --list.',
  29: 'Compare with kafka-acls --list --topic, and with the principal that this login has.',
}
const NO_LEADER = 'Are the brokers that hold its replicas alive? See kafka-topics --describe --topic.'

const partitionsOf = (topic: string, partitions: readonly { readonly partitionIndex: number }[]): string =>
  `${topic}, partition ${partitions
    .map(({ partitionIndex }) => String(partitionIndex))
    .sort()
    .join(', ')}`
