import { ProtocolError } from '../errors'

/** Kafka writes uuids as unpadded base64url text of their 16 bytes. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'
export const UUID_BYTES = 16

/** 22 digits hold 132 bits: the last digit's low four bits must be zero, or two texts would name one uuid. */
const UUID_TEXT = /^[A-Za-z0-9_-]{21}[AQgw]$/

export function uuidToText(bytes: Uint8Array, position = 0): string {
  if (position + UUID_BYTES > bytes.length) throw new ProtocolError('A uuid needs 16 bytes', position)
  if (isZero(bytes, position)) return ZERO_UUID
  return Buffer.from(bytes.buffer, bytes.byteOffset + position, UUID_BYTES).toString('base64url')
}

export function uuidFromText(text: string): Uint8Array {
  if (!UUID_TEXT.test(text)) throw new ProtocolError(`'${text}' is not a uuid: it must be 22 base64url digits`)
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

function isZero(bytes: Uint8Array, position: number): boolean {
  for (let i = position; i < position + UUID_BYTES; i++) if (bytes[i] !== 0) return false
  return true
}
