import { ProtocolError } from '../errors'

/** Up to this many characters a plain loop beats the call into the engine's codec. */
const SHORT = 24

const encoder = new TextEncoder()
/** `ignoreBOM` keeps a leading U+FEFF, which is a character like any other here. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of `bytes[from, to)`. */
export function utf8Text(bytes: Uint8Array, from: number, to: number): string {
  if (!isAscii(bytes, from, to)) return decode(bytes, from, to)
  if (to - from > SHORT) return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  let text = ''
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] ?? 0)
  return text
}

/** Writes `text` at `position`, where there is room for three bytes a character, and returns the position after it. */
export function writeUtf8(bytes: Uint8Array, position: number, text: string): number {
  if (text.length > SHORT) return position + encoder.encodeInto(text, bytes.subarray(position)).written
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return position + encoder.encodeInto(text, bytes.subarray(position)).written
    bytes[position + i] = code
  }
  return position + text.length
}

function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((bytes[i] ?? 0) > 0x7f) return false
  return true
}

function decode(bytes: Uint8Array, from: number, to: number): string {
  try {
    return decoder.decode(bytes.subarray(from, to))
  } catch {
    throw new ProtocolError('A string is not valid UTF-8', from)
  }
}
