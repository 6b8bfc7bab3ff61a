/**
 * SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677) as Kafka's broker takes them. Names and passwords are not prepared (SASLprep),
 * there is no channel binding and what the client says of one is not looked at, extensions are ignored: all as in Kafka.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import type { Evaluated, SaslExchange } from './exchange'
import { OTHER_AUTHORIZATION } from './plain'

export const SCRAM = {
  'SCRAM-SHA-256': { digest: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { digest: 'sha512', bytes: 64 },
} as const

export type ScramMechanism = keyof typeof SCRAM

export const ITERATIONS = 4096

/** What a broker keeps of a password. */
export interface ScramCredential {
  readonly salt: Uint8Array
  readonly iterations: number
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

/** By mechanism and user. Made once for each: it takes some milliseconds. */
export type ScramCredentials = Map<string, ScramCredential>

export function scramCredential(mechanism: ScramMechanism, password: string, salt: Uint8Array): ScramCredential {
  const { digest, bytes } = SCRAM[mechanism]
  const salted = pbkdf2Sync(password, salt, ITERATIONS, bytes, digest)
  const storedKey = hash(mechanism, hmac(mechanism, salted, 'Client Key'))
  return { salt, iterations: ITERATIONS, storedKey, serverKey: hmac(mechanism, salted, 'Server Key') }
}

export interface ScramOptions {
  readonly mechanism: ScramMechanism
  credentialOf(user: string): ScramCredential | undefined
  /** What the broker adds to the client's nonce. */
  readonly nonce: string
}

const NAME = '(?:[\\x01-\\x2b\\x2d-\\x3c\\x3e-\\x7f]|=2C|=3D)+'
const NONCE = '[\\x21-\\x2b\\x2d-\\x7e]+'
const EXTENSIONS = '(?:,[A-Za-z]+=[\\x01-\\x2b\\x2d-\\x7f]+)*'
const BASE64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?'

const CLIENT_FIRST = new RegExp(`^n,(?:a=(?<authorization>${NAME}))?,(?<bare>n=(?<user>${NAME}),r=(?<nonce>${NONCE})${EXTENSIONS})$`)
const CLIENT_FINAL = new RegExp(`^(?<unproved>c=${BASE64},r=(?<nonce>${NONCE}))${EXTENSIONS},p=(?<proof>${BASE64})$`)

interface Begun {
  readonly user: string
  readonly nonce: string
  readonly credential: ScramCredential
  /** Both first messages, as they are signed. */
  readonly messages: string
}

export function scram(options: ScramOptions): SaslExchange {
  let begun: Begun | undefined
  return {
    evaluate: (token) => {
      const text = Buffer.from(token).toString()
      if (begun !== undefined) return finish(text, begun, options.mechanism)
      const first = begin(text, options)
      if ('type' in first) return first
      begun = first.begun
      return { type: 'challenge', token: Buffer.from(first.challenge) }
    },
  }
}

/** For what must not be told: there is no such user, or the message is none. */
const FAILED: Evaluated = { type: 'failed' }

function begin(
  text: string,
  { credentialOf, nonce: ours }: ScramOptions,
): { readonly begun: Begun; readonly challenge: string } | Evaluated {
  const { authorization, bare, user: name, nonce: theirs } = CLIENT_FIRST.exec(text)?.groups ?? {}
  if (bare === undefined || name === undefined || theirs === undefined) return FAILED
  const user = nameOf(name)
  const credential = credentialOf(user)
  if (credential === undefined) return FAILED
  if (authorization !== undefined && authorization !== user) return { type: 'failed', message: OTHER_AUTHORIZATION }
  const nonce = theirs + ours
  const challenge = `r=${nonce},s=${base64(credential.salt)},i=${String(credential.iterations)}`
  return { begun: { user, nonce, credential, messages: `${bare},${challenge}` }, challenge }
}

function finish(text: string, { user, nonce: agreed, credential, messages }: Begun, mechanism: ScramMechanism): Evaluated {
  const { unproved, nonce, proof } = CLIENT_FINAL.exec(text)?.groups ?? {}
  if (unproved === undefined || proof === undefined || nonce !== agreed) return FAILED
  const signed = `${messages},${unproved}`
  const clientKey = xor(Buffer.from(proof, 'base64'), hmac(mechanism, credential.storedKey, signed))
  if (!hash(mechanism, clientKey).equals(credential.storedKey)) return FAILED
  return { type: 'done', token: Buffer.from(`v=${base64(hmac(mechanism, credential.serverKey, signed))}`), principal: user }
}

const nameOf = (escaped: string): string => escaped.replaceAll('=2C', ',').replaceAll('=3D', '=')

const hmac = (mechanism: ScramMechanism, key: Uint8Array, text: string): Buffer =>
  createHmac(SCRAM[mechanism].digest, key).update(text).digest()

const hash = (mechanism: ScramMechanism, bytes: Uint8Array): Buffer => createHash(SCRAM[mechanism].digest).update(bytes).digest()

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] ?? 0))

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
