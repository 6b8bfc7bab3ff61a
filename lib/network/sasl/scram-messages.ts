/**
 * The messages and the arithmetic of SCRAM (RFC 5802, RFC 7677), without any state. Names and passwords are not prepared (SASLprep): Kafka
 * does not either, on both sides, and a password that only one side prepares does not fit.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export const SCRAM = {
  'SCRAM-SHA-256': { digest: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { digest: 'sha512', bytes: 64 },
} as const

export type ScramName = keyof typeof SCRAM

/** Fewer do not protect a password (RFC 7677). */
export const LEAST_ITERATIONS = 4096

/** Kafka's brokers take 16,384 at most; more than this is no protection any more but a way to keep a client busy. */
export const MOST_ITERATIONS = 1_000_000

/** What the broker answers to the first message. */
export interface Challenge {
  readonly nonce: string
  readonly salt: Uint8Array
  readonly iterations: number
}

/** `bare` is what will be signed. */
export interface FirstMessage {
  readonly bare: string
  readonly text: string
}

const NO_BINDING = 'n,,'

export function firstMessage(username: string, nonce: string): FirstMessage {
  const bare = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  return { bare, text: NO_BINDING + bare }
}

const CHALLENGE = /^r=(?<nonce>[\x21-\x2b\x2d-\x7e]+),s=(?<salt>[A-Za-z0-9+/]+={0,2}),i=(?<iterations>\d{1,9})(?:,.*)?$/

/** A text is what is wrong with it. */
export function readChallenge(text: string, ours: string): Challenge | string {
  const { nonce, salt, iterations } = CHALLENGE.exec(text)?.groups ?? {}
  if (nonce === undefined || salt === undefined) return 'its challenge is none of SCRAM'
  if (!nonce.startsWith(ours) || nonce.length === ours.length) return 'its challenge is not an answer to us: another nonce'
  const count = Number(iterations)
  if (count < LEAST_ITERATIONS) return `it asks for ${String(count)} iterations, and fewer than ${String(LEAST_ITERATIONS)} protect nothing`
  if (count > MOST_ITERATIONS) return `it asks for ${String(count)} iterations, and more than ${String(MOST_ITERATIONS)} are refused`
  return { nonce, salt: Buffer.from(salt, 'base64'), iterations: count }
}

interface Proven {
  /** Our last message. */
  readonly text: string
  /** What the broker must answer, for it knows the password too. */
  readonly signature: Uint8Array
}

export interface ProofInput {
  readonly mechanism: ScramName
  /** PBKDF2 of the password. */
  readonly salted: Uint8Array
  readonly first: FirstMessage
  /** The broker's challenge as it came. */
  readonly challenge: string
  readonly nonce: string
}

export function lastMessage({ mechanism, salted, first, challenge, nonce }: ProofInput): Proven {
  const { digest } = SCRAM[mechanism]
  const hmac = (key: Uint8Array, text: string): Buffer => createHmac(digest, key).update(text).digest()
  const unproved = `c=${Buffer.from(NO_BINDING).toString('base64')},r=${nonce}`
  const signed = `${first.bare},${challenge},${unproved}`
  const clientKey = hmac(salted, 'Client Key')
  const clientSignature = hmac(createHash(digest).update(clientKey).digest(), signed)
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (clientSignature[i] ?? 0)))
  return { text: `${unproved},p=${proof.toString('base64')}`, signature: hmac(hmac(salted, 'Server Key'), signed) }
}

/** Undefined: the broker has proved itself. Else what is wrong. */
export function problemWithProof(text: string, signature: Uint8Array): string | undefined {
  const { error, proof } = /^(?:e=(?<error>[^,]*)|v=(?<proof>[A-Za-z0-9+/]+={0,2}))(?:,.*)?$/.exec(text)?.groups ?? {}
  if (error !== undefined) return `it says: ${error}`
  if (proof === undefined) return 'its last message is none of SCRAM'
  const given = Buffer.from(proof, 'base64')
  const isRight = given.length === signature.length && timingSafeEqual(given, signature)
  return isRight ? undefined : 'it does not know the password: its signature is wrong'
}
