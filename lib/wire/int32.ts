/** Single numbers in bytes that nobody else reads: a DataView for each would cost more than all else that is done with it. */

export const INT32_BYTES = 4

/** Big-endian. The caller has looked that the bytes are there. */
export function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}

/** Big-endian, by its lowest 32 bits. The caller has made room. */
export function putInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
