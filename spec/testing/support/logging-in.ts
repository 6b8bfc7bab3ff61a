/** Logs in to a cluster as a client does, token by token. The client's half of SCRAM is written out here, apart from the broker's. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { SaslAuthenticateRequest } from '../../../lib/generated/messages/SaslAuthenticateRequest'
import { SaslAuthenticateResponse } from '../../../lib/generated/messages/SaslAuthenticateResponse'
import { SaslHandshakeRequest } from '../../../lib/generated/messages/SaslHandshakeRequest'
import { SaslHandshakeResponse } from '../../../lib/generated/messages/SaslHandshakeResponse'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { administrated } from './admin'
import { client } from './ask'

export const bytes = (text: string): Uint8Array => Buffer.from(text)

export const text = (token: Uint8Array): string => Buffer.from(token).toString()

/** `open`: nobody has to. */
export function loggingIn(options: TestClusterOptions | 'open' = {}) {
  const { time, cluster, ask } = administrated(options === 'open' ? {} : { users: { alice: 'secret', bob: 'pencil' }, ...options })
  const on = (asking: typeof ask) => ({
    handshake: (mechanism: string, version?: number) => asking(SaslHandshakeRequest, SaslHandshakeResponse, { mechanism }, version),
    authenticate: (token: string, version?: number) =>
      asking(SaslAuthenticateRequest, SaslAuthenticateResponse, { authBytes: bytes(token) }, version),
    metadata: () => asking(MetadataRequest, MetadataResponse, { topics: [] }, 12),
    isOpen: () => {
      time.advance(0)
      return asking.open
    },
  })
  const first = on(ask)
  const plain = (user = 'alice', password = 'secret', version?: number) => {
    first.handshake('PLAIN')
    return first.authenticate(`\0${user}\0${password}`, version)
  }
  return { time, cluster, ask, ...first, plain, another: () => on(client(cluster, { time })) }
}

export type Mechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

interface Secret {
  readonly mechanism: Mechanism
  readonly password: string
  /** The client's first message, without its header. */
  readonly bare: string
  /** The broker's. */
  readonly challenge: string
  readonly nonce?: string
}

/** The client's last message, and the answer by which the broker proves that it knows the password too. */
export function scramProof({ mechanism, password, bare, challenge, nonce }: Secret): {
  readonly final: string
  readonly signature: string
} {
  const [digest, length] = mechanism === 'SCRAM-SHA-256' ? (['sha256', 32] as const) : (['sha512', 64] as const)
  const { r = '', s = '', i = '' } = /^r=(?<r>[^,]*),s=(?<s>[^,]*),i=(?<i>\d+)$/.exec(challenge)?.groups ?? {}
  const hmac = (key: Uint8Array, message: string): Buffer => createHmac(digest, key).update(message).digest()
  const salted = pbkdf2Sync(password, Buffer.from(s, 'base64'), Number(i), length, digest)
  const unproved = `c=biws,r=${nonce ?? r}`
  const signed = `${bare},${challenge},${unproved}`
  const clientKey = hmac(salted, 'Client Key')
  const clientSignature = hmac(createHash(digest).update(clientKey).digest(), signed)
  const proof = clientKey.map((byte, at) => byte ^ (clientSignature[at] ?? 0))
  return {
    final: `${unproved},p=${Buffer.from(proof).toString('base64')}`,
    signature: `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`,
  }
}
