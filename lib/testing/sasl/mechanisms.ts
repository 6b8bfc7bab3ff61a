/** Which mechanisms the brokers of a cluster speak, and who may log in with them. */
import type { ClusterState } from '../state/cluster-state'
import type { SaslExchange } from './exchange'
import { plain } from './plain'
import { scram, SCRAM, scramCredential } from './scram'
import type { ScramCredential, ScramMechanism } from './scram'

/** In the order in which Kafka names them. */
const SPOKEN = ['PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256'] as const

/** All that are spoken, unless sasl.enabled.mechanisms names some of them. */
export function mechanismsOf({ settings: { configs } }: ClusterState): readonly string[] {
  const enabled = configs['sasl.enabled.mechanisms']?.split(',')
  return enabled === undefined ? SPOKEN : SPOKEN.filter((mechanism) => enabled.includes(mechanism))
}

/** A login that begins. Undefined: the mechanism is not spoken. */
export function exchangeOf(cluster: ClusterState, mechanism: string): SaslExchange | undefined {
  const { users = {} } = cluster.settings
  if (!mechanismsOf(cluster).includes(mechanism)) return undefined
  if (!isScram(mechanism)) return plain(users)
  return scram({ mechanism, credentialOf: (user) => credentialOf(cluster, mechanism, user), nonce: nonceOf(cluster.clock.random) })
}

const isScram = (mechanism: string): mechanism is ScramMechanism => mechanism in SCRAM

function credentialOf(
  { settings, clock, scramCredentials }: ClusterState,
  mechanism: ScramMechanism,
  user: string,
): ScramCredential | undefined {
  const { users = {} } = settings
  const password = Object.hasOwn(users, user) ? users[user] : undefined
  if (password === undefined) return undefined
  const key = `${mechanism} ${user}`
  const known = scramCredentials.get(key) ?? scramCredential(mechanism, password, Buffer.from(nonceOf(clock.random)))
  scramCredentials.set(key, known)
  return known
}

/** 130 bits, as Kafka: digits of base 36. */
const NONCE_LENGTH = 26

const nonceOf = (random: () => number): string =>
  Array.from({ length: NONCE_LENGTH }, () => Math.floor(random() * 36).toString(36)).join('')
