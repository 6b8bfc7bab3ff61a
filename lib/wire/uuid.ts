import { ProtocolError } from '../errors'

/** Kafka writes uuids as unpadded base64url text of their 16 bytes. */
export const ZERO_UUID = 'AAAAAAAAAAAAAAAAAAAAAA'
export const UUID_BYTES = 16

const TEXT_LENGTH = 22
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const DIGITS = new Map(Array.from(ALPHABET, (digit, value) => [digit.charCodeAt(0), value]))
/** The value of each digit by its character code, −1 for what is none. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => DIGITS.get(code) ?? -1)

/** The last that was read, and its text: the answers to a topic's requests have all the same, and the engine's codec is slow for so little. */
const last = { bytes: new Uint8Array(UUID_BYTES), text: ZERO_UUID }

export function uuidToText(bytes: Uint8Array, position = 0): string {
  if (position + UUID_BYTES > bytes.length) throw new ProtocolError('A uuid needs 16 bytes', position)
  if (!isLast(bytes, position)) {
    last.text = Buffer.from(bytes.buffer, bytes.byteOffset + position, UUID_BYTES).toString('base64url')
    last.bytes.set(bytes.subarray(position, position + UUID_BYTES))
  }
  return last.text
}

export function uuidFromText(text: string): Uint8Array {
  const bytes = new Uint8Array(UUID_BYTES)
  writeUuid(bytes, 0, text)
  return bytes
}

/** Digit by digit: topic ids are written with every request, and the engine's codec costs ten times as much for so little. */
export function writeUuid(bytes: Uint8Array, position: number, text: string): void {
  if (typeof text !== 'string' || text.length !== TEXT_LENGTH) refuse(text)
  let [bits, count] = [0, 0]
  for (let i = 0; i < TEXT_LENGTH; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1
    if (value < 0) refuse(text)
    bits = ((bits << 6) | value) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes[position++] = bits >>> count
  }
  // 22 digits hold 132 bits: the last four must be zero, or two texts would name one uuid.
  if ((bits & 0x0f) !== 0) refuse(text)
}

function refuse(text: unknown): never {
  throw new ProtocolError(`'${String(text)}' is not a uuid: it must be 22 base64url digits`)
}

function isLast(bytes: Uint8Array, position: number): boolean {
  for (let i = 0; i < UUID_BYTES; i++) if (bytes[position + i] !== last.bytes[i]) return false
  return true
}
