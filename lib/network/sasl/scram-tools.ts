/** Chance and key stretching for SCRAM: off the event loop in real time, at once and from the seed in virtual time. */
import { pbkdf2, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Clock } from '../../time'
import { SCRAM } from './scram-messages'
import type { ScramTools } from './scram'

/** 144 bits. */
const NONCE_BYTES = 18

export function scramTools(clock: Clock): ScramTools {
  return clock.isScheduled
    ? { nonce: () => seededNonce(clock.random), salted: saltedAtOnce }
    : { nonce: freshNonce, salted: saltedElsewhere }
}

const freshNonce = (): string => randomBytes(NONCE_BYTES).toString('base64')

const seededNonce = (random: () => number): string =>
  Buffer.from(Array.from({ length: NONCE_BYTES }, () => Math.floor(random() * 256))).toString('base64')

const saltedAtOnce: ScramTools['salted'] = (password, { salt, iterations }, mechanism) =>
  pbkdf2Sync(password, salt, iterations, SCRAM[mechanism].bytes, SCRAM[mechanism].digest)

const saltedElsewhere: ScramTools['salted'] = (password, { salt, iterations }, mechanism) =>
  new Promise((resolve, reject) => {
    const { bytes, digest } = SCRAM[mechanism]
    pbkdf2(password, salt, iterations, bytes, digest, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
