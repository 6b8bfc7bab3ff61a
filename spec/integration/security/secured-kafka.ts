/** A real Kafka that is reached in every way: listeners with and without TLS and SASL, right and wrong certificates, users and ACLs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka } from '../../../kafka/broker'
import { startHarness } from '../../../kafka/harness'
import type { Harness } from '../../../kafka/harness'
import { freePorts } from '../../../kafka/ports'
import { CreateAclsRequest } from '../../../lib/generated/messages/CreateAclsRequest'
import { CreateAclsResponse } from '../../../lib/generated/messages/CreateAclsResponse'
import { authority } from '../../support/certificates'
import type { Identity } from '../../support/certificates'
import { openRaw } from '../raw-connection'

/** By name, and what Kafka's security.protocol is there. */
export const LISTENERS = {
  plain: 'PLAINTEXT',
  tls: 'SSL',
  mtls: 'SSL',
  otherhost: 'SSL',
  expired: 'SSL',
  sasl: 'SASL_PLAINTEXT',
  sasltls: 'SASL_SSL',
  /** Sessions last 2 s. */
  short: 'SASL_PLAINTEXT',
} as const

export type ListenerName = keyof typeof LISTENERS
export type UserName = 'alice' | 'bob'

/** bob may write nothing. */
export const PASSWORDS: Readonly<Record<UserName, string>> = { alice: 'alice-s3cret', bob: 'bob-s3cret' }

export const SESSION_MS = 2000

/** What alice may write to. */
export const TOPIC = 'open'
export const ORDERS = 'orders'
export const CLOSED_TOPIC = 'closed'

export interface SecuredKafka {
  /** host:port, by a name that the certificates have. */
  readonly at: Readonly<Record<ListenerName, string>>
  /** Who signed the brokers' certificates. */
  readonly ca: string
  readonly otherCa: string
  readonly alice: Identity
  readonly stranger: Identity
  /** Kafka's own clients, at the listener where everything is allowed. */
  readonly java: Harness
  stop(): Promise<void>
}

const A_DAY = 86_400_000
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER']

export async function startSecuredKafka(): Promise<SecuredKafka> {
  const [ours, theirs] = [authority('Our authority'), authority('Another authority')]
  const folder = await mkdtemp(join(tmpdir(), 'kafkarx-secured-'))
  const over = { from: new Date(Date.now() - 2 * A_DAY), until: new Date(Date.now() - A_DAY) }
  await writeFile(join(folder, 'ca.pem'), ours.cert)
  const keystores = {
    broker: await store(folder, 'broker', ours.issue('broker', { hosts: ['localhost', '127.0.0.1'] })),
    otherhost: await store(folder, 'otherhost', ours.issue('broker', { hosts: ['kafka.example'] })),
    expired: await store(folder, 'expired', ours.issue('broker', { hosts: ['localhost'], ...over })),
  }
  const names = Object.keys(LISTENERS) as ListenerName[]
  const [controller = 0, ...ports] = await freePorts(names.length + 1)
  const at = Object.fromEntries(names.map((name, i) => [name, `localhost:${ports[i] ?? 0}`])) as SecuredKafka['at']
  const kafka = await startKafka({
    properties: { ...listening(at, controller), ...trusting(keystores, join(folder, 'ca.pem')), ...loggingIn, ...allowing },
    scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
      Object.entries(PASSWORDS).map(([user, password]) => `${mechanism}=[name=${user},password=${password}]`),
    ),
  })
  const java = await startHarness(at.plain)
  for (const topic of [TOPIC, ORDERS, CLOSED_TOPIC]) await java.createTopic({ topic, partitions: 1 })
  await allowWriting(at.plain)
  const stop = async () => {
    await java.stop()
    await kafka.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { at, ca: ours.cert, otherCa: theirs.cert, alice: ours.issue('alice'), stranger: theirs.issue('alice'), java, stop }
}

/** Kafka reads key and chain from one PEM file. */
async function store(folder: string, name: string, { cert, key }: Identity): Promise<string> {
  const file = join(folder, `${name}.pem`)
  await writeFile(file, key + cert)
  return file
}

const listening = (at: SecuredKafka['at'], controller: number): Readonly<Record<string, string>> => {
  const each = Object.entries(at).map(([name, address]) => `${name.toUpperCase()}://${address}`)
  return {
    listeners: [...each, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'advertised.listeners': each.join(','),
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'listener.security.protocol.map': [...Object.entries(LISTENERS), ['CONTROLLER', 'PLAINTEXT']]
      .map(([name = '', protocol]) => `${name.toUpperCase()}:${protocol}`)
      .join(','),
    'inter.broker.listener.name': 'PLAIN',
    'auto.create.topics.enable': 'false',
  }
}

const trusting = (
  keystores: Readonly<Record<'broker' | 'otherhost' | 'expired', string>>,
  ca: string,
): Readonly<Record<string, string>> => ({
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': keystores.broker,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': ca,
  'listener.name.otherhost.ssl.keystore.location': keystores.otherhost,
  'listener.name.otherhost.ssl.keystore.type': 'PEM',
  'listener.name.expired.ssl.keystore.location': keystores.expired,
  'listener.name.expired.ssl.keystore.type': 'PEM',
  'listener.name.mtls.ssl.client.auth': 'required',
  'ssl.principal.mapping.rules': 'RULE:^CN=(.*)$/$1/',
})

const users = Object.entries(PASSWORDS).map(([name, password]) => `user_${name}="${password}"`)
const security = 'org.apache.kafka.common.security'

const jaas: Readonly<Record<string, string>> = {
  PLAIN: `${security}.plain.PlainLoginModule required username="admin" password="admin" ${users.join(' ')};`,
  'SCRAM-SHA-256': `${security}.scram.ScramLoginModule required;`,
  'SCRAM-SHA-512': `${security}.scram.ScramLoginModule required;`,
  OAUTHBEARER: `${security}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="admin";`,
}

const loggingIn: Readonly<Record<string, string>> = Object.fromEntries([
  ['sasl.enabled.mechanisms', MECHANISMS.join(',')],
  ['listener.name.short.connections.max.reauth.ms', String(SESSION_MS)],
  ...(Object.keys(LISTENERS) as ListenerName[])
    .filter((name) => LISTENERS[name].startsWith('SASL'))
    .flatMap((name) =>
      MECHANISMS.map((mechanism) => [`listener.name.${name}.${mechanism.toLowerCase()}.sasl.jaas.config`, jaas[mechanism] ?? '']),
    ),
])

const allowing = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS;User:admin',
}

const TOPIC_RESOURCE = 2
const LITERAL = 3
const WRITE = 4
const DESCRIBE = 8
const ALLOW = 3

/** alice may write to her topics; bob may only see that the first is there. */
async function allowWriting(bootstrap: string): Promise<void> {
  using raw = await openRaw({ bootstrap })
  const allowed = { resourceType: TOPIC_RESOURCE, resourcePatternType: LITERAL, host: '*', permissionType: ALLOW }
  const creations = [
    { ...allowed, resourceName: TOPIC, principal: 'User:alice', operation: WRITE },
    { ...allowed, resourceName: ORDERS, principal: 'User:alice', operation: WRITE },
    { ...allowed, resourceName: TOPIC, principal: 'User:bob', operation: DESCRIBE },
  ]
  const { results } = await raw.ask({ request: CreateAclsRequest, response: CreateAclsResponse }, { creations })
  if (results.some(({ errorCode }) => errorCode !== 0)) throw new Error(`No ACL was made: ${JSON.stringify(results)}`)
}
